@echo off
rem Applies the TCP keep-alive profile packaging-line-4 to this machine.
rem
rem Sets all values by one import, reads back what the registry holds then, and puts back what was there where that is not what
rem it should be. What was there before the first change is recorded for uninstall.cmd. It is safe to run twice, and after a run
rem that was cut off. It needs only cmd.exe and regedit.exe of Windows 2000, or reg.exe, and no other file of this folder.
rem
rem Exit codes: 0 nothing to do; 3010 done, a restart puts it in force; 1 failed, nothing is changed; 2 wrong usage;
rem 5 not started as administrator.

setlocal EnableExtensions DisableDelayedExpansion
for %%V in (ERRORLEVEL RANDOM DATE TIME IMAGE) do set "%%V="
set "HERE=%~dp0"
set "SELF=install.cmd"
rem No message names the switch for help: echo would take it for its own.
if "%~1"=="" goto start
if "%~1"=="/?" if "%~2"=="" goto help
>&2 echo install.cmd takes no argument. Nothing is changed.
exit /b 2

:help
echo Applies the TCP keep-alive profile packaging-line-4 to this machine.
echo.
echo   install.cmd    as administrator
echo.
echo Sets under HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters:
echo   KeepAliveTime = 20000 milliseconds, 20 s
echo   KeepAliveInterval = 5000 milliseconds, 5 s
echo.
echo What was there before is recorded, and uninstall.cmd puts it back.
echo.
echo Exit codes: 0 nothing to do; 3010 done, a restart puts it in force; 1 failed, nothing is changed; 2 wrong usage;
echo 5 not started as administrator.
exit /b 0

:start
call :constants
call :begin
set "CODE=%errorlevel%"
if "%CODE%"=="0" call :locked install
if "%CODE%"=="0" set "CODE=%errorlevel%"
if "%CODE%"=="3010" echo Restart this machine to put it in force. Connections that are open keep their old times until then.
call :stay
exit /b %CODE%

:install
call :current NOW
if errorlevel 1 goto unread
call :announce KeepAliveTime "20 s"
call :announce KeepAliveInterval "5 s"
call :same NOW WANTED
if not errorlevel 1 goto nothing
if defined STRANGE goto unheld
call :records
if errorlevel 1 exit /b 1
if not defined IMAGE call :warn

rem The first install records what is there now. A later one, also of another version of the profile, leaves that record. What
rem it sets itself is noted before it is set: a run that is cut off between the two has changed nothing that is not known.
if defined FIRST call :save NOW before.reg
if defined FIRST if errorlevel 1 goto unrecorded
call :note WANTED
if errorlevel 1 goto unrecorded
call :put WANTED
if errorlevel 1 goto undo
echo What was there before is recorded in "%RECORD%\before.reg".
exit /b 3010

:announce
rem Says what the value %1 is, and where it is not what it should be, what it is to become. %2 is that in words.
call :held NOW %1
call set "TARGET=%%WANTED_%1%%"
if "%VALUE%"=="%TARGET%" goto asitshouldbe
echo %1 is %VALUE%, to become %TARGET%, %~2.
exit /b 0
:asitshouldbe
echo %1 is %VALUE%, %~2, as it should be.
exit /b 0

:nothing
echo Nothing to do.
exit /b 0

:undo
call :held AFTER KeepAliveTime
>&2 echo KeepAliveTime reads back as %VALUE% and not as dword:00004e20.
call :held AFTER KeepAliveInterval
>&2 echo KeepAliveInterval reads back as %VALUE% and not as dword:00001388.
call :put NOW
if errorlevel 1 goto stuck
call :unrecord
>&2 echo The values could not be set. All changes are undone.
>&2 echo Was this started as administrator, does a policy or a security program hold the key? %AT%
exit /b 1

:stuck
>&2 echo The values could not be set, and what was there could not be put back.
if defined IMAGE >&2 echo Start uninstall-offline.cmd with this image: "%RECORD%\before.reg" holds what was there before.
if not defined IMAGE >&2 echo Start uninstall.cmd, or import "%RECORD%\before.reg" with the registry editor: it holds what was there before.
exit /b 1

