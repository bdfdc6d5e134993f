import { NOWHERE, type Permissions, type Installed, type Touched } from '../../core/target.ts'

/** Commands of cmd.exe and programs of Windows that every cmd script uses. */
const CMD = ['del', 'findstr.exe', 'mkdir', 'reg.exe', 'regedit.exe', 'rmdir', 'type']

/** The lock, in a folder where only an administrator can create a file. */
const LOCK = '%SystemRoot%\\keepalive-kit\\lock.txt'

/** The lock, and the temporary files of a cmd script that holds it. */
const WORKING = ['do.reg', 'lock.txt', 'plain.txt', 'read.reg', 'undo.reg'].map(
  (file) => `%SystemRoot%\\keepalive-kit\\${file}`,
)

/** The key below which cmd finds write filters and policies. */
const SERVICES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services'

/** The key by which a device management sets KeepAliveTime. */
const MANAGED = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\ADMX_MSS-legacy'

/**
 * Group Policy keeps here which registry values it applied (Microsoft KB 201453): without it, ntuser.pol is somebody
 * else's file.
 */
const HISTORY =
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\History\\{35378EAC-683F-11D2-A89A-00C04FBBCFA2}'

/** The places where cmd finds write filters and policies. */
const CMD_OBSTACLES: Touched = {
  files: [
    '%ALLUSERSPROFILE%\\ntuser.pol',
    // The path that a 32-bit cmd.exe has to use.
    '%SystemRoot%\\Sysnative\\GroupPolicy\\Machine\\Registry.pol',
    '%SystemRoot%\\System32\\GroupPolicy\\Machine\\Registry.pol',
    '%SystemRoot%\\security\\templates\\policies\\*.*',
  ],
  keys: [
    MANAGED,
    HISTORY,
    ...['ewf\\Parameters\\Protected', 'fbwf', 'uwfvol\\Parameters\\Static\\*'].map(
      (driver) => `${SERVICES}\\${driver}`,
    ),
  ],
  values: [],
}

/** The key by which cmd detects an administrator. */
const ADMINISTRATOR = 'HKEY_USERS\\S-1-5-19'

/** install.cmd and uninstall.cmd. */
export function changingByCmd(installed: Installed): Permissions {
  return {
    commands: CMD,
    reads: { ...CMD_OBSTACLES, keys: [...CMD_OBSTACLES.keys, ADMINISTRATOR].toSorted() },
    writes: { ...recorded(installed), files: WORKING },
  }
}

/** install-offline.cmd and uninstall-offline.cmd: they change the image's registry while that is loaded. */
export function changingOffline(installed: Installed): Permissions {
  const hive = `HKEY_LOCAL_MACHINE\\${String(installed.place['hive'])}`
  const { keys, values } = recorded(installed)
  return {
    commands: CMD.filter((command) => command !== 'findstr.exe'),
    reads: { files: [], keys: [...keys, ADMINISTRATOR, `${hive}\\Select`].toSorted(), values: [] },
    writes: {
      files: ['*\\System32\\config\\SYSTEM', ...WORKING].toSorted(),
      // The image's registry is loaded under this key, and unloaded.
      keys: [hive, ...keys.map((key) => key.replace(/.*CurrentControlSet/, `${hive}\\ControlSet*`))].toSorted(),
      values,
    },
  }
}

/** SetupComplete.cmd: it starts install.cmd, and keeps the log beside itself. */
export function setupComplete(installed: Installed): Permissions {
  const { reads, writes } = changingByCmd(installed)
  return {
    commands: ['install.cmd'],
    reads,
    writes: { ...writes, files: [...writes.files, 'keepalive-kit.log'].toSorted() },
  }
}

/** check.cmd. */
export function lookingByCmd(installed: Installed): Permissions {
  const { keys, values } = written(installed)
  return {
    commands: CMD,
    reads: { files: CMD_OBSTACLES.files, keys: [...CMD_OBSTACLES.keys, ...keys].toSorted(), values },
    writes: { ...NOWHERE, files: ['%TEMP%\\keepalive-kit-*'] },
  }
}

/** The values and the record of the machine. */
function recorded(installed: Installed): Touched {
  const { files, keys, values } = written(installed)
  const record = String(installed.place['record'])
  const all = [record, ...['before', 'installed', 'previous'].map((part) => `${record}\\${part}`), ...keys]
  return { files, keys: all.toSorted(), values: [...values, 'PreviousProfile', 'Profile', 'Record'].toSorted() }
}

/** Commands that every PowerShell script uses, and those that the language itself needs. */
const POWERSHELL = ['[Microsoft.Win32.RegistryKey]::OpenBaseKey', 'ConvertTo-Json', 'Set-StrictMode', 'Write-Output']

/** Commands that look for write filters and policies. */
const POWERSHELL_OBSTACLES = [
  '[IO.File]::Exists',
  '[IO.File]::ReadAllBytes',
  '[Microsoft.Win32.Registry]::GetValue',
  'ForEach-Object',
  'Where-Object',
  'Write-Warning',
]

/** The places where PowerShell finds write filters and policies. */
const OBSTACLES: Touched = {
  files: ['%ProgramData%\\ntuser.pol', '%SystemRoot%\\System32\\GroupPolicy\\Machine\\Registry.pol'],
  keys: [
    MANAGED,
    HISTORY,
    `${SERVICES}\\ewf\\Parameters\\Protected`,
    `${SERVICES}\\fbwf`,
    `${SERVICES}\\uwfvol\\Parameters\\Static`,
  ],
  values: [],
}

/** install.ps1, uninstall.ps1 and remediate.ps1: they change our values and the record, and hold the lock. */
export function changingByPowerShell(installed: Installed): Permissions {
  const changing = [
    '[IO.Directory]::CreateDirectory',
    '[IO.Directory]::Delete',
    '[IO.FileStream]::new',
    '[Security.Principal.WindowsIdentity]::GetCurrent',
    'Write-Verbose',
  ]
  return {
    commands: [...POWERSHELL, ...POWERSHELL_OBSTACLES, ...changing].toSorted(),
    reads: OBSTACLES,
    writes: { ...recorded(installed), files: [LOCK] },
  }
}

/** check.ps1: it reads our values, and what will overrule them. */
export function checkingByPowerShell(installed: Installed): Permissions {
  const { keys, values } = written(installed)
  return {
    commands: [...POWERSHELL, ...POWERSHELL_OBSTACLES].toSorted(),
    reads: { files: OBSTACLES.files, keys: [...OBSTACLES.keys, ...keys].toSorted(), values },
    writes: NOWHERE,
  }
}

/** detect.ps1: it reads our values only. */
export function lookingByPowerShell(installed: Installed): Permissions {
  return { commands: POWERSHELL.toSorted(), reads: written(installed), writes: NOWHERE }
}

function written({ place, settings }: Installed): Touched {
  return { files: [], keys: [String(place['key'])], values: settings.toSorted() }
}
