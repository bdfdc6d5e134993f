#Requires -Version 5.1
<#
.SYNOPSIS
    Applies the TCP keep-alive profile largest-values to this machine.
.DESCRIPTION
    Sets these values, REG_DWORD and in milliseconds, under HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters:
      KeepAliveTime = 4294967294 (dword:fffffffe)
      KeepAliveInterval = 4294967294 (dword:fffffffe)

    What was there before the first change is recorded for the uninstaller, in the folder largest-values of %ProgramData%\keepalive-kit.
    Every value is read back. Where one cannot be written, all are put back. It is safe to run twice.

    Exit codes: 0 nothing to do; 3010 done, a restart puts it in force; 1 failed, nothing is changed; 2 wrong usage;
    5 not started as administrator.
.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File install.ps1 -WhatIf
    Shows what would change, and changes nothing.
.EXAMPLE
    powershell -NoProfile -ExecutionPolicy Bypass -File install.ps1
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # Takes what is no parameter of this script, so that it is refused with exit code 2.
    [Parameter(ValueFromRemainingArguments, DontShow)]
    [string[]] $Unknown
)

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

# An administrator counts only after "Run as administrator"; SYSTEM counts too. A trial run needs no rights.
$user = [Security.Principal.WindowsPrincipal] [Security.Principal.WindowsIdentity]::GetCurrent()
if (-not $WhatIfPreference -and -not $user.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    Write-Failure -Message 'nothing is changed: this needs an administrator. Start it from a PowerShell that was opened with "Run as administrator"'
    exit 5
}

$registryKey = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
$settings = @(
    @{ Name = 'KeepAliveTime'; Wanted = [uint32] 4294967294; Text = '1193 h 2 min 47 s 294 ms' }
    @{ Name = 'KeepAliveInterval'; Wanted = [uint32] 4294967294; Text = '1193 h 2 min 47 s 294 ms' }
)

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

function Format-WantedValue {
    # 20000 (0x00004e20, 20 s)
    param([hashtable] $Setting)
    '{0} (0x{0:x8}, {1})' -f $Setting.Wanted, $Setting.Text
}

function Format-CurrentValue {
    # 20000 (0x00004e20, 20 s), or absent, or what is there instead of a DWORD.
    param([hashtable] $Current)
    if ($Current.Kind -eq 'absent') { return 'absent' }
    if ($Current.Kind -ne 'DWord' -or $Current.Data -isnot [int]) { return "$($Current.Data) (not a DWORD of 32 bits, but $($Current.Kind))" }
    $number = [Convert]::ToUInt32(('{0:x8}' -f $Current.Data), 16)
    $unit = @{ Name = 'h'; Size = 3600000 }, @{ Name = 'min'; Size = 60000 }, @{ Name = 's'; Size = 1000 }, @{ Name = 'ms'; Size = 1 } |
        Where-Object { $number -ge $_.Size -and $number % $_.Size -eq 0 } |
        ForEach-Object { '{0} {1}' -f ($number / $_.Size), $_.Name }
    '{0} (0x{0:x8}, {1})' -f $number, (@($unit) + '0 ms')[0]
}

# A value is held here as a .reg file has it behind the equals sign: dword:00004e20, "text", hex(b):20,4e,...; and - where
# it is absent. So a value of any type comes back exactly as it was.

function Invoke-RegistryTool {
    # Runs reg.exe, which says nothing here unless it fails.
    param([string[]] $ArgumentList)
    $ErrorActionPreference = 'Continue' # else Windows PowerShell stops at the first line that a program writes on its stderr
    $said = & ([IO.Path]::Combine([Environment]::SystemDirectory, 'reg.exe')) $ArgumentList 2>&1
    if ($LASTEXITCODE -ne 0) { throw "reg.exe $($ArgumentList[0]) ended with code $($LASTEXITCODE): $($said -join ' ')" }
}

function ConvertTo-AsciiValue {
    # A string that has other characters than printable ASCII as its bytes, so that it stays one line of any .reg file; anything
    # else as it is.
    param([string] $Value)
    if (-not $Value.StartsWith('"') -or $Value -match '\A"[ -~]*"\z') { return $Value }
    $string = $Value.Substring(1, $Value.Length - 2) -replace '\\(["\\])', '$1'
    $bytes = [Text.Encoding]::Unicode.GetBytes("$string`0") | ForEach-Object { '{0:x2}' -f $_ }
    'hex(1):' + ($bytes -join ',')
}