:unread
>&2 echo Cannot read this key. Nothing is changed: %AT%
exit /b 1

:unheld
>&2 echo %STRANGE% holds what this script cannot record exactly. Nothing is changed.
if exist "%HERE%install.ps1" >&2 echo Use "%HERE%install.ps1", which can.
>&2 echo Or export this key with the registry editor, keep that file, delete %STRANGE%, and start this again: %AT%
exit /b 1

:unrecorded
call :unrecord
>&2 echo What is there now cannot be recorded in "%RECORD%". Nothing is changed. Is the disk full, or is it read only?
exit /b 1

rem ---- what the scripts share that change something: the record, the lock, the import ----

:begin
rem 5: not an administrator. 1: this Windows says nothing of where programs keep their data, or has no tool for the registry.
rem Windows 2000 has no reg.exe, and without it nothing is asked here: a value that was not written is seen when it is read back.
call :tools
if errorlevel 1 exit /b 1
if exist "%REG%" "%REG%" query HKU\S-1-5-19 >nul 2>nul
if exist "%REG%" if errorlevel 1 goto notelevated
if "%STATE:~0,1%"=="\" goto nostate
exit /b 0
:notelevated
>&2 echo Not started as administrator. Nothing is changed. Open a command prompt with "Run as administrator" and start this again.
exit /b 5
:nostate
>&2 echo This Windows does not say where its programs keep their data: "%STATE%". Nothing is changed.
exit /b 1

:locked
rem Calls the label %1 while no other script of the kit can run on this machine: what it says is written into the file LOCK, which
rem nobody else can open for writing meanwhile, and is shown afterwards. A run that was killed leaves that file behind, closed.
rem It lies, as what is to be imported does, where only an administrator can make a folder: what any user could have made
rem beforehand could be changed before it is imported. The code is that of the label; 1: another script is running.
set "SCRATCH=%SystemRoot%\keepalive-kit"
set "LOCK=%SCRATCH%\lock.txt"
set "OPENED="
set "CODE=1"
if not exist "%SCRATCH%\" mkdir "%SCRATCH%" >nul 2>nul
if not exist "%SCRATCH%\" goto nofolder
call :take 2>nul
if not defined OPENED goto busy
set "OPENED="
>>"%LOCK%" call :inside %1
set "CODE=%errorlevel%"
if not defined OPENED goto busy
type "%LOCK%"
del /q "%LOCK%" >nul 2>nul
rmdir "%SCRATCH%" >nul 2>nul
exit /b %CODE%
:take
>"%LOCK%" call :mark
exit /b 0
:mark
set "OPENED=1"
echo %SELF% of the profile packaging-line-4, %DATE% %TIME%
exit /b 0
:inside
set "OPENED=1"
call :%1
set "CODE=%errorlevel%"
rem What is left of this run and of one that was killed. A note of somebody else in that folder stays.
for %%W in (current.reg put.reg plain.txt) do if exist "%SCRATCH%\%%W" del /q "%SCRATCH%\%%W" >nul 2>nul
for %%R in (before.reg.new installed.reg.new previous.reg.new) do if exist "%RECORD%\%%R" del /q "%RECORD%\%%R" >nul 2>nul
rmdir "%RECORD%" >nul 2>nul
rmdir "%STATE%" >nul 2>nul
exit /b %CODE%
:busy
>&2 echo Cannot write "%LOCK%". Nothing is changed.
rem What a file says is shown as it is: in a variable between percent signs it would be part of the command.
set "HOLDER="
if exist "%LOCK%" for /f "usebackq delims=" %%L in ("%LOCK%") do if not defined HOLDER >&2 echo It is held by: %%L& set "HOLDER=1"
>&2 echo Wait until the other script of the kit has ended, or make room on the disk, and start this again.
exit /b 1
:nofolder
>&2 echo Cannot make the folder "%SCRATCH%" for temporary files. Nothing is changed.
>&2 echo Is the disk full, or is it read only?
exit /b 1

