<#
.SYNOPSIS
    Tells Intune whether this machine is set as the TCP keep-alive profile largest-values says.
.DESCRIPTION
    The detection script of a remediation, with remediate.ps1 beside it. Reads these values under
    HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters and changes nothing:
      KeepAliveTime = 4294967294 (dword:fffffffe)
      KeepAliveInterval = 4294967294 (dword:fffffffe)

    One line on the output, nothing on the error stream. Exit codes: 0 as it should be; 1 remediate.ps1 is needed, also where
    the values cannot be read.
#>
[CmdletBinding()]
param()

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    Write-Output 'Nothing is changed: a policy of this machine keeps unsigned scripts from the full language of PowerShell. Sign this script, or use the .cmd scripts.'
    exit 1
}
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

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

function Format-Line {
    # One line of what is said, no longer than the 2048 characters that Intune keeps.
    param([string[]] $Text)
    $line = ($Text -join ' ') -replace '\s+', ' '
    $line.Substring(0, [Math]::Min($line.Length, 2048))
}

try {
    $wrong = foreach ($setting in $settings) {
        $current = Get-CurrentValue -Name $setting.Name
        if (-not (Test-CurrentValue -Current $current -Setting $setting)) {
            "$($setting.Name) is $(Format-CurrentValue -Current $current), to become $(Format-Number -Number $setting.Wanted)."
        }
    }
    if ($wrong) {
        Write-Output (Format-Line -Text $wrong)
        exit 1
    }
    Write-Output 'The keep-alive values are as they should be.'
    exit 0
} catch {
    Write-Output (Format-Line -Text "Cannot read $($registryKey): $($_.Exception.Message)")
    exit 1
}
