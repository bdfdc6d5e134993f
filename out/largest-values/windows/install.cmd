@echo off
rem Applies the TCP keep-alive profile largest-values to this machine.
rem
rem Imports keepalive.reg, which lies beside this script, reads back what the registry holds then, and puts back what was there
rem where that is not what it should be. What was there before the first change is recorded for uninstall.cmd. It is safe to
rem run twice. It needs only cmd.exe and regedit.exe of Windows 2000, or reg.exe.
rem
rem Exit codes: 0 nothing to do; 3010 done, a restart puts it in force; 1 failed, nothing is changed; 2 wrong usage;
rem 5 not started as administrator.

setlocal EnableExtensions DisableDelayedExpansion
set "ERRORLEVEL="
set "RANDOM="
set "HERE=%~dp0"
rem No message names the switch for help: echo would take it for its own.
if "%~1"=="" goto start
if "%~1"=="/?" if "%~2"=="" goto help
>&2 echo install.cmd takes no argument. Nothing is changed.
exit /b 2

:help
echo Applies the TCP keep-alive profile largest-values to this machine.
echo.
echo   install.cmd    as administrator, in the folder where keepalive.reg lies too
echo.
echo Sets under HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters:
echo   KeepAliveTime = 4294967294 milliseconds, 1193 h 2 min 47 s 294 ms
echo   KeepAliveInterval = 4294967294 milliseconds, 1193 h 2 min 47 s 294 ms
echo.
echo What was there before is recorded, and uninstall.cmd puts it back.
echo.
echo Exit codes: 0 nothing to do; 3010 done, a restart puts it in force; 1 failed, nothing is changed; 2 wrong usage;
echo 5 not started as administrator.
exit /b 0

:start
call :begin
set "CODE=%errorlevel%"
if "%CODE%"=="0" call :install
if "%CODE%"=="0" set "CODE=%errorlevel%"
call :end
exit /b %CODE%

:install
call :current NOW
if errorlevel 1 goto unread
call :announce KeepAliveTime "1193 h 2 min 47 s 294 ms"
call :announce KeepAliveInterval "1193 h 2 min 47 s 294 ms"
call :same NOW WANTED
if not errorlevel 1 goto nothing
if defined STRANGE goto unheld
if not exist "%HERE%keepalive.reg" goto noreg
if exist "%RECORD%\before.reg" goto again
if exist "%RECORD%\installed.reg" goto nobefore

rem The first install records what is there now.
set "FIRST=1"
call :save NOW before.reg
if not errorlevel 1 call :save WANTED installed.reg
if errorlevel 1 goto unrecorded
goto change

:again
rem A later one, also of another version of the profile, leaves that record and notes only what it sets itself.
set "FIRST="
call :record BEFORE before.reg
if errorlevel 1 exit /b 1
set "INSTALLED="
if exist "%RECORD%\installed.reg" set "INSTALLED=1"
if defined INSTALLED call :record INSTALLED installed.reg
if defined INSTALLED if errorlevel 1 exit /b 1
call :save WANTED installed.reg
if errorlevel 1 goto unrecorded

:change
set "FILE=%HERE%keepalive.reg"
call :import
call :current AFTER
if errorlevel 1 goto undo
call :same AFTER WANTED
if errorlevel 1 goto undo
echo Done. What was there before is recorded in "%RECORD%\before.reg".
echo Restart this machine to put it in force. Connections that are open keep their old times until then.
exit /b 3010

:announce
rem Says what the value %1 is, and where it is not what it should be, what it is to become. %2 is that in words.
call :held NOW %1
call set "GOAL=%%WANTED_%1%%"
if "%VALUE%"=="%GOAL%" goto asitshouldbe
echo %1 is %VALUE%, to become %GOAL%, %~2.
exit /b 0
:asitshouldbe
echo %1 is %VALUE%, %~2, as it should be.
exit /b 0

:undo
call :held AFTER KeepAliveTime
>&2 echo KeepAliveTime reads back as %VALUE% and not as dword:fffffffe.
call :held AFTER KeepAliveInterval
>&2 echo KeepAliveInterval reads back as %VALUE% and not as dword:fffffffe.
call :put NOW
if errorlevel 1 goto stuck
call :unrecord
>&2 echo "%HERE%keepalive.reg" could not be imported. All changes are undone.
>&2 echo Is that file whole, was this started as administrator, does a policy or a security program hold the key?
exit /b 1

:unrecord
rem Makes the record what it was before this run.
if defined FIRST goto forget
if defined INSTALLED call :save INSTALLED installed.reg
if not defined INSTALLED del /q "%RECORD%\installed.reg" >nul 2>nul
exit /b 0

:stuck
>&2 echo "%HERE%keepalive.reg" could not be imported, and what was there could not be put back.
>&2 echo Import "%RECORD%\before.reg" with the registry editor: it holds what was there before.
exit /b 1

:nothing
echo Nothing to do.
exit /b 0

:unread
>&2 echo Cannot read this key. Nothing is changed: %KEY%
exit /b 1

:unheld
>&2 echo %STRANGE% holds what this script cannot record exactly. Nothing is changed.
if exist "%HERE%install.ps1" >&2 echo Use "%HERE%install.ps1", which can.
>&2 echo Or export this key with the registry editor, keep that file, delete %STRANGE%, and start this again: %KEY%
exit /b 1

:noreg
>&2 echo The file "%HERE%keepalive.reg" is missing. Nothing is changed. Copy the whole folder.
exit /b 1

:nobefore
>&2 echo "%RECORD%\before.reg" is gone, the record of what was there before. Nothing is changed.
>&2 echo Put it back; or delete "%RECORD%\installed.reg" too, and what is there now is recorded.
exit /b 1

:unrecorded
call :unrecord
>&2 echo What is there now cannot be recorded in "%RECORD%". Nothing is changed. Is the disk full, or is it read only?
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
set "WANTED_KeepAliveTime=dword:fffffffe"
set "WANTED_KeepAliveInterval=dword:fffffffe"
set "STATE=%ProgramData%\keepalive-kit"
set "RECORD=%STATE%\largest-values"
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
