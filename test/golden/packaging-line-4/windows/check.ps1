<#
.SYNOPSIS
    Tells whether this machine is set as the TCP keep-alive profile packaging-line-4 says.
.DESCRIPTION
    Reads these values, REG_DWORD, below HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters, and changes nothing:
      KeepAliveTime = 20000 (dword:00004e20), 20 s
      KeepAliveInterval = 5000 (dword:00001388), 5 s

    The values are in force since the restart after they were set. A warning names a write filter or a policy that will
    overrule them.

    Exit codes: 0 as it should be; 1 not; 2 wrong usage.
.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File check.ps1
#>

#Requires -Version 5.1
[CmdletBinding()]
param(
    [Parameter(ValueFromRemainingArguments, DontShow)] [string[]] $Unknown # refused with exit code 2
)

$valuesKey = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
$wanted = [ordered] @{ # milliseconds
    KeepAliveTime = [ordered] @{ Kind = 'DWord'; Data = [uint32] 20000 }
    KeepAliveInterval = [ordered] @{ Kind = 'DWord'; Data = [uint32] 5000 }
}

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    'Nothing is changed: a policy of this machine keeps unsigned scripts from the full language of PowerShell. Sign this script, or use the .cmd scripts.'; exit 1
}
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$names = @($wanted.Keys)
$valuesPath = $valuesKey -replace '^HKEY_LOCAL_MACHINE\\'
$machine = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')

function Read-Value([string] $Path, [string] $Name) {
    # The kind and data of a value, or nothing if it is absent. Windows gives a DWORD above 2147483647 as a negative number.
    $key = $machine.OpenSubKey($Path)
    if ($null -eq $key -or $key.GetValueNames() -notcontains $Name) { return }
    $data = $key.GetValue($Name, $null, 'DoNotExpandEnvironmentNames')
    if ($data -is [int]) { $data = [BitConverter]::ToUInt32([BitConverter]::GetBytes($data), 0) }
    return [ordered] @{ Kind = [string] $key.GetValueKind($Name); Data = $data }
}

function Read-Part([string] $Path) {
    # Our values below a key, by name.
    $part = [ordered] @{}
    foreach ($name in $names) { $part[$name] = Read-Value -Path $Path -Name $name }
    $part['Profile'] = $null
    return $part
}

function Test-Same($One, $Other) {
    [string]::Equals((ConvertTo-Json -InputObject $One -Depth 9), (ConvertTo-Json -InputObject $Other -Depth 9))
}

function Format-Value($Value) {
    if ($null -eq $Value) { return 'absent' }
    if ($Value.Data -is [uint32]) { return '{0} ms (0x{0:x8})' -f $Value.Data }
    '{0} ({1}, not a DWORD of 32 bits)' -f ([string] $Value.Data -replace '(?s)(?<=^.{60}).+', '...'), $Value.Kind
}

function Read-Policy([string] $Source) {
    # Our values in a policy file: [KEY;VALUE;TYPE;SIZE;DATA] in UTF-16, with a NUL after KEY and VALUE (MS-GPREG 2.2.1).
    $found = @{}
    $managed = $machine.OpenSubKey('SOFTWARE\Microsoft\PolicyManager\current\device\ADMX_MSS-legacy')
    if ($Source -eq 'device management' -and $null -ne $managed -and $managed.GetValue('Pol_MSS_KeepAliveTime') -match 'value="(\d+)"') {
        $found['KeepAliveTime'] = [ordered] @{ Kind = 'DWord'; Data = [uint32] $Matches[1] }
    }
    if (-not [IO.File]::Exists($Source)) { return $found }
    $bytes = [IO.File]::ReadAllBytes($Source)
    $text = [Text.Encoding]::GetEncoding('iso-8859-1').GetString($bytes) # a character for each byte
    $entry = [regex] '(?s)\G\[\0((?:(?!\0\0)..)*)\0\0;\0((?:(?!\0\0)..)*)\0\0;\0(....);\0(....);\0'
    for ($at = 8; ($match = $entry.Match($text, $at)).Success; $at = $data + $size + 2) { # after PReg and the version
        $key, $name = 1, 2 | ForEach-Object { $match.Groups[$_].Value -replace '\0' }
        $type, $size = 3, 4 | ForEach-Object { [BitConverter]::ToUInt32($bytes, $match.Groups[$_].Index) }
        $data = $match.Index + $match.Length
        if ($key -ne $valuesPath) { continue }
        $number = if ($type -eq 4 -and $size -eq 4) { [BitConverter]::ToUInt32($bytes, $data) }
        $found[$name -replace '^\*\*del\.'] = if ($name -notlike '[*][*]del.*') { [ordered] @{ Kind = 'DWord'; Data = $number } }
    }
    return $found
}

