@echo off
goto begin

:help
echo Installs the TCP keep-alive profile largest-values in a Windows that does not run: an image that is mounted, or the disk
echo of another machine.
echo.
echo   KeepAliveTime = 4294967294 milliseconds, 1193 h 2 min 47 s 294 ms
echo   KeepAliveInterval = 4294967294 milliseconds, 1193 h 2 min 47 s 294 ms
echo.
echo   install-offline.cmd D:\mount\Windows                          as administrator
echo   install-offline.cmd D:\mount\Windows\System32\config\SYSTEM
echo.
echo The script loads that registry as HKLM\OFFLINE, sets the values in the control set that it uses, reads them
echo back, and unloads it. The values of before are recorded in that registry too, so that uninstall-offline.cmd, or uninstall.cmd
echo once that Windows runs, can put them back.
echo.
echo Exit codes: 0 done, or nothing to do; 1 failed, nothing is changed; 2 wrong usage; 5 not started as administrator.
exit /b 0

:begin
setlocal EnableExtensions DisableDelayedExpansion
for %%V in (ERRORLEVEL RANDOM DATE TIME OVERRULED) do set "%%V="
set "SELF=install-offline.cmd"
set "PROFILE=largest-values"
set "KEY=HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
set "RECORD=HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\keepalive-kit"
set "LOADED=HKLM\OFFLINE"
set "PROFILES=Profile PreviousProfile"
set "VALUES=KeepAliveTime KeepAliveInterval "
set "WANTED=+dword:fffffffe+dword:fffffffe"
set "DEFAULTS=+absent+absent"
set "ACTION=install"
set "DONE=Done. It is in force from the first start of the image on."
set "REG=%SystemRoot%\System32\reg.exe"
set "REGEDIT=%SystemRoot%\regedit.exe"
if "%~1"=="/?" if "%~2"=="" goto help
if not "%~1"=="" if "%~2"=="" goto start
>&2 echo install-offline.cmd takes the Windows folder of an image, or its file System32\config\SYSTEM. Nothing is changed.
exit /b 2

:start
call :image "%~1"
exit /b %errorlevel%

:offline
rem Calls the label ACTION while the registry of the image is loaded, and unloads it in every case. KEY and RECORD then lie in the
rem control set that Select\Current names: an image has no CurrentControlSet, which Windows makes when it starts.
"%REG%" query %LOADED% >nul 2>nul
if not errorlevel 1 goto taken
"%REG%" load %LOADED% "%HIVE%" >nul 2>nul
if errorlevel 1 goto unloadable
set "NUMBER="
"%REG%" query %LOADED%\Select /v Current >"%WORK%\plain.txt" 2>nul
for /f "usebackq tokens=1-3" %%A in ("%WORK%\plain.txt") do if /i "%%A"=="Current" if /i "%%B"=="REG_DWORD" set "NUMBER=%%C"
set "RESULT=1"
if not defined NUMBER >&2 echo "%HIVE%" does not name its control set in Select\Current: it is no registry of a system. Nothing is changed.
if not defined NUMBER goto release
set /a NUMBER=%NUMBER%
set "NUMBER=00%NUMBER%"
set "BRANCH=%LOADED:HKLM=HKEY_LOCAL_MACHINE%\ControlSet%NUMBER:~-3%"
set "KEY=%BRANCH%%KEY:*CurrentControlSet=%"
set "RECORD=%BRANCH%%RECORD:*CurrentControlSet=%"
call :%ACTION%
set "RESULT=%errorlevel%"
:release
rem A program that looks at every registry, such as a virus scanner, can hold this one for a moment.
set "UNLOADED="
for %%I in (1 2 3 4 5 6 7 8 9) do if not defined UNLOADED call :unload
if defined UNLOADED exit /b %RESULT%
>&2 echo The registry of the image stays loaded as %LOADED%. Close the program that looks at it, and type: reg unload %LOADED%
exit /b 1
:unload
"%REG%" unload %LOADED% >nul 2>nul
if not errorlevel 1 set "UNLOADED=1"
exit /b 0
:taken
>&2 echo %LOADED% is in use already, perhaps by a run of this script that was cut off. Nothing is changed.
>&2 echo If it is no longer needed, type: reg unload %LOADED%
exit /b 1
:unloadable
>&2 echo "%HIVE%" cannot be loaded. Nothing is changed. Is it read only, or in use, as that of the running Windows is?
exit /b 1

:image
rem Does ACTION in the image %1. HIVE is the file with its registry.
set "HIVE=%~f1"
for %%P in (System32\config\SYSTEM Windows\System32\config\SYSTEM) do if exist "%~f1\%%P" set "HIVE=%~f1\%%P"
set "KIND=d"
if exist "%HIVE%" for %%F in ("%HIVE%") do set "KIND=%%~aF"
if /i not "%KIND:~0,1%"=="d" goto hive
>&2 echo "%~f1" is no folder of a Windows, with System32\config\SYSTEM in it, and no such file. Nothing is changed.
exit /b 1
:hive
call :alone offline
if "%errorlevel%"=="3010" exit /b 0
exit /b %errorlevel%
:overruled
rem Neither a write filter nor a policy of this machine has a say in an image.
exit /b 0

:install
call :state
if errorlevel 1 exit /b 1
set "GOAL=%WANTED%"
set "TO='%PROFILE%'"
call :plan
if errorlevel 1 exit /b 1
goto advance

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
