#Requires -Version 5.1
<#
.SYNOPSIS
    Applies the TCP keep-alive profile largest-values to this machine.
.DESCRIPTION
    Sets these values, REG_DWORD and in milliseconds, under HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters:
      KeepAliveTime = 4294967294 (dword:fffffffe)
      KeepAliveInterval = 4294967294 (dword:fffffffe)

    What was there before the first change is recorded for uninstall.ps1, in the folder largest-values of %ProgramData%\keepalive-kit.
    All values are set in one step and read back. Where one is not as it should be then, all are put back. It is safe to run
    twice, and after a run that was cut off: the next run of this script or of uninstall.ps1 goes on from there. Before the change
    it warns of a write filter or a policy that undoes it.

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

function Test-Administrator {
    # An administrator counts only after "Run as administrator"; SYSTEM counts too.
    $user = [Security.Principal.WindowsPrincipal] [Security.Principal.WindowsIdentity]::GetCurrent()
    $user.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

# A trial run needs no rights.
if (-not $WhatIfPreference -and -not (Test-Administrator)) {
    Write-Failure -Message 'nothing is changed: this needs an administrator. Start it from a PowerShell that was opened with "Run as administrator"'
    exit 5
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
    param([Collections.IDictionary] $Values, [string[]] $Comment = @())
    $entries = foreach ($name in $Values.Keys) { '"{0}"={1}' -f $name, $Values[$name] }
    (@('Windows Registry Editor Version 5.00', '') + $Comment + "[$registryKey]" + $entries + @('', '')) -join "`r`n"
}

function Format-Entry {
    # 20000 (0x00004e20, 20 s), or absent, or what is there instead of a DWORD, as a .reg file has it.
    param([string] $Value)
    if ($Value -eq '-') { return 'absent' }
    if ($Value -match '\Adword:([0-9a-f]{8})\z') { return Format-Number -Number ([Convert]::ToUInt32($Matches[1], 16)) }
    $line = $Value -replace '\\\r?\n *'
    if ($line.Length -gt 80) { $line = $line.Substring(0, 80) + '...' }
    "$line (not a DWORD of 32 bits)"
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
    if ($Values.Count -eq 0) { return }
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
            throw "$name was to become $(Format-Entry -Value $Values[$name]) and reads back as $(Format-Entry -Value $current[$name])"
        }
    }
}

# The record on this machine: .reg files in a folder of this profile. before.reg holds what was there before the first change
# and is written once; installed.reg what this kit wrote last; previous.reg what installed.reg said before another version of
# the profile was installed. So what is neither before nor installed nor previous was set by somebody else.
$recordFolder = [IO.Path]::Combine($env:ProgramData, 'keepalive-kit', 'largest-values')
$recordParts = 'before', 'previous', 'installed'

function Get-RecordPath {
    param([string] $Part)
    [IO.Path]::Combine($recordFolder, "$Part.reg")
}

$beforeFile = Get-RecordPath -Part 'before'

function Test-Record {
    # Whether this kit recorded anything on this machine.
    @($recordParts | Where-Object { [IO.File]::Exists((Get-RecordPath -Part $_)) }).Count -gt 0
}

$lockFile = [IO.Path]::Combine($env:SystemRoot, 'keepalive-kit', 'lock.txt')

function Open-Lock {
    # Lets one run at a time at the records and the registry: a file that nobody else can open as long as this run holds it.
    # It lies where only an administrator can make one. Windows closes it when the run ends, however it ends, and a file that
    # is left holds nobody up.
    try {
        [void] [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($lockFile))
        return [IO.FileStream]::new($lockFile, [IO.FileMode]::OpenOrCreate, [IO.FileAccess]::ReadWrite, [IO.FileShare]::None)
    } catch {
        $reason = $_.Exception.GetBaseException()
        # ERROR_SHARING_VIOLATION
        if ($reason.HResult -eq -2147024864) { throw "another run of an installer or uninstaller holds $lockFile. Wait until it has ended, and start this again" }
        throw "this has to write $($lockFile): $($reason.Message)"
    }
}