:records
rem Reads what there is of the record. BEFORE, INSTALLED and PREVIOUS are then defined for the files that exist; FIRST where
rem nothing was recorded before this run. 1: it is damaged, or before.reg is gone.
for %%S in (BEFORE INSTALLED PREVIOUS FIRST) do set "%%S="
if exist "%RECORD%\before.reg" set "BEFORE=1"
if exist "%RECORD%\installed.reg" set "INSTALLED=1"
if exist "%RECORD%\previous.reg" set "PREVIOUS=1"
if not defined BEFORE if defined INSTALLED goto nobefore
if not defined BEFORE set "FIRST=1"
if defined BEFORE call :record BEFORE before.reg
if defined BEFORE if errorlevel 1 exit /b 1
if defined INSTALLED call :record INSTALLED installed.reg
if defined INSTALLED if errorlevel 1 exit /b 1
if defined PREVIOUS call :record PREVIOUS previous.reg
if defined PREVIOUS if errorlevel 1 exit /b 1
exit /b 0
:nobefore
>&2 echo "%RECORD%\before.reg" is gone, the record of what was there before. Nothing is changed.
>&2 echo Put it back; or delete "%RECORD%\installed.reg" too, and install.cmd records what is there then.
exit /b 1

:record
rem Reads into the set %1 the file %2 of the record, which has to name every value. 1: it is damaged, or newer than this script.
set "FILE=%RECORD%\%2"
set "ABOUT=%KEY%"
set "NEWER="
for /f "usebackq eol=[ tokens=1-3 delims== " %%A in ("%FILE%") do if "%%~A"==";keepalive-kit" if "%%~B"=="record" if not "%%~C"=="1" set "NEWER=1"
if defined NEWER goto newer
call :read %1 ?
if errorlevel 1 goto damaged
if not "%TOP%"=="Windows Registry Editor Version 5.00" goto damaged
if defined STRANGE goto damaged
exit /b 0
:newer
>&2 echo The record "%RECORD%\%2" was written by a newer version of keepalive-kit: use that one. Nothing is changed.
exit /b 1
:damaged
>&2 echo The record "%RECORD%\%2" is damaged. Nothing is changed.
>&2 echo It has to be a registry file about this key that names every value: %KEY%
>&2 echo If install.ps1 wrote it, use uninstall.ps1, which reads more forms of values than this script.
exit /b 1

:save
rem Writes the set %1 as the file %2 of the record: beside it, read back, and then moved. 1: it is not written.
if not exist "%RECORD%\" mkdir "%RECORD%" >nul 2>nul
set "FILE=%RECORD%\%2.new"
set "ABOUT=%KEY%"
call :write %1 %2 2>nul
call :read SAVED ?
if not errorlevel 1 call :same SAVED %1
if errorlevel 1 goto unsaved
if not "%TOP%"=="Windows Registry Editor Version 5.00" goto unsaved
move /y "%RECORD%\%2.new" "%RECORD%\%2" >nul 2>nul
if exist "%RECORD%\%2.new" goto unsaved
if exist "%RECORD%\%2" exit /b 0
:unsaved
del /q "%RECORD%\%2.new" >nul 2>nul
exit /b 1
:write
>"%RECORD%\%2.new" echo Windows Registry Editor Version 5.00
>>"%RECORD%\%2.new" echo.
>>"%RECORD%\%2.new" echo ;keepalive-kit record 1
>>"%RECORD%\%2.new" echo [%KEY%]
call set "VALUE=%%%1_KeepAliveTime%%"
>>"%RECORD%\%2.new" echo "KeepAliveTime"=%VALUE:'="%
call set "VALUE=%%%1_KeepAliveInterval%%"
>>"%RECORD%\%2.new" echo "KeepAliveInterval"=%VALUE:'="%
>>"%RECORD%\%2.new" echo.
exit /b 0

