@echo off
rem Puts back what was there before the TCP keep-alive profile beckhoff was installed on this machine.
rem
rem A value that somebody changed since the install is left and named, and the record stays; with /force it is put back too.
rem Every value is read back. It is safe to run twice. It needs only cmd.exe and regedit.exe of Windows 2000, or reg.exe.
rem
rem Exit codes: 0 nothing to do; 3010 done, a restart puts it in force; 1 failed, nothing is changed; 2 wrong usage;
rem 5 not started as administrator.

setlocal EnableExtensions DisableDelayedExpansion
set "ERRORLEVEL="
set "RANDOM="
set "FORCE="
rem No message names the switch for help: echo would take it for its own.
if "%~1"=="" goto start
if /i "%~1"=="/force" set "FORCE=1"
if "%~2"=="" if defined FORCE goto start
if "%~2"=="" if "%~1"=="/?" goto help
>&2 echo uninstall.cmd takes no argument but /force. Nothing is changed.
exit /b 2

:help
echo Puts back what was there before the TCP keep-alive profile beckhoff was installed on this machine.
echo.
echo   uninstall.cmd           as administrator; leaves what somebody changed since the install, and names it
echo   uninstall.cmd /force    puts that back too
echo.
echo Exit codes: 0 nothing to do; 3010 done, a restart puts it in force; 1 failed, nothing is changed; 2 wrong usage;
echo 5 not started as administrator.
exit /b 0

:start
call :begin
set "CODE=%errorlevel%"
if "%CODE%"=="0" call :uninstall
if "%CODE%"=="0" set "CODE=%errorlevel%"
call :end
exit /b %CODE%

:uninstall
if not exist "%RECORD%\before.reg" goto norecord
call :record BEFORE before.reg
if errorlevel 1 exit /b 1
if defined FORCE goto compare
if not exist "%RECORD%\installed.reg" goto noinstalled
call :record INSTALLED installed.reg
if errorlevel 1 exit /b 1

:compare
call :current NOW
if errorlevel 1 goto unread
set "LEFT="
call :decide KeepAliveTime
call :decide KeepAliveInterval
set "CHANGED="
call :same RESTORE NOW
if errorlevel 1 set "CHANGED=1"
if not defined CHANGED goto restored
call :put RESTORE
if errorlevel 1 goto undo

:restored
if defined LEFT echo The record stays in "%RECORD%". uninstall.cmd /force puts back also what somebody changed.
if not defined LEFT call :forget
if not defined LEFT if errorlevel 1 >&2 echo The record in "%RECORD%" cannot be removed. Delete that folder by hand.
if not defined CHANGED exit /b 0
echo Done. Restart this machine to put it in force. Connections that are open keep their times until then.
exit /b 3010

:decide
rem Decides what the value %1 is to become, and says so.
call set "THEN=%%BEFORE_%1%%"
call set "OURS=%%INSTALLED_%1%%"
call set "TODAY=%%NOW_%1%%"
call :held BEFORE %1
set "THENTEXT=%VALUE%"
call :held NOW %1
set "RESTORE_%1=%THEN%"
if "%TODAY%"=="%THEN%" goto already
if defined FORCE goto back
if "%TODAY%"=="%OURS%" goto back
set "RESTORE_%1=%TODAY%"
set "LEFT=1"
echo %1 is %VALUE%, which somebody set since the install. It is left so. Before the install it was %THENTEXT%.
exit /b 0
:already
echo %1 is %VALUE%, as before the install.
exit /b 0
:back
echo %1 is %VALUE%, to become %THENTEXT%, as before the install.
exit /b 0

:undo
call :put NOW
if errorlevel 1 goto stuck
>&2 echo What was there before could not be put back. All changes are undone, and the record stays in "%RECORD%".
>&2 echo Was this started as administrator, does a policy or a security program hold the key? %KEY%
exit /b 1

:stuck
>&2 echo What was there before could not be put back, and only a part of it is.
>&2 echo Import "%RECORD%\before.reg" with the registry editor: it holds what was there before.
exit /b 1

:norecord
if exist "%RECORD%\installed.reg" goto nobefore
echo Nothing is recorded in "%RECORD%", so there is nothing to undo.
exit /b 0

:nobefore
>&2 echo "%RECORD%\before.reg" is gone, the record of what was there before. Nothing is changed. Put it back.
exit /b 1

:noinstalled
>&2 echo "%RECORD%\installed.reg" is gone, so that nobody can tell what was changed since the install. Nothing is changed.
>&2 echo uninstall.cmd /force puts back all that "%RECORD%\before.reg" says.
exit /b 1

:unread
>&2 echo Cannot read this key. Nothing is changed: %KEY%
exit /b 1

