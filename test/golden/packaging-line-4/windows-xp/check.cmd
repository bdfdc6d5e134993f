@echo off
rem Tells whether this machine is set as the TCP keep-alive profile packaging-line-4 says, and changes nothing. It needs only
rem cmd.exe and regedit.exe of Windows 2000, or reg.exe.
rem
rem Exit codes: 0 as it should be; 1 not; 2 wrong usage.

setlocal EnableExtensions DisableDelayedExpansion
for %%V in (ERRORLEVEL RANDOM) do set "%%V="
set "SELF=check.cmd"
rem No message names the switch for help: echo would take it for its own.
if "%~1"=="" goto start
if "%~1"=="/?" if "%~2"=="" goto help
>&2 echo check.cmd takes no argument.
exit /b 2

:help
echo Tells whether this machine is set as the TCP keep-alive profile packaging-line-4 says, and changes nothing:
echo   KeepAliveTime = 20000 milliseconds, 20 s
echo   KeepAliveInterval = 5000 milliseconds, 5 s
echo What the registry holds is in force since the restart after it was set.
echo.
echo Exit codes: 0 as it should be; 1 not; 2 wrong usage.
exit /b 0

:start
call :constants
call :tools
set "CODE=%errorlevel%"
if "%CODE%"=="0" call :check
if "%CODE%"=="0" set "CODE=%errorlevel%"
call :stay
exit /b %CODE%

:check
set "SCRATCH=%TEMP%\keepalive-kit-%RANDOM%%RANDOM%"
mkdir "%SCRATCH%" >nul 2>nul
if not exist "%SCRATCH%\" goto noscratch
call :current NOW
set "CODE=%errorlevel%"
del /q "%SCRATCH%\current.reg" "%SCRATCH%\plain.txt" >nul 2>nul
rmdir "%SCRATCH%" >nul 2>nul
if "%CODE%"=="1" goto unread
call :compare KeepAliveTime "20000 milliseconds, 20 s"
call :compare KeepAliveInterval "5000 milliseconds, 5 s"
exit /b %CODE%

:compare
rem Says what the value %1 should be, %2 in words, and what it is.
call set "TARGET=%%WANTED_%1%%"
call :held NOW %1
set "ANSWER=ok"
if not "%VALUE%"=="%TARGET%" set "ANSWER=WRONG"
if not "%VALUE%"=="%TARGET%" set "CODE=1"
echo %1: wanted %TARGET% (%~2), found %VALUE%: %ANSWER%
exit /b 0

:unread
>&2 echo Cannot read this key: %AT%
exit /b 1

:noscratch
>&2 echo Cannot make the folder "%SCRATCH%" for temporary files. Make room on the disk, and start this again.
exit /b 1

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
set "STATE=%ALLUSERSPROFILE%\keepalive-kit"
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
