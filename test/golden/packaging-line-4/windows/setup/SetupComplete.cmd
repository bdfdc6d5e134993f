@echo off
rem Applies the TCP keep-alive profile packaging-line-4 at the end of Windows Setup, by install.cmd, which has to lie beside this file.
rem
rem Windows Setup looks for this name in %WINDIR%\Setup\Scripts, which is $OEM$\$$\Setup\Scripts on its media, and starts it as
rem SYSTEM before anybody logs on. It shows nothing, reads no exit code, and does not go on after a restart from here: so
rem everything that is said goes into keepalive-kit.log beside this file, and the values are in force from the next start on.
rem With a key of an OEM, Setup starts it only on Enterprise and Server.

setlocal EnableExtensions DisableDelayedExpansion
set "ERRORLEVEL="
set "LOG=%~dp0keepalive-kit.log"
call "%~dp0install.cmd" >>"%LOG%" 2>&1 <nul
>>"%LOG%" echo install.cmd ended with the exit code %errorlevel%.
exit /b 0