:note
rem Makes installed.reg say the set %1, and previous.reg what it said until now where that is another. 1: they are not written.
if not defined INSTALLED goto noted
call :same INSTALLED %1
if not errorlevel 1 exit /b 0
call :save INSTALLED previous.reg
if errorlevel 1 exit /b 1
:noted
call :save %1 installed.reg
exit /b %errorlevel%

:unrecord
rem Makes the record what it was before this run.
if defined FIRST goto forget
if defined INSTALLED call :save INSTALLED installed.reg
if not defined INSTALLED del /q "%RECORD%\installed.reg" >nul 2>nul
if defined PREVIOUS call :save PREVIOUS previous.reg
if not defined PREVIOUS del /q "%RECORD%\previous.reg" >nul 2>nul
exit /b 0

:forget
rem Removes the record. before.reg goes last: what is cut off in here can be run again.
for %%F in (previous.reg installed.reg before.reg) do if exist "%RECORD%\%%F" del /q "%RECORD%\%%F" >nul 2>nul
if exist "%RECORD%\before.reg" exit /b 1
exit /b 0

:put
rem Makes the registry hold the set %1 by one import, and reads it back: an import that skipped a line reports success all the
rem same. 1: the registry does not hold it. A value that is not held is left as it is.
if exist "%SCRATCH%\put.reg" del /q "%SCRATCH%\put.reg" >nul 2>nul
>"%SCRATCH%\put.reg" echo REGEDIT4
>>"%SCRATCH%\put.reg" echo.
>>"%SCRATCH%\put.reg" echo [%AT%]
call :entry %1 KeepAliveTime
call :entry %1 KeepAliveInterval
>>"%SCRATCH%\put.reg" echo.
if exist "%REG%" "%REG%" import "%SCRATCH%\put.reg" <nul >nul 2>nul
if not exist "%REG%" "%REGEDIT%" /s "%SCRATCH%\put.reg"
call :current AFTER
if errorlevel 1 exit /b 1
call :same AFTER %1
exit /b %errorlevel%
:entry
rem Text as bytes is written as version 4 of the format has it; the rest is the same there.
call set "VALUE=%%%1_%2%%"
if "%VALUE%"=="?" exit /b 0
for %%T in (1 2 7) do if "%VALUE:~0,7%"=="hex(%%T):" goto wide
>>"%SCRATCH%\put.reg" echo "%2"=%VALUE:'="%
exit /b 0
:wide
set "BYTES=%VALUE:~6%"
call :narrow
>>"%SCRATCH%\put.reg" echo "%2"=%VALUE:~0,7%%NARROW%
exit /b 0

:warn
rem Says what will undo the change or keep it from working, before it is made. Windows 2000 without reg.exe has none of these.
if not exist "%REG%" exit /b 0
call :filter uwfvol "the Unified Write Filter (UWF)" "uwfmgr filter disable"
call :filter ewf "the Enhanced Write Filter (EWF)" "ewfmgr %SystemDrive% -disable"
call :filter fbwf "the File-Based Write Filter (FBWF)" "fbwfmgr /disable"
set "POLICY="
for %%F in ("%ALLUSERSPROFILE%\ntuser.pol" "%SystemRoot%\System32\GroupPolicy\Machine\Registry.pol" "%SystemRoot%\Sysnative\GroupPolicy\Machine\Registry.pol" %SystemRoot%\security\templates\policies\*.*) do call :policy "%%~F"
if not defined POLICY exit /b 0
>&2 echo Warning: a policy sets KeepAliveTime ("%POLICY%") and writes it again at its next refresh.
>&2 echo Change it there: the policy is "MSS: (KeepAliveTime) How often keep-alive packets are sent".
exit /b 0
:filter
rem A driver that is installed and not disabled (start type 4) may be on; which volumes it protects only its own tool knows.
set "START="
"%REG%" query "HKLM\SYSTEM\CurrentControlSet\Services\%1" /v Start >"%SCRATCH%\plain.txt" 2>nul
for /f "usebackq tokens=1-3" %%A in ("%SCRATCH%\plain.txt") do if /i "%%A"=="Start" set "START=%%C"
if not defined START exit /b 0
if /i "%START%"=="0x4" exit /b 0
>&2 echo Warning: %~2 seems to be on: then this change and its record are gone at the next start.
>&2 echo First switch it off with %~3 and restart; start this again; then switch it on again.
exit /b 0
:policy
rem These files are UTF-16 without a mark at its begin: a dot of the pattern stands for the byte between two letters.
if not exist %1 exit /b 0
"%SystemRoot%\System32\findstr.exe" /m /i /r "K.e.e.p.A.l.i.v.e.T.i.m.e" %1 >nul 2>nul
if not errorlevel 1 set "POLICY=%~1"
exit /b 0

