@echo off
goto begin

:help
echo Takes the TCP keep-alive profile packaging-line-4 back from this machine.
echo.
echo   uninstall.cmd              as administrator; puts back the values of before the first install, and removes the record
echo   uninstall.cmd /previous    puts back the profile that was installed before this one
echo   uninstall.cmd /defaults    removes the values, so that Windows uses its own
echo.
echo If another profile is installed, or somebody set a value by hand, the script says so and changes nothing; with /force behind
echo any of these, it goes back all the same. It imports values and record with one file and reads both back; if they are not as
echo they should be, it puts back what was there. It is safe to run twice, and again after a run that was cut off.
echo.
echo Exit codes: 0 nothing to do; 3010 done, a restart puts it in force; 4 done, but the policy or write filter that is named
echo overrules it; 1 failed, nothing is changed; 2 wrong usage; 5 not started as administrator.
exit /b 0

:begin
setlocal EnableExtensions DisableDelayedExpansion
for %%V in (ERRORLEVEL RANDOM DATE TIME WAY FORCE) do set "%%V="
set "SELF=uninstall.cmd"
set "PROFILE=packaging-line-4"
set "KEY=HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
set "RECORD=HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\keepalive-kit"
set "PROFILES=Profile PreviousProfile"
set "VALUES=KeepAliveTime KeepAliveInterval "
set "WANTED=+dword:00004e20+dword:00001388"
set "DEFAULTS=+absent+absent"
set "DONE=Restart this machine to put it in force. Connections that are open keep their old times until then."
set "REG=%SystemRoot%\System32\reg.exe"
set "REGEDIT=%SystemRoot%\regedit.exe"
if "%~1"=="/?" if "%~2"=="" goto help
:argument
if "%~1"=="" goto start
call :option "%~1"
if errorlevel 1 goto usage
shift
goto argument

:usage
>&2 echo uninstall.cmd takes one of /previous and /defaults at most, and /force. Nothing is changed.
exit /b 2

:start
call :alone uninstall
set "CODE=%errorlevel%"
goto stay

:option
rem Reads an argument into WAY and FORCE. 1: it is unknown, or a second way.
if /i %1=="/force" set "FORCE=1"
if /i %1=="/force" exit /b 0
if defined WAY exit /b 1
for %%W in (previous defaults) do if /i %1=="/%%W" set "WAY=%%W"
if not defined WAY exit /b 1
exit /b 0

:uninstall
call :state
if errorlevel 1 exit /b 1
if not defined WAY set "WAY=beginning"
if "%WAY%"=="previous" if not defined PREVIOUS (>&2 echo No profile is recorded as installed before this one. Nothing is changed.& exit /b 1)
if "%WAY%"=="beginning" if not defined RECORDED goto norecord
if not defined FORCE if not "%NAME%"=="absent" if not "%NAME%"=="'%PROFILE%'" goto other
set "TO=absent"
set "GOAL=%DEFAULTS%"
if "%WAY%"=="previous" set "GOAL=%PREVIOUS%"
if "%WAY%"=="beginning" set "GOAL=%BEFORE%"
call :plan
if errorlevel 1 exit /b 1
if defined EDITED if not defined FORCE (>&2 echo Somebody set%EDITED% by hand. Nothing is changed. With /force, %SELF% changes all as it says.& exit /b 1)
set "MAKE=beginning"
set "AIM=%BEFORE%;;absent;%BEFORE%;;absent;"
if "%WAY%"=="previous" set "MAKE=previous"
if "%WAY%"=="previous" set "AIM=%PREVIOUS%;dword:00000001;%OLDNAME%;%BEFORE%;%PREVIOUS%;absent;"
if "%WAY%"=="defaults" goto advance
goto change
:norecord
if "%NOW%"=="%WANTED%" (>&2 echo The values of this profile are set, but no record says what was there before. %SELF% /defaults removes them.& exit /b 1)
echo There is no record, so there is nothing to undo.
exit /b 0
:other
>&2 echo The profile %NAME% is installed, not '%PROFILE%'. Nothing is changed. With /force, %SELF% goes back all the same.
exit /b 1
:previous
call :section "%KEY%" "%PREVIOUS%" %VALUES%
call :section "%RECORD%" "+absent+%OLDNAME%" %PROFILES%
call :section "%RECORD%\installed" "%PREVIOUS%" %VALUES%
call :section "%RECORD%" "+%OLDNAME%+absent" %PROFILES%
call :section "%RECORD%\previous"
exit /b 0

