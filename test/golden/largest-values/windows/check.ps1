#Requires -Version 5.1
<#
.SYNOPSIS
    Tells whether this machine is set as the TCP keep-alive profile largest-values says.
.DESCRIPTION
    Reads these values under HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters
    and changes nothing:
      KeepAliveTime = 4294967294 (dword:fffffffe)
      KeepAliveInterval = 4294967294 (dword:fffffffe)

    What the registry holds is in force since the restart after it was set.

    Exit codes: 0 as it should be; 1 not; 2 wrong usage.
.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File check.ps1
#>
[CmdletBinding()]
param(
    # Takes what is no parameter of this script, so that it is refused with exit code 2.
    [Parameter(ValueFromRemainingArguments, DontShow)]
    [string[]] $Unknown
)

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    Write-Output 'Nothing is changed: a policy of this machine keeps unsigned scripts from the full language of PowerShell. Sign this script, or use the .cmd scripts.'
    exit 1
}
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

function Write-Failure {
    # One line on the error stream; an error record would add a position in this script, which helps nobody at the machine.
    param([string] $Message)
    $Host.UI.WriteErrorLine([IO.Path]::GetFileName($PSCommandPath) + ': ' + $Message)
}

if ($Unknown) {
    Write-Failure -Message "not understood: $Unknown. Nothing is changed. Get-Help shows what this script takes"
    exit 2
}

$registryKey = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
$settings = @(
    @{ Name = 'KeepAliveTime'; Wanted = [uint32] 4294967294 }
    @{ Name = 'KeepAliveInterval'; Wanted = [uint32] 4294967294 }
)

function Format-Number {
    # 20000 (0x00004e20, 20 s)
    param([uint32] $Number)
    $unit = @{ Name = 'h'; Size = 3600000 }, @{ Name = 'min'; Size = 60000 }, @{ Name = 's'; Size = 1000 }, @{ Name = 'ms'; Size = 1 } |
        Where-Object { $Number -ge $_.Size -and $Number % $_.Size -eq 0 } |
        ForEach-Object { '{0} {1}' -f ($Number / $_.Size), $_.Name }
    '{0} (0x{0:x8}, {1})' -f $Number, (@($unit) + '0 ms')[0]
}

function Get-CurrentValue {
    # What stands in the registry under one name: its kind ('absent' when there is none) and its data.
    param([string] $Name)
    $key = Get-Item -LiteralPath "Registry::$registryKey"
    try {
        if ($key.GetValueNames() -notcontains $Name) { return @{ Kind = 'absent'; Data = $null } }
        return @{ Kind = [string] $key.GetValueKind($Name); Data = $key.GetValue($Name, $null, 'DoNotExpandEnvironmentNames') }
    } finally {
        $key.Close()
    }
}

function Test-CurrentValue {
    # Whether a current value is a DWORD of 32 bits that holds what a setting wants. Windows gives a DWORD above 2147483647
    # as a negative number, so that the bits are compared and not the numbers.
    param([hashtable] $Current, [hashtable] $Setting)
    $Current.Kind -eq 'DWord' -and $Current.Data -is [int] -and ('{0:x8}' -f $Current.Data) -eq ('{0:x8}' -f $Setting.Wanted)
}

function Format-CurrentValue {
    # 20000 (0x00004e20, 20 s), or absent, or what is there instead of a DWORD.
    param([hashtable] $Current)
    if ($Current.Kind -eq 'absent') { return 'absent' }
    if ($Current.Kind -ne 'DWord' -or $Current.Data -isnot [int]) { return "$($Current.Data) (not a DWORD of 32 bits, but $($Current.Kind))" }
    Format-Number -Number ([Convert]::ToUInt32(('{0:x8}' -f $Current.Data), 16))
}

try {
    $wrong = 0
    foreach ($setting in $settings) {
        $current = Get-CurrentValue -Name $setting.Name
        $answer = 'ok'
        if (-not (Test-CurrentValue -Current $current -Setting $setting)) {
            $answer = 'WRONG'
            $wrong++
        }
        Write-Output "$($setting.Name): wanted $(Format-Number -Number $setting.Wanted), found $(Format-CurrentValue -Current $current): $answer"
    }
} catch {
    Write-Failure -Message "cannot read $($registryKey): $($_.Exception.Message)"
    exit 1
}
exit ([int] ($wrong -gt 0))
