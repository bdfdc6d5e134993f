#!/bin/sh
# Builds publish/pw.exe, unless it is up to date. If another build is running, this one waits for it.
set -eu
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

mkdir -p obj
exec 9>obj/lock
flock 9

sources=$(cat build.sh ./*.cs ./*.csproj | sha256sum)
[ "$(cat publish/built-from 2>/dev/null)" != "$sources" ] || exit 0

# Build servers are off and get no lock: they would outlive the build.
rm -rf publish
dotnet publish -r win-x64 --self-contained -c Release -o publish --disable-build-servers 9>&-
echo "$sources" >publish/built-from
