import { NOWHERE, type Permissions, type Installed, type Touched } from '../../core/target.ts'

/** Commands of cmd.exe and programs of Windows that every cmd script uses. */
const CMD = ['del', 'mkdir', 'reg.exe', 'regedit.exe', 'rmdir', 'type']

/** The lock, in a folder where only an administrator can create a file. */
const LOCK = '%SystemRoot%\\keepalive-kit\\lock.txt'

/** The lock, and the temporary files of a cmd script that holds it. */
const WORKING = [LOCK, ...['current.reg', 'plain.txt', 'put.reg'].map((file) => `%SystemRoot%\\keepalive-kit\\${file}`)]

/** The key below which cmd finds write filters and policies. */
const SERVICES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services'
const CMD_OBSTACLES = {
  files: [
    '%ALLUSERSPROFILE%\\ntuser.pol',
    // The path that a 32-bit cmd.exe has to use.
    '%SystemRoot%\\Sysnative\\GroupPolicy\\Machine\\Registry.pol',
    '%SystemRoot%\\System32\\GroupPolicy\\Machine\\Registry.pol',
    '%SystemRoot%\\security\\templates\\policies\\*.*',
  ],
  keys: ['ewf', 'fbwf', 'uwfvol'].map((driver) => `${SERVICES}\\${driver}`),
}

/** install.cmd. */
export function changingByCmd(installed: Installed): Permissions {
  return {
    commands: [...CMD, 'findstr.exe', 'move'].toSorted(),
    reads: { files: CMD_OBSTACLES.files, keys: [...CMD_OBSTACLES.keys, 'HKEY_USERS\\S-1-5-19'], values: [] },
    writes: { ...written(installed), files: [...recordOf(installed), ...WORKING].toSorted() },
  }
}

/** uninstall.cmd. */
export function undoingByCmd(installed: Installed): Permissions {
  return lookingAtOthers(changingByCmd(installed), [installed], 'popd', 'pushd')
}

/** A script that also looks at the records of other profiles: the one installed last is uninstalled first. */
function lookingAtOthers(
  { commands, reads, writes }: Permissions,
  records: readonly Installed[],
  ...programs: readonly string[]
): Permissions {
  const others = records.map(({ place }) => `${String(place['state'])}\\*\\installed.reg`)
  return {
    commands: [...commands, ...programs].toSorted(),
    reads: { ...reads, files: [...reads.files, ...others].toSorted() },
    writes,
  }
}

/** The records of an image: inside it, or beside its registry file. */
function offline(installed: Installed): readonly Installed[] {
  return ['*\\ProgramData\\keepalive-kit', '*-keepalive-kit'].map((state) => ({ ...installed, place: { state } }))
}

/** install-offline.cmd: it changes the image's registry while that is loaded. */
export function changingOffline(installed: Installed): Permissions {
  const online = changingByCmd(installed)
  const hive = `HKEY_LOCAL_MACHINE\\${String(installed.place['hive'])}`
  const records = offline(installed).flatMap(recordOf)
  return {
    ...online,
    reads: { ...online.reads, keys: [...online.reads.keys, ...online.writes.keys, `${hive}\\Select`].toSorted() },
    writes: {
      ...online.writes,
      files: ['*\\System32\\config\\SYSTEM', ...records, ...WORKING].toSorted(),
      // The image's registry is loaded under this key, and unloaded.
      keys: [hive, `${hive}\\ControlSet*\\Services\\Tcpip\\Parameters`],
    },
  }
}

/** uninstall-offline.cmd. */
export function undoingOffline(installed: Installed): Permissions {
  return lookingAtOthers(changingOffline(installed), offline(installed), 'popd', 'pushd')
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
  return {
    commands: CMD.toSorted(),
    reads: written(installed),
    writes: { ...NOWHERE, files: ['%TEMP%\\keepalive-kit-*'] },
  }
}

/** Commands that every PowerShell script uses, and those that the language itself needs. */
const POWERSHELL = ['ForEach-Object', 'Set-StrictMode', 'Where-Object', 'Write-Output']

/** Commands for the record, its lock, and the checks before a change. */
const POWERSHELL_CHANGING = [
  ...['CreateDirectory', 'Delete', 'Exists', 'GetFileSystemEntries'].map((method) => `[IO.Directory]::${method}`),
  ...['Delete', 'Exists', 'Move', 'ReadAllBytes', 'ReadAllText', 'Replace', 'WriteAllText'].map(
    (method) => `[IO.File]::${method}`,
  ),
  '[IO.FileStream]::new',
  '[IO.Path]::GetTempFileName',
  '[Microsoft.Win32.RegistryKey]::OpenBaseKey',
  '[Security.Principal.WindowsIdentity]::GetCurrent',
  'Write-Verbose',
  'Write-Warning',
  'reg.exe',
]

/** The places where PowerShell finds write filters and policies. */
const OBSTACLES: Touched = {
  files: ['%ProgramData%\\ntuser.pol', '%SystemRoot%\\System32\\GroupPolicy\\Machine\\Registry.pol'],
  keys: [
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\ADMX_MSS-legacy',
    `${SERVICES}\\ewf\\Parameters\\Protected`,
    `${SERVICES}\\fbwf`,
    `${SERVICES}\\uwfvol\\Parameters\\Static`,
  ],
  values: [],
}

/** uninstall.ps1. */
export function undoingByPowerShell(installed: Installed): Permissions {
  return lookingAtOthers(changingByPowerShell(installed), [installed], '[IO.Directory]::GetDirectories')
}

/** install.ps1 and remediate.ps1. */
export function changingByPowerShell(installed: Installed): Permissions {
  return {
    commands: [...POWERSHELL, ...POWERSHELL_CHANGING].toSorted(),
    reads: OBSTACLES,
    writes: { ...written(installed), files: [...recordOf(installed), LOCK, '%TEMP%\\tmp*.tmp'].toSorted() },
  }
}

/** check.ps1 and detect.ps1: they read our values only. */
export function lookingByPowerShell(installed: Installed): Permissions {
  return { commands: [...POWERSHELL, 'Get-Item'].toSorted(), reads: written(installed), writes: NOWHERE }
}

function written({ place, settings }: Installed): Touched {
  return { files: [], keys: [String(place['key'])], values: settings.toSorted() }
}

/**
 * The record: the values before the kit, the installed and the previous profile; each is written to a temporary file
 * and moved.
 */
function recordOf({ place, name }: Installed): readonly string[] {
  const folder = `${String(place['state'])}\\${name}`
  const records = ['before.reg', 'installed.reg', 'previous.reg']
  return records.flatMap((file) => [file, `${file}.new`]).map((file) => `${folder}\\${file}`)
}