rem ---- what every script of this folder shares: reading the registry ----
rem
rem A value is held in a variable as a .reg file has it behind the equals sign, with ' in place of " so that it is harmless
rem between quotation marks: dword:00004e20, 'text', hex(b):20,4e,... and - where it is absent. A ? is a value that this
rem script cannot give back exactly: text with other characters than letters, digits, space and . , : _ / - or bytes that
rem are text beyond ASCII.
rem
rem A set of values is named by the prefix of its variables: NOW, AFTER, WANTED, DEFAULTS, BEFORE, INSTALLED, PREVIOUS.

:constants
rem KEY is the key as a running Windows knows it; AT is where it lies now, which is elsewhere for an image.
set "KEY=HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
set "AT=%KEY%"
set "WANTED_KeepAliveTime=dword:00004e20"
set "DEFAULTS_KeepAliveTime=-"
set "INSTALLED_KeepAliveTime="
set "PREVIOUS_KeepAliveTime="
set "WANTED_KeepAliveInterval=dword:00001388"
set "DEFAULTS_KeepAliveInterval=-"
set "INSTALLED_KeepAliveInterval="
set "PREVIOUS_KeepAliveInterval="
set "STATE=%ProgramData%\keepalive-kit"
set "RECORD=%STATE%\packaging-line-4"
set "REG=%SystemRoot%\System32\reg.exe"
set "REGEDIT=%SystemRoot%\regedit.exe"
exit /b 0

:tools
rem 1: there is nothing here that reads and writes the registry.
if exist "%REG%" exit /b 0
if exist "%REGEDIT%" exit /b 0
>&2 echo Neither "%REG%" nor "%REGEDIT%" is on this Windows. Nothing is changed. Put one of them there.
exit /b 1

:current
rem Reads into the set %1 what the registry holds. 1: it cannot be read. A disk that is full can cut an export off, so that
rem reg.exe is asked once more for a value that does not stand in it.
set "FILE=%SCRATCH%\current.reg"
set "ABOUT=%AT%"
if exist "%SCRATCH%\current.reg" del /q "%SCRATCH%\current.reg" >nul 2>nul
rem reg.exe would ask whether to write over it, and wait for an answer.
if exist "%SCRATCH%\current.reg" exit /b 1
if not exist "%REG%" goto byregedit
"%REG%" export "%AT%" "%SCRATCH%\current.reg" <nul >nul 2>nul
if errorlevel 1 exit /b 1
call :read %1 -
if errorlevel 1 exit /b 1
call :absent %1 KeepAliveTime
if errorlevel 1 exit /b 1
call :absent %1 KeepAliveInterval
if errorlevel 1 exit /b 1
exit /b 0
:byregedit
"%REGEDIT%" /e "%SCRATCH%\current.reg" "%AT%"
call :read %1 -
exit /b %errorlevel%

:absent
rem 1: the set %1 says that %2 is absent, and it is not.
call set "VALUE=%%%1_%2%%"
if not "%VALUE%"=="-" exit /b 0
"%REG%" query "%AT%" /v %2 >nul 2>nul
if errorlevel 1 exit /b 0
exit /b 1