function Get-Obstacle([Collections.IDictionary] $Values) {
    # A sentence about each write filter that is on, and each policy with another value: they will overrule these values.
    try {
        $services = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services'
        $unified = 'Copy0', 'Copy1' | ForEach-Object { [Microsoft.Win32.Registry]::GetValue("$services\uwfvol\Parameters\Static\$_", 'UWFEnabled', 0) }
        $enhanced = $machine.OpenSubKey('SYSTEM\CurrentControlSet\Services\ewf\Parameters\Protected')
        $fileBased = [Microsoft.Win32.Registry]::GetValue("$services\fbwf", 'Start', 4) # 4: disabled
        $on = @(
            if ($unified -contains 1) { 'Unified Write Filter (UWF) seems to be on: switch it off with uwfmgr filter disable' }
            if ($null -ne $enhanced -and $enhanced.SubKeyCount -gt 0) { "Enhanced Write Filter (EWF) seems to be on: switch it off with ewfmgr $env:SystemDrive -disable" }
            if ($fileBased -in 0..3) { 'File-Based Write Filter (FBWF) seems to be on: switch it off with fbwfmgr /disable' }
        )
        $on | ForEach-Object { "the $_, restart, start this again, and switch it on again. Otherwise a change of the registry is gone at the next start." }
        $windows, $data = 'Windows', 'CommonApplicationData' | ForEach-Object { [Environment]::GetFolderPath($_) }
        # Sysnative: System32 for a program of 32 bits
        $sources = @(
            "$windows\Sysnative\GroupPolicy\Machine\Registry.pol", "$windows\System32\GroupPolicy\Machine\Registry.pol"
            # Any user can make this file; Group Policy made it only if it has a history of registry values.
            if ($null -ne $machine.OpenSubKey('SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\History\{35378EAC-683F-11D2-A89A-00C04FBBCFA2}')) { "$data\ntuser.pol" }
            'device management'
        )
        foreach ($source in $sources) {
            $policy = Read-Policy -Source $source
            foreach ($name in $names | Where-Object { $policy.ContainsKey($_) -and -not (Test-Same -One $policy[$_] -Other $Values[$_]) }) {
                "a policy ($source) makes $name $(Format-Value -Value $policy[$name]) at its next refresh. Change it there: the policy is 'MSS: (KeepAliveTime) How often keep-alive packets are sent'."
            }
        }
    } catch {
        Write-Warning -Message "whether a write filter or a policy overrules these values cannot be told: $($_.Exception.Message)"
    }
}

if ($Unknown) {
    $Host.UI.WriteErrorLine("check.ps1: not understood: $Unknown. Get-Help shows what this script takes")
    exit 2
}
try {
    $held = Read-Part -Path $valuesPath
    $wrong = 0
    foreach ($name in $names) {
        $answer = 'ok'
        if (-not (Test-Same -One $held[$name] -Other $wanted[$name])) { $answer = 'WRONG'; $wrong = 1 }
        Write-Output "$($name): wanted $(Format-Value -Value $wanted[$name]), found $(Format-Value -Value $held[$name]): $answer"
    }
    Get-Obstacle -Values $wanted | ForEach-Object { Write-Warning -Message $_ }
    exit $wrong
} catch {
    $Host.UI.WriteErrorLine("check.ps1: cannot read $($valuesKey): $($_.Exception.GetBaseException().Message)")
    exit 1
}