:alone
rem Calls the label %1 while no other script of the kit runs: its messages go through a file that nobody else can open for writing
rem meanwhile. Only an administrator can make the folder of that file. The letter l marks a link.
if exist "%REG%" "%REG%" query HKU\S-1-5-19 >nul 2>nul
if exist "%REG%" if errorlevel 1 (>&2 echo Nothing is changed. Open a command prompt with "Run as administrator", and start this again.& exit /b 5)
set "WORK=%SystemRoot%\keepalive-kit"
set "OPENED="
set "KIND=l"
if not exist "%WORK%\" mkdir "%WORK%" >nul 2>nul
if exist "%WORK%\" for %%F in ("%WORK%") do set "KIND=%%~aF"
if "%KIND:l=%"=="%KIND%" >"%WORK%\lock.txt" call :inside %1
set "CODE=%errorlevel%"
if defined OPENED type "%WORK%\lock.txt"
if defined OPENED del /q "%WORK%\lock.txt" >nul 2>nul
if defined OPENED rmdir "%WORK%" >nul 2>nul
if defined OPENED exit /b %CODE%
>&2 echo Cannot write lock.txt in "%WORK%". Nothing is changed. Is the disk full, or the folder a link? Or does this script run:
if exist "%WORK%\lock.txt" for /f "usebackq delims=" %%L in ("%WORK%\lock.txt") do >&2 echo %%L
exit /b 1
:inside
set "OPENED=1"
set "KEEP="
echo %SELF% of the profile %PROFILE%, %DATE% %TIME%
call :%1
set "CODE=%errorlevel%"
for %%F in (read.reg plain.txt do.reg) do if exist "%WORK%\%%F" del /q "%WORK%\%%F" >nul 2>nul
if not defined KEEP if exist "%WORK%\undo.reg" del /q "%WORK%\undo.reg" >nul 2>nul
exit /b %CODE%

:state
rem Reads the values, NOW, and the record: RECORDED is its format, if there is one; BEFORE, INSTALLED and PREVIOUS are its values,
rem NAME and OLDNAME its profiles. STATE is all of it. 1: something cannot be read.
for %%V in (RECORDED BEFORE INSTALLED PREVIOUS UNREAD) do set "%%V="
call :read NOW "%KEY%" %VALUES%
if not defined NOW call :unread
call :read HEAD "%RECORD%" Record %PROFILES%
for /f "tokens=1-3 delims=+" %%A in ("%HEAD%") do (
  if not "%%A"=="absent" set "RECORDED=%%A"
  set "NAME=%%B"
  set "OLDNAME=%%C"
)
if not defined RECORDED for %%V in (NAME OLDNAME) do set "%%V=absent"
if not defined RECORDED set "BEFORE=%NOW%"
if defined RECORDED for %%S in (before installed previous) do call :read %%S "%RECORD%\%%S" %VALUES%
if defined UNREAD exit /b 1
if defined RECORDED if not "%RECORDED%"=="dword:00000001" set "BEFORE="
if not defined BEFORE (>&2 echo The record is damaged, or of a newer keepalive-kit. Nothing is changed. Use that one, or delete %RECORD%.& exit /b 1)
rem A run that was killed can leave the values of a previous profile without its name.
if "%OLDNAME%"=="absent" if not "%PREVIOUS%"=="%DEFAULTS%" set "PREVIOUS="
set "STATE=%NOW%;%RECORDED%;%NAME%;%BEFORE%;%INSTALLED%;%OLDNAME%;%PREVIOUS%"
exit /b 0

:plan
rem Says what each value becomes by GOAL. EDITED are those that somebody set by hand. 1: one could not be written again.
set "EDITED="
for /f "tokens=1-10 delims=+" %%A in ("%NOW%%GOAL%%BEFORE%%INSTALLED%%PREVIOUS%") do (
  call :each KeepAliveTime "%%A" "%%C" "%%E" "%%G" "%%I"
  call :each KeepAliveInterval "%%B" "%%D" "%%F" "%%H" "%%J"
)
if "%NOW%%GOAL%"=="%NOW:unreadable=%%GOAL:unreadable=%" exit /b 0
>&2 echo This script could not write that value again. Nothing is changed. Use the PowerShell script, or delete the value by hand.
exit /b 1
:each
set "BECOMES= and becomes %~3"
if %2==%3 set "BECOMES="
echo %1 is %~2%BECOMES%.
if %2==%3 exit /b 0
if not %2==%4 if not %2=="%~5" if not %2=="%~6" set "EDITED=%EDITED% %1"
exit /b 0