:read
rem Reads into the set %1 the values of the key ABOUT in the .reg file FILE; %2 stands for a value that is not there.
rem STRANGE is then the name of a value that is not held. 1: this is no .reg file, or its first key is another.
rem An export is UTF-16, which for cannot read and type turns into plain text. The file itself is read too, behind that, for
rem a cmd whose type does not. The keys below ours, which an export contains, are left out.
set "STRANGE="
set "TOP="
set "SECTION="
set "BELOW="
set "MORE="
set "RAW_KeepAliveTime=%2"
set "REST_KeepAliveTime="
set "RAW_KeepAliveInterval=%2"
set "REST_KeepAliveInterval="
if not exist "%FILE%" exit /b 1
if exist "%SCRATCH%\plain.txt" del /q "%SCRATCH%\plain.txt" >nul 2>nul
if exist "%SCRATCH%\plain.txt" exit /b 1
type "%FILE%" >"%SCRATCH%\plain.txt" 2>nul
if not exist "%SCRATCH%\plain.txt" exit /b 1
for /f "usebackq tokens=1,2,* delims=\=" %%A in ("%SCRATCH%\plain.txt" "%FILE%") do (
  if not defined TOP set "TOP=%%A"
  if "%%~A"=="[HKEY_LOCAL_MACHINE" if defined SECTION set "BELOW=1"
  if "%%~A"=="[HKEY_LOCAL_MACHINE" if not defined SECTION set "SECTION=%%A\%%B\%%C"
  if defined MORE set "LINE=%%A"
  if defined MORE call :continue
  if not defined BELOW if /i "%%~A"=="KeepAliveTime" if /i %%A=="KeepAliveTime" set "RAW_KeepAliveTime=%%B"
  if not defined BELOW if /i "%%~A"=="KeepAliveTime" if /i %%A=="KeepAliveTime" set "REST_KeepAliveTime=%%C"
  if not defined BELOW if /i "%%~A"=="KeepAliveTime" if /i %%A=="KeepAliveTime" call :open KeepAliveTime
  if not defined BELOW if /i "%%~A"=="KeepAliveInterval" if /i %%A=="KeepAliveInterval" set "RAW_KeepAliveInterval=%%B"
  if not defined BELOW if /i "%%~A"=="KeepAliveInterval" if /i %%A=="KeepAliveInterval" set "REST_KeepAliveInterval=%%C"
  if not defined BELOW if /i "%%~A"=="KeepAliveInterval" if /i %%A=="KeepAliveInterval" call :open KeepAliveInterval
)
if not defined SECTION exit /b 1
set "SECTION=%SECTION:"='%"
if /i not "%SECTION%"=="[%ABOUT%]" exit /b 1
set "TOP=%TOP:"='%"
if not defined RAW_KeepAliveTime set "RAW_KeepAliveTime=?"
if defined REST_KeepAliveTime set "RAW_KeepAliveTime=?"
set "VALUE=%RAW_KeepAliveTime:"='%"
call :hold
if errorlevel 1 set "STRANGE=KeepAliveTime"
set "%1_KeepAliveTime=%VALUE%"
if not defined RAW_KeepAliveInterval set "RAW_KeepAliveInterval=?"
if defined REST_KeepAliveInterval set "RAW_KeepAliveInterval=?"
set "VALUE=%RAW_KeepAliveInterval:"='%"
call :hold
if errorlevel 1 set "STRANGE=KeepAliveInterval"
set "%1_KeepAliveInterval=%VALUE%"
exit /b 0

:open
rem MORE is the name %1 where its bytes go on in the next line: they end in a comma. A quotation mark is replaced before anything
rem else, so that no text of the registry can end one of this script.
set "MORE="
if not defined RAW_%1 set "RAW_%1=?"
if "%1"=="KeepAliveTime" set "VALUE=%RAW_KeepAliveTime:"='%"
if "%1"=="KeepAliveInterval" set "VALUE=%RAW_KeepAliveInterval:"='%"
if not "%VALUE:~0,3%"=="hex" exit /b 0
if not "%VALUE:~-1%"=="," exit /b 0
set "RAW_%1=%VALUE%"
set "MORE=%1"
exit /b 0