function Close-Lock {
    # Ends what Open-Lock began, and removes the folders of the record and of the lock where nothing is in them.
    param([IO.FileStream] $Lock)
    if ($null -eq $Lock) { return }
    try {
        Remove-EmptyFolder -Path $recordFolder, ([IO.Path]::GetDirectoryName($recordFolder))
        $Lock.Dispose()
        [IO.File]::Delete($lockFile)
        Remove-EmptyFolder -Path ([IO.Path]::GetDirectoryName($lockFile))
    } catch {
        Write-Verbose -Message "$lockFile stays, which holds nobody up: $($_.Exception.Message)"
    }
}

function Remove-EmptyFolder {
    # Removes those of these folders that are there and empty.
    param([string[]] $Path)
    foreach ($folder in $Path) {
        if ([IO.Directory]::Exists($folder) -and [IO.Directory]::GetFileSystemEntries($folder).Length -eq 0) { [IO.Directory]::Delete($folder) }
    }
}

function Read-RecordFile {
    # The values in one file of the record, or nothing where there is no such file. Every one of these names has to be in it.
    param([string] $Path, [string[]] $Name)
    if (-not [IO.File]::Exists($Path)) { return $null }
    $text = [IO.File]::ReadAllText($Path, [Text.Encoding]::GetEncoding('iso-8859-1'))
    if ($text -match '[^\x00-\x7f]') { throw "$Path holds characters that are not ASCII" }
    $top = '\A(Windows Registry Editor Version 5\.00\r?\n\r?\n);keepalive-kit record '
    if ($text -match "$top(?:[2-9]|[1-9][0-9]+)\r?\n") { throw "$Path was written by a newer version of keepalive-kit: use that one" }
    $found = ConvertFrom-RegistryFile -Text ($text -replace "$($top)1\r?\n", '$1') -Source $Path
    $values = [ordered] @{}
    foreach ($one in $Name) {
        if (-not $found.ContainsKey($one)) { throw "$Path says nothing about $one" }
        $values[$one] = $found[$one]
    }
    return $values
}

function Read-Record {
    # What the record says: the values of each of its files by the file's name, nothing for a file that is not there.
    param([string[]] $Name, [string[]] $Part = $recordParts)
    $record = @{ before = $null; previous = $null; installed = $null }
    foreach ($one in $Part) { $record[$one] = Read-RecordFile -Path (Get-RecordPath -Part $one) -Name $Name }
    if ($null -eq $record.before -and (Test-Record)) {
        throw "$beforeFile is gone, the record of what was there before. Put it back; or delete the other files beside it, and what is there now counts as that"
    }
    return $record
}

function Get-NextRecord {
    # What the record is to say once these values are installed over what is there now.
    param([hashtable] $Record, [Collections.IDictionary] $Now, [Collections.IDictionary] $Installed)
    $next = @{ before = $Record.before; previous = $Record.previous; installed = $Installed }
    if ($null -eq $next.before) { $next.before = $Now }
    if ($Record.installed -and (ConvertTo-RegistryFile -Values $Record.installed) -ne (ConvertTo-RegistryFile -Values $Installed)) {
        $next.previous = $Record.installed
    }
    return $next
}

function Write-RecordFile {
    # Writes one file of the record. A power cut leaves the old file or the new one, never half of one.
    param([string] $Path, [Collections.IDictionary] $Values)
    $text = ConvertTo-RegistryFile -Values $Values -Comment ';keepalive-kit record 1'
    if ([IO.File]::Exists($Path) -and [IO.File]::ReadAllText($Path) -eq $text) { return }
    $bytes = [Text.Encoding]::ASCII.GetBytes($text)
    [void] [IO.Directory]::CreateDirectory($recordFolder)
    $stream = [IO.FileStream]::new("$Path.new", [IO.FileMode]::Create)
    try {
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
    } finally {
        $stream.Dispose()
    }
    if ([IO.File]::Exists($Path)) { [IO.File]::Replace("$Path.new", $Path, [NullString]::Value) } else { [IO.File]::Move("$Path.new", $Path) }
}