:advance
rem Installs GOAL as the profile TO. What was installed becomes the previous one, unless it is the same, or has values but no name,
rem as a killed run can leave it.
if "%NOW%%NAME%%INSTALLED%"=="%GOAL%%TO%%GOAL%" (echo Nothing to do.& exit /b 0)
if "%NOW%%RECORDED%"=="%GOAL%" (echo Nothing to do.& exit /b 0)
if defined EDITED echo This replaces a value that somebody set by hand:%EDITED%.
set "MAKE=forward"
set "WAS=%NAME%%INSTALLED%"
if "%NAME%"=="absent" if not "%INSTALLED%"=="%DEFAULTS%" set "WAS=%TO%%GOAL%"
set "TOOLD=%OLDNAME%"
set "TOPREVIOUS=%PREVIOUS%"
if not "%WAS%"=="%TO%%GOAL%" set "TOOLD=%NAME%"
if not "%WAS%"=="%TO%%GOAL%" set "TOPREVIOUS=%INSTALLED%"
set "AIM=%GOAL%;dword:00000001;%TO%;%BEFORE%;%GOAL%;%TOOLD%;%TOPREVIOUS%"

:change
rem Imports the file that the label MAKE writes, and reads back whether all is as AIM says: an import that skips a line reports no
rem error. If not, imports the state of before, which is written first, so that a full disk stops nothing halfway.
call :overruled
set "FIRST=%NOW%"
set "START=%STATE%"
set "CUT="
if defined RECORDED call :write undo restore
if not defined RECORDED call :write undo beginning
call :write do %MAKE%
if defined CUT (>&2 echo Cannot write "%WORK%\do.reg" and undo.reg. Nothing is changed. Is the disk full?& exit /b 1)
call :import do
call :state
if not "%STATE%"=="%AIM%" goto undo
if "%FIRST%"=="%GOAL%" exit /b 0
echo %DONE%
if defined OVERRULED exit /b 4
exit /b 3010
:undo
>&2 echo The values or the record read back wrong: %STATE%
call :import undo
call :state
if "%STATE%"=="%START%" (>&2 echo All changes are undone. Does a policy or a security program hold the key?& exit /b 1)
set "KEEP=1"
>&2 echo This could not be undone. Import "%WORK%\undo.reg" with the registry editor: it holds what was there before.
exit /b 1
:import
if exist "%REG%" "%REG%" import "%WORK%\%1.reg" <nul >nul 2>nul
if not exist "%REG%" "%REGEDIT%" /s "%WORK%\%1.reg"
exit /b 0
:write
rem Writes the import file %1.reg by the label %2. CUT: it is not whole.
set "LAST=x"
>"%WORK%\%1.reg" call :whole %2
if exist "%WORK%\%1.reg" for /f "usebackq eol=# delims=" %%L in ("%WORK%\%1.reg") do set "LAST=%%L"
if not "%LAST:"='%"==";whole" set "CUT=1"
exit /b 0
:whole
echo REGEDIT4
call :%1
echo ;whole
exit /b 0

