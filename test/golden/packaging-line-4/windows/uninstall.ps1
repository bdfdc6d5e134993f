<#
.SYNOPSIS
    Takes the TCP keep-alive profile packaging-line-4 back from this machine: what was there before comes back.
.DESCRIPTION
    Gives these values below HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters
    their former data and type, or removes them if they were absent:
      KeepAliveTime
      KeepAliveInterval

    They are recorded below HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\keepalive-kit.
    The script changes everything and removes the record, or changes nothing: so if another profile than packaging-line-4 is
    installed, or if somebody edited a value since. A run that was cut off is completed by the next one.

    Exit codes: 0 nothing to do; 3010 done, a restart puts it in force; 1 failed, nothing is changed; 2 wrong usage;
    4 done, but a write filter or a policy will overrule it; 5 not started as administrator.
.PARAMETER Previous
    Goes back one step: to the profile that was installed previously, or to the defaults of Windows if -Defaults came before.
.PARAMETER Defaults
    Removes the values, which puts the defaults of Windows in force. The record stays, or begins here.
.PARAMETER Force
    Goes back although another profile is installed, or a value was edited.
.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File uninstall.ps1
    With -WhatIf behind it, shows what would change, and changes nothing.
#>

#Requires -Version 5.1
[CmdletBinding(SupportsShouldProcess)]
param(
    [switch] $Previous,
    [switch] $Defaults,
    [switch] $Force,
    [Parameter(ValueFromRemainingArguments, DontShow)] [string[]] $Unknown # refused with exit code 2
)

$profileName = 'packaging-line-4'
$valuesKey = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
$wanted = [ordered] @{ # milliseconds
    KeepAliveTime = [ordered] @{ Kind = 'DWord'; Data = [uint32] 20000 }
    KeepAliveInterval = [ordered] @{ Kind = 'DWord'; Data = [uint32] 5000 }
}
$recordKey = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\keepalive-kit'

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

# A machine has one record, whatever profiles come and go. Its parts are the keys before, installed and previous: the values
# before the first install, those of the installed profile, and those of the previous one. Profile and PreviousProfile name the
# profiles; the defaults of Windows have neither name nor values. Without the value Record, it is no record.
$recordPath = $recordKey -replace '^HKEY_LOCAL_MACHINE\\'
$nameOf = [ordered] @{ before = 'BeforeProfile'; installed = 'Profile'; previous = 'PreviousProfile' }

function Read-Record {
    # The parts of the record, or nothing. A part that is absent, or that a run left half-written, is $null.
    $format = Read-Value -Path $recordPath -Name 'Record'
    if ($null -eq $format) { return }
    if ($format.Data -ne 1) { throw "a newer version of keepalive-kit wrote $recordKey. Use that one" }
    $record = [ordered] @{ before = $null; installed = $null; previous = $null }
    $keys = $machine.OpenSubKey($recordPath).GetSubKeyNames()
    foreach ($part in $nameOf.Keys | Where-Object { $keys -contains $_ }) {
        $found = Read-Part -Path "$recordPath\$part"
        $found['Profile'] = Read-Value -Path $recordPath -Name $nameOf[$part]
        if ($part -eq 'before' -or @($found.Values | Where-Object { $_ }).Count -in 0, $found.Count) { $record[$part] = $found }
    }
    if ($null -eq $record.before) { throw "$recordKey has lost its key before. Delete $recordKey, and the values of now count as those before the first install" }
    return $record
}

function Write-Value([string] $Path, [string] $Name, $Value) {
    if (Test-Same -One (Read-Value -Path $Path -Name $Name) -Other $Value) { return }
    Write-Verbose -Message "writing $Path\$Name"
    $key = $machine.CreateSubKey($Path)
    if ($null -eq $Value) { $key.DeleteValue($Name); return }
    $data = $Value.Data
    if ($data -is [uint32]) { $data = [BitConverter]::ToInt32([BitConverter]::GetBytes($data), 0) }
    $key.SetValue($Name, $data, $Value.Kind)
}