function Write-Record {
    # Makes the record say this. Whatever cuts it off, before.reg is there as long as another file is, and what the registry
    # holds is in one of the files; so a later run can go on from there.
    param([hashtable] $Record)
    foreach ($part in $recordParts) {
        $path = Get-RecordPath -Part $part
        if ($null -eq $Record[$part] -or ($part -eq 'before' -and [IO.File]::Exists($path))) { continue }
        Write-RecordFile -Path $path -Values $Record[$part]
    }
    foreach ($part in 'previous', 'installed', 'before') {
        if ($null -ne $Record[$part]) { continue }
        $path = Get-RecordPath -Part $part
        foreach ($file in "$path.new", $path) { if ([IO.File]::Exists($file)) { [IO.File]::Delete($file) } }
    }
}

function Get-MachineKey {
    # A key below HKEY_LOCAL_MACHINE as programs of 64 bits see it, or nothing.
    param([string] $Path)
    [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64').OpenSubKey($Path)
}

function Get-WriteFilter {
    # The write filters of Windows that seem to be on, each with the command that switches it off. What tells for certain is
    # their own programs and WMI; here it is read what their drivers are set to.
    foreach ($copy in 'Copy0', 'Copy1') {
        $unified = Get-MachineKey -Path "SYSTEM\CurrentControlSet\Services\uwfvol\Parameters\Static\$copy"
        if ($null -ne $unified -and $unified.GetValue('UWFEnabled') -eq 1) {
            @{ Name = 'the Unified Write Filter (UWF)'; Off = 'uwfmgr filter disable' }
            break
        }
    }
    $enhanced = Get-MachineKey -Path 'SYSTEM\CurrentControlSet\Services\ewf\Parameters\Protected'
    if ($null -ne $enhanced -and $enhanced.SubKeyCount -gt 0) {
        @{ Name = 'the Enhanced Write Filter (EWF)'; Off = "ewfmgr $env:SystemDrive -disable" }
    }
    $fileBased = Get-MachineKey -Path 'SYSTEM\CurrentControlSet\Services\fbwf'
    if ($null -ne $fileBased -and $fileBased.GetValue('Start', 4) -ne 4) { # 4: the driver is disabled
        @{ Name = 'the File-Based Write Filter (FBWF)'; Off = 'fbwfmgr /disable' }
    }
}

function Get-PolicySource {
    # Where a policy is found that sets one of our values: the list of what group policy applied to this machine, the local
    # policy, and what a device management set through the policy "MSS (Legacy)".
    param([string] $Name)
    $system = [IO.Path]::Combine($env:SystemRoot, 'Sysnative') # System32 as a program of 32 bits has to call it
    if (-not [IO.Directory]::Exists($system)) { $system = [Environment]::SystemDirectory }
    foreach ($file in [IO.Path]::Combine($env:ProgramData, 'ntuser.pol'), [IO.Path]::Combine($system, 'GroupPolicy\Machine\Registry.pol')) {
        if (-not [IO.File]::Exists($file)) { continue }
        $text = [Text.Encoding]::Unicode.GetString([IO.File]::ReadAllBytes($file)) # [KEY NUL ; VALUE NUL ; ...]: MS-GPREG 2.2.1
        if ($text -match "\\Tcpip\\Parameters\x00;(?:\*\*del\.)?$Name\x00;") { $file }
    }
    $managed = Get-MachineKey -Path 'SOFTWARE\Microsoft\PolicyManager\current\device\ADMX_MSS-legacy'
    if ($null -ne $managed -and $null -ne $managed.GetValue("Pol_MSS_$Name")) { $managed.Name }
}

function Write-Obstacle {
    # Warns of what makes a change vanish or have no effect.
    try {
        foreach ($filter in Get-WriteFilter) {
            Write-Warning -Message "$($filter.Name) seems to be on: then this change and its record are gone at the next start. First switch it off with $($filter.Off) and restart; start this again; then switch it on again."
        }
        foreach ($setting in $settings) {
            foreach ($source in Get-PolicySource -Name $setting.Name) {
                Write-Warning -Message "a policy sets $($setting.Name) ($source) and writes it again at its next refresh. Change it there: the policy is 'MSS: (KeepAliveTime) How often keep-alive packets are sent'."
            }
        }
    } catch {
        Write-Warning -Message "whether a write filter or a policy undoes this change cannot be told: $($_.Exception.Message)"
    }
}

function Write-Change {
    # Makes the record say what it is to say, and then the registry hold these values. Where either fails, both are put back.
    param([Collections.IDictionary] $Values, [Collections.IDictionary] $Now, [hashtable] $Record, [hashtable] $Next)
    try {
        Write-Record -Record $Next
    } catch {
        $reason = $_.Exception.GetBaseException().Message.TrimEnd('.')
        try { Write-Record -Record $Record } catch { $reason += ". The record is not as it was: $($_.Exception.GetBaseException().Message.TrimEnd('.'))" }
        throw "nothing is changed: what is there now cannot be recorded in $($recordFolder): $reason"
    }
    try {
        Write-RegistryValue -Values $Values
    } catch {
        $reason = $_.Exception.GetBaseException().Message.TrimEnd('.')
        try {
            Write-RegistryValue -Values $Now
            Write-Record -Record $Record
        } catch {
            throw "$reason. To put back what was there failed too: $($_.Exception.GetBaseException().Message.TrimEnd('.')). What was there before is in $beforeFile"
        }
        throw "all changes are undone: $reason. A policy or a security program may hold $registryKey"
    }
}

function Install-Profile {
    # Says what it does, and makes $exitCode 3010 once it is done. What it cannot do it throws.
    [CmdletBinding(SupportsShouldProcess)]
    param()
    $wanted = [ordered] @{}
    foreach ($setting in $settings) { $wanted[$setting.Name] = 'dword:{0:x8}' -f $setting.Wanted }
    $names = @($wanted.Keys)
    $lock = $null
    try {
        try {
            if (-not $WhatIfPreference) { $lock = Open-Lock }
            $now = Read-RegistryValue -Name $names
            $missing = 0
            foreach ($name in $names) {
                $goal = Format-Entry -Value $wanted[$name]
                if (Test-SameValue -One $now[$name] -Other $wanted[$name]) {
                    Write-Output "$name is $goal, as it should be."
                } else {
                    Write-Output "$name is $(Format-Entry -Value $now[$name]), to become $goal."
                    $missing++
                }
            }
            if ($missing -eq 0) { return 'Nothing to do.' }
            $record = Read-Record -Name $names
            Write-Obstacle
            if (-not $PSCmdlet.ShouldProcess($registryKey, "Set $($names -join ' and ')")) { return 'Nothing is changed.' }
        } catch {
            throw "nothing is changed: $($_.Exception.Message)"
        }
        Write-Verbose -Message "writing $($names -join ' and ')"
        Write-Change -Values $wanted -Now $now -Record $record -Next (Get-NextRecord -Record $record -Now $now -Installed $wanted)
        $script:exitCode = 3010
        Write-Output "What was there before is recorded in $beforeFile."
        Write-Output 'Restart this machine to put it in force. Connections that are open keep their old times until then.'
    } finally {
        Close-Lock -Lock $lock
    }
}

$exitCode = 0
try {
    Install-Profile
    exit $exitCode
} catch {
    Write-Failure -Message $_.Exception.Message
    exit $(if ($exitCode -eq 3010) { 3010 } else { 1 }) # 3010: it is done, and only the message about it failed
}