rem The import files. After each line of each, every value that is set is one of the record's, and before is whole if Record is 1.
:forward
if not defined RECORDED call :section "%RECORD%"
if not defined RECORDED call :section "%RECORD%\before" "%BEFORE%" %VALUES%
call :section "%RECORD%\previous" "%TOPREVIOUS%" %VALUES%
call :section "%RECORD%" "+absent+%TOOLD%" %PROFILES%
call :section "%RECORD%\installed" "%GOAL%" %VALUES%
call :section "%RECORD%" "+%TO%+%TOOLD%" %PROFILES%
if not defined RECORDED echo "Record"=dword:00000001
call :section "%KEY%" "%GOAL%" %VALUES%
exit /b 0
:beginning
call :section "%KEY%" "%BEFORE%" %VALUES%
call :section "%RECORD%" +absent+absent Record Profile
call :section "%RECORD%"
exit /b 0
:restore
call :section "%RECORD%\before" "%BEFORE%" %VALUES%
call :section "%RECORD%" "+%NAME%+%OLDNAME%" %PROFILES%
echo "Record"=dword:00000001
call :section "%KEY%" "%NOW%" %VALUES%
call :section "%RECORD%\previous" "%PREVIOUS%" %VALUES%
call :section "%RECORD%\installed" "%INSTALLED%" %VALUES%
exit /b 0
:section
rem The key %1 with the set %2 as its values %3 and %4. Without a set, the key is deleted.
if "%~2"=="" (echo [-%~1]& exit /b 0)
set "PAIR=%~2"
if not "%PAIR:unreadable=%"=="%PAIR%" exit /b 0
echo [%~1]
for /f "tokens=1,2 delims=+" %%A in ("%PAIR:+absent=+-%") do (
  set "ONE=%%A"
  set "TWO=%%B"
)
echo "%3"=%ONE:'="%
echo "%4"=%TWO:'="%
exit /b 0

:overruled
rem Warns of a write filter that is on, and of a policy for KeepAliveTime if that is not as in GOAL. OVERRULED is then set.
set "OVERRULED="
if not exist "%REG%" exit /b 0
if exist "%WORK%\plain.txt" del /q "%WORK%\plain.txt" >nul 2>nul
for %%K in (uwfvol\Parameters\Static\Copy0 uwfvol\Parameters\Static\Copy1 ewf\Parameters\Protected fbwf) do "%REG%" query "HKLM\SYSTEM\CurrentControlSet\Services\%%K" >>"%WORK%\plain.txt" 2>nul
for /f "usebackq tokens=1-3" %%A in ("%WORK%\plain.txt") do (
  if "%%A-%%C"=="UWFEnabled-0x1" set "OVERRULED=uwfmgr filter disable"
  if "%%A"=="Start" if not "%%C"=="0x4" set "OVERRULED=fbwfmgr /disable"
)
for /f "usebackq tokens=5,8 delims=\" %%A in ("%WORK%\plain.txt") do if "%%A"=="ewf" if not "%%B"=="" set "OVERRULED=ewfmgr %SystemDrive% -disable"
if defined OVERRULED >&2 echo Warning: a write filter is on, so the change is gone at the next start. Type %OVERRULED%, restart, and start this again.
for /f "tokens=1,3 delims=+" %%A in ("%NOW%%GOAL%") do if "%%A"=="%%B" exit /b 0
rem Any user can make a file ntuser.pol; Group Policy made it only if it has a history of values in the registry.
"%REG%" query "HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\History\{35378EAC-683F-11D2-A89A-00C04FBBCFA2}" >nul 2>nul
if not errorlevel 1 if exist "%ALLUSERSPROFILE%\ntuser.pol" call :policy "%ALLUSERSPROFILE%\ntuser.pol"
for %%F in ("%SystemRoot%\System32\GroupPolicy\Machine\Registry.pol" "%SystemRoot%\Sysnative\GroupPolicy\Machine\Registry.pol" %SystemRoot%\security\templates\policies\*.*) do if exist "%%~F" call :policy "%%~F"
"%REG%" query "HKLM\SOFTWARE\Microsoft\PolicyManager\current\device\ADMX_MSS-legacy" /v Pol_MSS_KeepAliveTime >nul 2>nul
if not errorlevel 1 call :managed "device management"
exit /b 0
:policy
rem A policy is key;name; or key;**del.name; and a template key\name=, in UTF-16. Each dot stands for a byte.
"%SystemRoot%\System32\findstr.exe" /r /i /c:"T.c.p.i.p...P.a.r.a.m.e.t.e.r.s...;.K.e.e.p.A.l.i.v.e.T.i.m.e...;" /c:"T.c.p.i.p...P.a.r.a.m.e.t.e.r.s...;.....d.e.l...K.e.e.p.A.l.i.v.e.T.i.m.e...;" /c:"T.c.p.i.p...P.a.r.a.m.e.t.e.r.s...K.e.e.p.A.l.i.v.e.T.i.m.e.=" %1 >nul 2>nul
if errorlevel 1 exit /b 0
:managed
set "OVERRULED=policy"
>&2 echo Warning: the policy "MSS: (KeepAliveTime) How often keep-alive packets are sent" sets another value again (%~1).
exit /b 0