function ConvertFrom-RegistryFile {
    # The values, by name, of the key that the text of a .reg file begins with. What is not understood is an error: a value
    # that is overlooked here would be taken for absent.
    param([string] $Text, [string] $Source)
    $top = [regex]::Match($Text, '\AWindows Registry Editor Version 5\.00\r?\n\r?\n\[(?<key>[^\r\n]*)\]\r?\n')
    if (-not $top.Success) { throw "$Source does not begin like a .reg file" }
    if ($top.Groups['key'].Value -ne $registryKey) { throw "$Source is about another key: $($top.Groups['key'].Value)" }

    $entry = [regex] ('\G(?:@|"(?<name>(?:[^"\\]|\\.)*)")=(?<value>-|"(?:[^"\\]|\\.)*"|dword:[0-9a-f]{8}' +
        '|hex(?:\([0-9a-f]+\))?:(?:[0-9a-f]{2}(?:,|(?![0-9a-f]))|\\\r?\n *)*)(?:\r?\n|\z)')
    $values = @{}
    $position = $top.Length
    while (($match = $entry.Match($Text, $position)).Success) {
        $values[$match.Groups['name'].Value] = ConvertTo-AsciiValue -Value $match.Groups['value'].Value
        $position += $match.Length
    }
    $rest = $Text.Substring($position).TrimStart()
    if ($rest -ne '' -and -not $rest.StartsWith('[')) { throw "$Source holds a line that is not understood: $(($rest -split '\r?\n')[0])" }
    return $values
}

function ConvertTo-RegistryFile {
    # The text of a .reg file that makes the key hold these values.
    param([Collections.IDictionary] $Values)
    $entries = foreach ($name in $Values.Keys) { '"{0}"={1}' -f $name, $Values[$name] }
    (@('Windows Registry Editor Version 5.00', '', "[$registryKey]") + $entries + @('', '')) -join "`r`n"
}

function Test-SameValue {
    # Whether two values are the same, wherever their bytes are broken into lines.
    param([string] $One, [string] $Other)
    ($One -replace '\\\r?\n *') -ceq ($Other -replace '\\\r?\n *')
}

function Read-RegistryValue {
    # What the registry holds now under these names.
    param([string[]] $Name)
    $file = [IO.Path]::GetTempFileName()
    try {
        Invoke-RegistryTool -ArgumentList 'export', $registryKey, $file, '/y'
        $found = ConvertFrom-RegistryFile -Text ([IO.File]::ReadAllText($file)) -Source "what reg.exe exports from $registryKey"
    } finally {
        [IO.File]::Delete($file)
    }
    $values = [ordered] @{}
    foreach ($one in $Name) { $values[$one] = if ($found.ContainsKey($one)) { $found[$one] } else { '-' } }
    return $values
}

function Write-RegistryValue {
    # Makes the registry hold these values and reads them back: an import can skip a line and report success all the same.
    param([Collections.IDictionary] $Values)
    $file = [IO.Path]::GetTempFileName()
    try {
        # UTF-16, as reg.exe exports: in an ANSI file, the bytes of a REG_EXPAND_SZ or REG_MULTI_SZ can be taken for ANSI text.
        [IO.File]::WriteAllText($file, (ConvertTo-RegistryFile -Values $Values), [Text.Encoding]::Unicode)
        Invoke-RegistryTool -ArgumentList 'import', $file
    } finally {
        [IO.File]::Delete($file)
    }
    $current = Read-RegistryValue -Name @($Values.Keys)
    foreach ($name in $Values.Keys) {
        if (-not (Test-SameValue -One $current[$name] -Other $Values[$name])) {
            throw "$name was to become $($Values[$name]) and reads back as $($current[$name])"
        }
    }
}

# The record on this machine, two .reg files: what was there before the first change, and what this kit wrote last.
$recordFolder = [IO.Path]::Combine($env:ProgramData, 'keepalive-kit', 'largest-values')
$beforeFile = [IO.Path]::Combine($recordFolder, 'before.reg')
$installedFile = [IO.Path]::Combine($recordFolder, 'installed.reg')

function Read-Record {
    # The values in one file of the record. Every one of these names has to be in it.
    param([string] $Path, [string[]] $Name)
    $text = [IO.File]::ReadAllText($Path, [Text.Encoding]::GetEncoding('iso-8859-1'))
    if ($text -match '[^\x00-\x7f]') { throw "$Path holds characters that are not ASCII" }
    $found = ConvertFrom-RegistryFile -Text $text -Source $Path
    $values = [ordered] @{}
    foreach ($one in $Name) {
        if (-not $found.ContainsKey($one)) { throw "$Path says nothing about $one" }
        $values[$one] = $found[$one]
    }
    return $values
}