function Write-Machine([Collections.IDictionary] $Values, [Collections.IDictionary] $Record, [switch] $Back) {
    # Makes the machine hold these values and this record, and reads them back. Wherever it is cut off, the record knows each
    # value: forwards it writes previous, installed and the values in this order, back in the opposite one. The name of a
    # profile comes before its values, so a part that is half-written is known as such.
    if ($Back) { foreach ($name in $names) { Write-Value -Path $valuesPath -Name $name -Value $Values[$name] } }
    $is = Read-Record
    $key = $machine.CreateSubKey($recordPath)
    if ($null -eq $Record -or $null -eq $is) { # removes the record, or what is left of one
        $key.DeleteValue('Record', $false)
        $key.Dispose()
        $machine.DeleteSubKeyTree($recordPath)
        $is = @{ before = $null; installed = $null; previous = $null }
    }
    foreach ($part in $(if ($Back) { 'before', 'installed', 'previous' } else { 'before', 'previous', 'installed' })) {
        if ($null -eq $Record -or ($null -ne $Record[$part] -and (Test-Same -One $is[$part] -Other $Record[$part]))) { continue }
        $key = $machine.CreateSubKey($recordPath)
        $key.DeleteSubKeyTree($part, $false)
        $key.DeleteValue($nameOf[$part], $false)
        if ($null -eq $Record[$part]) { continue }
        Write-Value -Path $recordPath -Name $nameOf[$part] -Value $Record[$part].Profile
        [void] $key.CreateSubKey($part)
        foreach ($name in $names) { Write-Value -Path "$recordPath\$part" -Name $name -Value $Record[$part][$name] }
    }
    if ($null -ne $Record) { Write-Value -Path $recordPath -Name 'Record' -Value ([ordered] @{ Kind = 'DWord'; Data = [uint32] 1 }) }
    if (-not $Back) { foreach ($name in $names) { Write-Value -Path $valuesPath -Name $name -Value $Values[$name] } }
    $is = Read-Part -Path $valuesPath
    $wrong = foreach ($name in $names) { if (-not (Test-Same -One $is[$name] -Other $Values[$name])) { "$name was to become $(Format-Value -Value $Values[$name]) and reads back as $(Format-Value -Value $is[$name])" } }
    if ($wrong) { throw $wrong -join '; ' }
    if (-not (Test-Same -One (Read-Record) -Other $Record)) { throw "$recordKey does not read back as it was written" }
}

function Get-NextRecord([Collections.IDictionary] $Values, [string] $Name) {
    # The record after the install of these values, of a profile or, without a name, of the defaults of Windows.
    $installed = [ordered] @{}
    foreach ($one in $names) { $installed[$one] = $Values[$one] }
    $installed['Profile'] = if ($Name) { [ordered] @{ Kind = 'String'; Data = $Name } }
    if ($null -eq $record) { return [ordered] @{ before = $now; installed = $installed; previous = $null } }
    $stays = $null -eq $record.installed -or (Test-Same -One $record.installed -Other $installed)
    return [ordered] @{ before = $record.before; installed = $installed; previous = if ($stays) { $record.previous } else { $record.installed } }
}

function Test-Edited([string] $Name) {
    # Whether somebody else set a value since there is a record.
    $null -ne $record -and -not ($record.Values | Where-Object { $null -ne $_ -and (Test-Same -One $_[$Name] -Other $now[$Name]) })
}

function Update-Machine([Collections.IDictionary] $Values, [Collections.IDictionary] $Next, [switch] $Back) {
    # Tells what changes, and changes it or puts everything back. Sets $exitCode when it is done.
    $changed = @($names | Where-Object { -not (Test-Same -One $now[$_] -Other $Values[$_]) })
    foreach ($name in $names) {
        $is = $now[$name]
        if ($changed -notcontains $name) { Write-Output "$name is $(Format-Value -Value $is), as it should be."; continue }
        if ($null -ne $is -and ($is.Kind -eq 'Unknown' -or ($is.Kind -eq 'DWord' -and $is.Data -isnot [uint32]))) { throw "$name has a type that PowerShell cannot write back. Use the .cmd scripts" }
        $by = if (Test-Edited -Name $name) { ', which somebody set since the last install' }
        Write-Output "$name is $(Format-Value -Value $is)$by, to become $(Format-Value -Value $Values[$name])."
    }
    if (-not $changed -and ($null -eq $record -or (Test-Same -One $record -Other $Next))) { return 'Nothing to do.' }
    $obstacles = @(if ($changed) { Get-Obstacle -Values $Values })
    $obstacles | ForEach-Object { Write-Warning -Message $_ }
    if (-not $PSCmdlet.ShouldProcess($valuesKey, "Set $($names -join ' and '), and record it")) { return 'Nothing is changed.' }
    try {
        Write-Machine -Values $Values -Record $Next -Back:$Back
    } catch {
        $reason = $_.Exception.GetBaseException().Message.TrimEnd('.')
        $script:outcome = 'not all changes are undone'
        try { Write-Machine -Values $now -Record $record -Back } catch { throw "$reason. To undo it failed too: $($_.Exception.GetBaseException().Message)" }
        $script:outcome = 'all changes are undone'
        throw $reason
    }
    $script:outcome = 'it is done, but'
    if ($changed) { $script:exitCode = if ($obstacles) { 4 } else { 3010 } }
    Write-Output $(if ($null -ne $Next) { "The values before the first install are recorded in $recordKey." } else { 'The record is removed.' })
    if ($changed) { Write-Output 'Restart this machine to put it in force. Connections that are open keep their times until then.' }
}