rem ---- what install.cmd and uninstall.cmd share ----
rem
rem A value is held in a variable as a .reg file has it behind the equals sign, with ' in place of " so that it is harmless
rem between quotation marks: dword:00004e20, 'text', hex(b):20,4e,... and - where it is absent. A ? is a value that this
rem script cannot hold: text with other characters than letters, digits, space and . , : _ / - or binary data of several lines.
rem
rem A set of values is named by the prefix of its variables: NOW, AFTER, WANTED, BEFORE, INSTALLED, RESTORE.

:begin
rem Sets the variables that are the same in both scripts, and makes the folder for temporary files. 5: not an administrator.
rem Windows 2000 has no reg.exe, and without it nothing is asked here: a value that was not written is seen when it is read back.
set "KEY=HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
set "WANTED_KeepAliveTime=dword:00004e20"
set "WANTED_KeepAliveInterval=dword:00001388"
set "STATE=%ALLUSERSPROFILE%\keepalive-kit"
set "RECORD=%STATE%\beckhoff"
set "REG=%SystemRoot%\System32\reg.exe"
set "REGEDIT=%SystemRoot%\regedit.exe"
set "SCRATCH="
if exist "%REG%" "%REG%" query HKU\S-1-5-19 >nul 2>nul
if exist "%REG%" if errorlevel 1 goto notelevated
if "%STATE:~0,1%"=="\" goto nostate
set "SCRATCH=%TEMP%\keepalive-kit-%RANDOM%%RANDOM%"
if exist "%SCRATCH%" goto noscratch
mkdir "%SCRATCH%" >nul 2>nul
if not exist "%SCRATCH%\" goto noscratch
exit /b 0
:notelevated
>&2 echo Not started as administrator. Nothing is changed. Open a command prompt with "Run as administrator" and start this again.
exit /b 5
:nostate
>&2 echo This Windows does not say where its programs keep their data: "%STATE%". Nothing is changed.
exit /b 1
:noscratch
>&2 echo Cannot make the folder "%SCRATCH%" for temporary files. Nothing is changed. Start this again, or make room on the disk.
set "SCRATCH="
exit /b 1

:end
rem Removes the temporary files.
if not defined SCRATCH exit /b 0
del /q "%SCRATCH%\*.reg" "%SCRATCH%\*.txt" >nul 2>nul
rmdir "%SCRATCH%" >nul 2>nul
exit /b 0

:current
rem Reads into the set %1 what the registry holds.
set "FILE=%SCRATCH%\current.reg"
if exist "%FILE%" del "%FILE%"
if exist "%REG%" "%REG%" export "%KEY%" "%FILE%" <nul >nul 2>nul
if not exist "%REG%" "%REGEDIT%" /e "%FILE%" "%KEY%"
call :read %1 -
exit /b %errorlevel%

:record
rem Reads into the set %1 the file %2 of the record, which has to name every value.
set "FILE=%RECORD%\%2"
call :read %1 ?
if errorlevel 1 goto damaged
if not "%TOP%"=="Windows Registry Editor Version 5.00" goto damaged
if defined STRANGE goto damaged
exit /b 0
:damaged
>&2 echo The record "%RECORD%\%2" is damaged. Nothing is changed.
>&2 echo It has to be a registry file about this key that names every value: %KEY%
>&2 echo If install.ps1 wrote it, use uninstall.ps1, which reads more forms of values than this script.
exit /b 1

:read
rem Reads into the set %1 the values of our key in the .reg file FILE; %2 stands for a value that is not there.
rem STRANGE is then the name of a value that is not held. 1: this is no .reg file, or its first key is not ours.
rem An export is UTF-16, which for cannot read and type turns into plain text. The file itself is read too, behind that, for
rem a cmd whose type does not. The keys below ours, which an export contains, are left out.
set "STRANGE="
set "TOP="
set "SECTION="
set "BELOW="
set "RAW_KeepAliveTime=%2"
set "REST_KeepAliveTime="
set "RAW_KeepAliveInterval=%2"
set "REST_KeepAliveInterval="
if not exist "%FILE%" exit /b 1
type "%FILE%" >"%SCRATCH%\plain.txt" 2>nul
for /f "usebackq tokens=1,2,* delims=\=" %%A in ("%SCRATCH%\plain.txt" "%FILE%") do (
  if not defined TOP set "TOP=%%A"
  if "%%~A"=="[HKEY_LOCAL_MACHINE" if defined SECTION set "BELOW=1"
  if "%%~A"=="[HKEY_LOCAL_MACHINE" if not defined SECTION set "SECTION=%%A\%%B\%%C"
  if not defined BELOW if /i "%%~A"=="KeepAliveTime" if /i %%A=="KeepAliveTime" set "RAW_KeepAliveTime=%%B"
  if not defined BELOW if /i "%%~A"=="KeepAliveTime" if /i %%A=="KeepAliveTime" set "REST_KeepAliveTime=%%C"
  if not defined BELOW if /i "%%~A"=="KeepAliveInterval" if /i %%A=="KeepAliveInterval" set "RAW_KeepAliveInterval=%%B"
  if not defined BELOW if /i "%%~A"=="KeepAliveInterval" if /i %%A=="KeepAliveInterval" set "REST_KeepAliveInterval=%%C"
)
if not defined SECTION exit /b 1
set "SECTION=%SECTION:"='%"
if /i not "%SECTION%"=="[%KEY%]" exit /b 1
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