:read
rem Reads the values %3, %4 and %5 of the key %2 into the set %1, each behind a plus sign, as a .reg file has them, with ' for a
rem quotation mark: dword:00004e20, 'text', hex(b):20,4e,...; absent; or unreadable, if this script cannot write it again. The set
rem is empty if there is no such key. UNREAD: it cannot be read.
set "FROM=%~2"
set "LIST=%3 %4 %5"
for %%V in (SECTION BELOW %1) do set "%%V="
for %%N in (%LIST%) do set "READ_%%N=absent"
if exist "%WORK%\read.reg" del /q "%WORK%\read.reg" >nul 2>nul
if exist "%WORK%\read.reg" goto unread
if exist "%REG%" "%REG%" export "%FROM%" "%WORK%\read.reg" <nul >nul 2>nul
if not exist "%REG%" "%REGEDIT%" /e "%WORK%\read.reg" "%FROM%"
if not exist "%WORK%\read.reg" >"%WORK%\read.reg" echo.
rem An export is UTF-16, which type turns into plain text; cmd.exe of Wine reads it as it is.
type "%WORK%\read.reg" >"%WORK%\plain.txt" 2>nul
for /f "usebackq tokens=1,2,* delims=\=" %%A in ("%WORK%\plain.txt" "%WORK%\read.reg") do (
  if "%%~A"=="[HKEY_LOCAL_MACHINE" if defined SECTION set "BELOW=1"
  if "%%~A"=="[HKEY_LOCAL_MACHINE" if not defined SECTION set "SECTION=%%A\%%B\%%C"
  for %%N in (%LIST%) do if not defined BELOW if /i "%%~A"=="%%N" if /i %%A=="%%N" set "VALUE=%%B"
  for %%N in (%LIST%) do if not defined BELOW if /i "%%~A"=="%%N" if /i %%A=="%%N" set "REST=%%C"
  for %%N in (%LIST%) do if not defined BELOW if /i "%%~A"=="%%N" if /i %%A=="%%N" call :hold %%N
)
if not defined SECTION "%REG%" query "%FROM%" >nul 2>nul
if not defined SECTION if errorlevel 1 exit /b 0
if /i not "%SECTION:"='%"=="[%FROM%]" goto unread
for %%N in (%LIST%) do call :add %1 %%N
exit /b 0
:add
rem A full disk can cut an export off, so reg.exe is asked for a value that the export lacks.
call set "%1=%%%1%%+%%READ_%2%%"
call set "VALUE=%%READ_%2%%"
if not "%VALUE%"=="absent" exit /b 0
"%REG%" query "%FROM%" /v %2 >nul 2>nul
if errorlevel 1 exit /b 0
:unread
set "UNREAD=1"
>&2 echo Cannot read this key. Nothing is changed: %FROM%
exit /b 0
:hold
rem Takes VALUE for the name %1 if it is a number, plain text, or bytes in one line, but not text in bytes (types 1, 2 and 7).
set "READ_%1=unreadable"
if defined REST exit /b 0
if not defined VALUE exit /b 0
set "VALUE=%VALUE:"='%"
set "BARE=%VALUE:'=%"
for /f "delims=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:_/-() " %%A in ("x%BARE%") do exit /b 0
if not "%VALUE%"=="'%BARE%'" if not "%VALUE%"=="%BARE%" exit /b 0
if "%VALUE:~-1%"=="," exit /b 0
for %%T in (1 2 7) do if "%VALUE:~0,7%"=="hex(%%T):" exit /b 0
set "READ_%1=%VALUE%"
exit /b 0

:stay
rem Ends with the exit code CODE, after a key if Explorer started this: by a double click, whose command line ends in the script's
rem name and '" "', or by "Run as administrator", where it ends in the name and '" '.
if not defined CMDCMDLINE exit /b %CODE%
set "STARTED=x%CMDCMDLINE:"='%x"
call set "STARTED=%%STARTED:*\%SELF%=%%"
for %%E in ("' 'x" "' x") do if "%STARTED%"==%%E pause
exit /b %CODE%