$lockFolder = [IO.Path]::Combine([Environment]::GetFolderPath('Windows'), 'keepalive-kit')

function Open-Lock {
    # Keeps other runs out. Only an administrator can make the folder; Windows deletes the file when the run ends, however it ends.
    if ([IO.Directory]::CreateDirectory($lockFolder).Attributes -band [IO.FileAttributes]::ReparsePoint) { throw "$lockFolder is a link. Remove it" }
    [IO.FileStream]::new([IO.Path]::Combine($lockFolder, 'lock.txt'), 'OpenOrCreate', 'ReadWrite', 'None', 1, [IO.FileOptions]::DeleteOnClose)
}

function Close-Lock {
    if ($null -eq $lock) { return }
    $lock.Dispose()
    try { [IO.Directory]::Delete($lockFolder) } catch { Write-Verbose -Message "$lockFolder is not removed" }
}

$user = [Security.Principal.WindowsPrincipal] [Security.Principal.WindowsIdentity]::GetCurrent()
$elevated = $user.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator) # SYSTEM is one too
$outcome = 'nothing is changed'
$lock = $null

function Undo-Profile {
    # Goes back, unless another profile is installed or a value was edited.
    if ($Defaults) {
        $goal = @{}
        $next = Get-NextRecord -Values $goal
    } elseif ($null -eq $record) {
        if ($Previous) { throw "there is no record in $recordKey" }
        if (-not ($names | Where-Object { -not (Test-Same -One $now[$_] -Other $wanted[$_]) })) { throw 'the values of this profile are set, but no record says what was there before. uninstall.ps1 -Defaults removes them' }
        if ($null -ne $lock) { Write-Machine -Values $now -Back } # removes what is left of a record
        return "There is no record in $recordKey, so there is nothing to undo."
    } else {
        $goal = if ($Previous) { $record.previous } else { $record.before }
        if ($null -eq $goal) { throw 'no profile was installed previously' }
        $next = if ($Previous) { [ordered] @{ before = $record.before; installed = $record.previous; previous = $null } }
    }
    if ($null -ne $record -and -not $Force) {
        $installed = if ($null -ne $record.installed -and $null -ne $record.installed.Profile) { $record.installed.Profile.Data } else { $profileName }
        if ($installed -cne $profileName) { throw "the profile $installed is installed, and not $profileName. Its uninstall.ps1 goes back; -Force goes back all the same" }
        $edits = foreach ($name in $names | Where-Object { (Test-Edited -Name $_) -and -not (Test-Same -One $now[$_] -Other $goal[$_]) }) {
            "$name is $(Format-Value -Value $now[$name]), which somebody set since the last install, and would become $(Format-Value -Value $goal[$name])"
        }
        if ($edits) { throw "$($edits -join '; '). -Force changes it all the same" }
    }
    Update-Machine -Values $goal -Next $next -Back:(-not $Defaults)
}

try {
    $exitCode = 2
    if ($Unknown) { throw "not understood: $Unknown. Get-Help shows what this script takes" }
    if ($Defaults -and $Previous) { throw 'either -Defaults or -Previous, not both' }
    $exitCode = 5
    if (-not $WhatIfPreference -and -not $elevated) { throw 'this needs an administrator. Start it from a PowerShell that was opened with "Run as administrator"' }
    $exitCode = 0
    if (-not $WhatIfPreference) { $lock = Open-Lock }
    $now = Read-Part -Path $valuesPath
    $record = Read-Record
    Undo-Profile
} catch {
    if ($exitCode -eq 0) { $exitCode = 1 }
    $Host.UI.WriteErrorLine("uninstall.ps1: $($outcome): $($_.Exception.GetBaseException().Message)")
} finally { Close-Lock }
exit $exitCode