function Write-Record {
    # Writes one file of the record. A power cut leaves the old file or the new one, never half of one.
    param([string] $Path, [Collections.IDictionary] $Values)
    [void] [IO.Directory]::CreateDirectory($recordFolder)
    $bytes = [Text.Encoding]::ASCII.GetBytes((ConvertTo-RegistryFile -Values $Values))
    $stream = [IO.FileStream]::new("$Path.new", [IO.FileMode]::Create)
    try {
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
    } finally {
        $stream.Dispose()
    }
    if ([IO.File]::Exists($Path)) { [IO.File]::Replace("$Path.new", $Path, [NullString]::Value) } else { [IO.File]::Move("$Path.new", $Path) }
}

function Clear-Record {
    # Removes the files that this kit made, and its folders where nothing else is in them. before.reg goes last: an undo that
    # is cut off in here can be run again.
    if (-not [IO.Directory]::Exists($recordFolder)) { return }
    foreach ($file in "$installedFile.new", "$beforeFile.new", $installedFile, $beforeFile) { [IO.File]::Delete($file) }
    foreach ($folder in $recordFolder, [IO.Path]::GetDirectoryName($recordFolder)) {
        if ([IO.Directory]::GetFileSystemEntries($folder).Length -eq 0) { [IO.Directory]::Delete($folder) }
    }
}

try {
    $missing = 0
    foreach ($setting in $settings) {
        $current = Get-CurrentValue -Name $setting.Name
        if (Test-CurrentValue -Current $current -Setting $setting) {
            Write-Output "$($setting.Name) is $(Format-WantedValue -Setting $setting), as it should be"
        } else {
            Write-Output "$($setting.Name) is $(Format-CurrentValue -Current $current), to become $(Format-WantedValue -Setting $setting)"
            $missing++
        }
    }
    if ($missing -eq 0) {
        Write-Output 'Nothing to do.'
        exit 0
    }

    $names = $settings | ForEach-Object { $_.Name }
    $now = Read-RegistryValue -Name $names
    $recorded = [IO.File]::Exists($beforeFile)
    $installed = if ([IO.File]::Exists($installedFile)) { Read-Record -Path $installedFile -Name $names } else { $null }
    if ($recorded) {
        [void] (Read-Record -Path $beforeFile -Name $names)
    } elseif ($installed) {
        throw "$beforeFile is gone, the record of what was there before. Put it back; or delete $installedFile too, and what is there now is recorded"
    }

    if (-not $PSCmdlet.ShouldProcess($registryKey, "Set $($names -join ' and ')")) {
        Write-Output 'Nothing is changed.'
        exit 0
    }
} catch {
    Write-Failure -Message "nothing is changed: $($_.Exception.Message)"
    exit 1
}

try {
    $wanted = [ordered] @{}
    foreach ($setting in $settings) { $wanted[$setting.Name] = 'dword:{0:x8}' -f $setting.Wanted }
    if (-not $recorded) { Write-Record -Path $beforeFile -Values $now }
    Write-Record -Path $installedFile -Values $wanted
} catch {
    $reason = $_.Exception.Message.TrimEnd('.')
    if (-not $recorded) { Clear-Record }
    Write-Failure -Message "nothing is changed: what is there now cannot be recorded in $($recordFolder): $reason"
    exit 1
}

try {
    foreach ($setting in $settings) {
        Write-Verbose -Message "writing $($setting.Name)"
        $new = @{ Name = $setting.Name; PropertyType = 'DWord'; Value = $setting.Wanted }
        [void] (New-ItemProperty -LiteralPath "Registry::$registryKey" @new -Force -Confirm:$false)
    }
    foreach ($setting in $settings) {
        $current = Get-CurrentValue -Name $setting.Name
        if (-not (Test-CurrentValue -Current $current -Setting $setting)) {
            throw "$($setting.Name) was to become $(Format-WantedValue -Setting $setting) and reads back as $(Format-CurrentValue -Current $current)"
        }
    }
} catch {
    $reason = $_.Exception.Message.TrimEnd('.')
    try {
        Write-RegistryValue -Values $now
        if (-not $recorded) {
            Clear-Record
        } elseif ($installed) {
            Write-Record -Path $installedFile -Values $installed
        } else {
            [IO.File]::Delete($installedFile)
        }
        Write-Failure -Message "all changes are undone: $reason. A policy or a security program may hold $registryKey"
    } catch {
        Write-Failure -Message "$reason. To put back what was there failed too: $($_.Exception.Message.TrimEnd('.')). What was there before is in $beforeFile"
    }
    exit 1
}

Write-Output "What was there before is recorded in $beforeFile."
Write-Output 'Restart this machine to put it in force. Connections that are open keep their old times until then.'
exit 3010