:hold
rem Makes VALUE a ? unless it is of a form that this script can give back exactly. 1: it is a ? now.
set "LETTERS=x%VALUE:hex(b):=%"
set "LETTERS=%LETTERS:'=%"
set "ODD="
for /f "delims=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:_/- " %%A in ("%LETTERS%") do set "ODD=1"
if defined ODD goto strange
if "%VALUE%"=="-" exit /b 0
if "%VALUE%"=="'%LETTERS:~1%'" exit /b 0
if "%VALUE:~-1%"=="," goto strange
if "%VALUE:~0,6%"=="dword:" exit /b 0
if "%VALUE:~0,4%"=="hex:" exit /b 0
if "%VALUE:~0,7%"=="hex(b):" exit /b 0
:strange
set "VALUE=?"
exit /b 1

:same
rem 0: the sets %1 and %2 hold the same values; 1: they do not.
call set "ONE=%%%1_KeepAliveTime%%"
call set "OTHER=%%%2_KeepAliveTime%%"
if not "%ONE%"=="%OTHER%" exit /b 1
call set "ONE=%%%1_KeepAliveInterval%%"
call set "OTHER=%%%2_KeepAliveInterval%%"
if not "%ONE%"=="%OTHER%" exit /b 1
exit /b 0

:write
rem Writes the set %1 into the .reg file FILE; a value that is not held is left out.
>"%FILE%" echo Windows Registry Editor Version 5.00
>>"%FILE%" echo.
>>"%FILE%" echo [%KEY%]
call :entry %1 KeepAliveTime
call :entry %1 KeepAliveInterval
>>"%FILE%" echo.
exit /b 0
:entry
call set "VALUE=%%%1_%2%%"
if "%VALUE%"=="?" exit /b 0
>>"%FILE%" echo "%2"=%VALUE:'="%
exit /b 0

:put
rem Makes the registry hold the set %1 and reads it back. 1: it does not hold it.
set "FILE=%SCRATCH%\put.reg"
call :write %1
call :import
call :current AFTER
if errorlevel 1 exit /b 1
call :same AFTER %1
exit /b %errorlevel%

:import
rem Imports FILE. An import that skipped a line reports success all the same, so that only reading back tells.
if exist "%REG%" "%REG%" import "%FILE%" <nul >nul 2>nul
if not exist "%REG%" "%REGEDIT%" /s "%FILE%"
exit /b 0

:save
rem Writes the set %1 as the file %2 of the record: beside it, read back, and then moved. 1: it is not written.
if not exist "%RECORD%\" mkdir "%RECORD%" >nul 2>nul
if not exist "%RECORD%\" exit /b 1
set "FILE=%RECORD%\%2.new"
call :write %1 2>nul
call :read SAVED ?
if not errorlevel 1 call :same SAVED %1
if errorlevel 1 goto unsaved
move /y "%RECORD%\%2.new" "%RECORD%\%2" >nul 2>nul
if exist "%RECORD%\%2.new" goto unsaved
if exist "%RECORD%\%2" exit /b 0
:unsaved
del /q "%RECORD%\%2.new" >nul 2>nul
exit /b 1

:forget
rem Removes the record, and its folders where nothing else is in them. before.reg goes last: what is cut off in here can be
rem run again.
for %%F in (installed.reg.new before.reg.new installed.reg before.reg) do if exist "%RECORD%\%%F" del /q "%RECORD%\%%F" >nul 2>nul
rmdir "%RECORD%" >nul 2>nul
rmdir "%STATE%" >nul 2>nul
if exist "%RECORD%\before.reg" exit /b 1
exit /b 0

:held
rem Says the value of %2 in the set %1.
call set "VALUE=%%%1_%2%%"
if "%VALUE%"=="-" set "VALUE=absent"
if "%VALUE%"=="?" set "VALUE=something that this script cannot read"
exit /b 0
