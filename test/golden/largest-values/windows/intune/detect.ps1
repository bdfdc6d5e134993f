<#
.SYNOPSIS
    Tells Intune whether this machine is set as the TCP keep-alive profile largest-values says.
.DESCRIPTION
    The detection script of a remediation, with remediate.ps1 beside it. Reads these values, REG_DWORD, below
    HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters, and changes nothing:
      KeepAliveTime = 4294967294 (dword:fffffffe), 1193 h 2 min 47 s 294 ms
      KeepAliveInterval = 4294967294 (dword:fffffffe), 1193 h 2 min 47 s 294 ms

    One line on the output, nothing on the error stream. Exit codes: 0 as it should be; 1 remediate.ps1 is needed, also if the
    values cannot be read.
.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File detect.ps1
#>

[CmdletBinding()]
param()

$valuesKey = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
$wanted = [ordered] @{ # milliseconds
    KeepAliveTime = [ordered] @{ Kind = 'DWord'; Data = [uint32] 4294967294 }
    KeepAliveInterval = [ordered] @{ Kind = 'DWord'; Data = [uint32] 4294967294 }
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

function Format-Line([string[]] $Text) {
    # One line of what is said, no longer than the 2048 characters that Intune keeps.
    $line = ($Text -join ' ') -replace '\s+', ' '
    $line.Substring(0, [Math]::Min($line.Length, 2048))
}

try {
    $held = Read-Part -Path $valuesPath
    $wrong = foreach ($name in $names) {
        if (-not (Test-Same -One $held[$name] -Other $wanted[$name])) { "$name is $(Format-Value -Value $held[$name]), to become $(Format-Value -Value $wanted[$name])." }
    }
    Write-Output $(if ($wrong) { Format-Line -Text $wrong } else { 'The keep-alive values are as they should be.' })
    exit ([int] [bool] $wrong)
} catch {
    Write-Output (Format-Line -Text "Cannot read $($valuesKey): $($_.Exception.GetBaseException().Message)")
    exit 1
}
