@echo off
rem Applies the TCP keep-alive profile packaging-line-4 at the end of Windows Setup, by install.cmd, which has to lie beside this file.
rem
rem Windows Setup starts this name in %WINDIR%\Setup\Scripts, which is $OEM$\$$\Setup\Scripts on its media, as SYSTEM before anybody
rem logs on; with a key of an OEM, only on Enterprise and Server. It shows nothing and reads no exit code, so all messages go into
rem keepalive-kit.log beside this file. The values are in force from the next start on.

setlocal EnableExtensions DisableDelayedExpansion
set "ERRORLEVEL="
set "LOG=%~dp0keepalive-kit.log"
call "%~dp0install.cmd" >>"%LOG%" 2>&1 <nul
>>"%LOG%" echo install.cmd ended with the exit code %errorlevel%.
exit /b 0