:continue
rem Adds the bytes in LINE to the value MORE, as long as it goes on. Such a line begins with two spaces.
set "LINE=%LINE:"='%"
if not "%LINE:~0,2%"=="  " goto cutoff
call set "VALUE=%%RAW_%MORE%%%"
set "RAW_%MORE%=%VALUE%%LINE:~2%"
call :open %MORE%
exit /b 0
:cutoff
set "MORE="
exit /b 0

:hold
rem Makes VALUE a ? unless it is of a form that this script can give back exactly. 1: it is a ? now.
if "%VALUE%"=="-" exit /b 0
if "%VALUE:~-1%"=="," goto strange
set "LETTERS=x%VALUE%"
if not "%VALUE:~0,4%"=="hex(" goto plain
set "KIND="
set "BYTES="
for /f "tokens=1,2,* delims=()" %%A in ("%VALUE%") do (
  set "KIND=%%B"
  set "BYTES=%%C"
)
set "LETTERS=x%KIND%%BYTES%"
if not "hex(%KIND%)%BYTES%"=="%VALUE%" goto strange
if not "%BYTES:~0,1%"==":" goto strange
set "TEXT="
for %%T in (1 2 7) do if "%KIND%"=="%%T" set "TEXT=1"
if defined TEXT call :narrow
if defined TEXT if errorlevel 1 goto strange
:plain
set "LETTERS=%LETTERS:'=%"
set "ODD="
for /f "delims=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:_/- " %%A in ("%LETTERS%") do set "ODD=1"
if defined ODD goto strange
if "%VALUE:~0,3%"=="hex" exit /b 0
if "%VALUE%"=="'%LETTERS:~1%'" exit /b 0
rem A DWORD has eight digits, and so nothing stands between it and the letters that are put behind it.
set "TAIL=%VALUE%xxxxxxxxxxxxxx"
if "%VALUE:~0,6%"=="dword:" if "%TAIL:~14%"=="xxxxxxxxxxxxxx" exit /b 0
:strange
set "VALUE=?"
exit /b 1

:narrow
rem Sets NARROW to the text bytes in BYTES, :32,00,30,00 in UTF-16, as a file of the older version 4 has them: :32,30. For
rem only such a file can be written by cmd.exe. 1: that is not the same text, since it is not ASCII or has no end.
set "NARROW="
set "REST=%BYTES:~1%"
if not defined REST exit /b 0
if not "%REST:~-5%"=="00,00" exit /b 1
:pair
for /f "tokens=1,2,* delims=," %%A in ("%REST%") do (
  set "LOW=%%A"
  set "HIGH=%%B"
  set "REST=%%C"
)
if not "%HIGH%"=="00" exit /b 1
for %%D in (8 9 a b c d e f) do if "%LOW:~0,1%"=="%%D" exit /b 1
set "NARROW=%NARROW%,%LOW%"
if defined REST goto pair
set "NARROW=%NARROW:~1%"
exit /b 0

:same
rem 0: the sets %1 and %2 hold the same values; 1: they do not.
call set "ONE=%%%1_KeepAliveTime%%"
call set "OTHER=%%%2_KeepAliveTime%%"
if not "%ONE%"=="%OTHER%" exit /b 1
call set "ONE=%%%1_KeepAliveInterval%%"
call set "OTHER=%%%2_KeepAliveInterval%%"
if not "%ONE%"=="%OTHER%" exit /b 1
exit /b 0

:held
rem Says the value of %2 in the set %1.
call set "VALUE=%%%1_%2%%"
if "%VALUE%"=="-" set "VALUE=absent"
if "%VALUE%"=="?" set "VALUE=something that this script cannot read"
exit /b 0

:stay
rem Waits for a key where Explorer started this and its window would go at once: by a double-click, whose command line ends in
rem the script's name, '" "', or by "Run as administrator", where it ends in the name, '" '. Nothing else ends in a space.
set "STARTED=x%CMDCMDLINE:"='%x"
rem A cmd that knows no such variable leaves its quotation mark there.
set "STARTED=%STARTED:"='%"
call set "STARTED=%%STARTED:*\%SELF%=%%"
if "%STARTED%"=="' 'x" pause
if "%STARTED%"=="' x" pause
exit /b 0
