@echo off
goto begin

:help
echo Compares this machine with the TCP keep-alive profile largest-values, and changes nothing:
echo.
echo   KeepAliveTime = 2147483648 milliseconds, 596 h 31 min 23 s 648 ms
echo   KeepAliveInterval = 1 milliseconds, 1 ms
echo.
echo Values that were set since the last start are in force after the next one.
echo.
echo   check.cmd    as any user; takes no argument
echo.
echo Exit codes: 0 as it should be; 1 not; 2 wrong usage.
exit /b 0

:begin
setlocal EnableExtensions DisableDelayedExpansion
for %%V in (ERRORLEVEL RANDOM) do set "%%V="
set "SELF=check.cmd"
set "KEY=HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
set "VALUES=KeepAliveTime KeepAliveInterval "
set "GOAL=+dword:80000000+dword:00000001"
set "REG=%SystemRoot%\System32\reg.exe"
set "REGEDIT=%SystemRoot%\regedit.exe"
if "%~1"=="" goto start
if "%~1"=="/?" if "%~2"=="" goto help
>&2 echo check.cmd takes no argument.
exit /b 2

:start
set "WORK=%TEMP%\keepalive-kit-%RANDOM%%RANDOM%"
mkdir "%WORK%" >nul 2>nul
call :check
set "CODE=%errorlevel%"
for %%F in (read.reg plain.txt) do if exist "%WORK%\%%F" del /q "%WORK%\%%F" >nul 2>nul
if exist "%WORK%\" rmdir "%WORK%" >nul 2>nul
goto stay

:check
set "UNREAD="
call :read NOW "%KEY%" %VALUES%
if not defined NOW call :unread
if defined UNREAD exit /b 1
call :overruled
set "ANSWER=0"
for /f "tokens=1-4 delims=+" %%A in ("%NOW%%GOAL%") do (
  call :compare KeepAliveTime "%%A" "%%C"
  call :compare KeepAliveInterval "%%B" "%%D"
)
exit /b %ANSWER%
:compare
set "VERDICT=ok"
if not %2==%3 set "VERDICT=WRONG"
if not %2==%3 set "ANSWER=1"
echo %1: wanted %~3, found %~2: %VERDICT%
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
