import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newWine, type Wine } from './wine.ts'

/** The key of the values on a running Windows. */
export const KEY = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'

/** A key that only an administrator can read, by which the scripts detect that they are elevated. */
export const ADMINISTRATORS_KEY = 'HKEY_USERS\\S-1-5-19'

/** Values as in a .reg file after the equals sign; `-` if absent. */
export interface Values {
  readonly KeepAliveTime: string
  readonly KeepAliveInterval: string
}

export const ABSENT: Values = { KeepAliveTime: '-', KeepAliveInterval: '-' }
export const DEFAULTS: Values = { KeepAliveTime: 'dword:006ddd00', KeepAliveInterval: 'dword:000003e8' }
export const WANTED: Values = { KeepAliveTime: 'dword:00004e20', KeepAliveInterval: 'dword:00001388' }
export const OTHER: Values = { KeepAliveTime: 'dword:ffffffff', KeepAliveInterval: 'dword:80000000' }
/** The profile with these values. */
export const OTHER_PROFILE = { idle: 0xffff_ffff, interval: 0x8000_0000 }

/** The text of a registry file that sets these values in the key. */
export function registryFile(values: Partial<Values>, key = KEY, comment: readonly string[] = []): string {
  const entries = Object.entries(values).map(([name, value]) => `"${name}"=${value}`)
  return ['Windows Registry Editor Version 5.00', '', ...comment, `[${key}]`, ...entries, '', ''].join('\r\n')
}

/** The text of a file of the record. */
export function recordFile(values: Partial<Values>, key = KEY): string {
  return registryFile(values, key, [';keepalive-kit record 1'])
}

/** The values of the key in the text of an export, each on one line. */
export function valuesIn(exportedText: string): Values {
  const [, section = ''] = exportedText.split(`[${KEY}]\r\n`)
  const entries = (section.split('\r\n[')[0] ?? '').replaceAll(/\\\r\n */g, '')
  const value = (name: string) => new RegExp(`^"${name}"=(.*)\r$`, 'm').exec(entries)?.[1] ?? '-'
  return { KeepAliveTime: value('KeepAliveTime'), KeepAliveInterval: value('KeepAliveInterval') }
}

/** The working files of a script that has the lock, in a folder that only an administrator can create. */
export const WORKING: readonly string[] = ['current.reg', 'lock.txt', 'plain.txt', 'put.reg']

export interface Started {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A Windows on which cmd.exe runs the scripts of profile `beckhoff`: its registry, its record, its temporary files. */
export interface CmdMachine {
  readonly wine: Wine
  /** The Unix path of the record's folder, of a file in it, or of a working file. */
  record(file?: string): string
  /** The files of the record and the working files, with their text; empty if none exists. */
  recorded(): Readonly<Record<string, string>>
  /** Imports the text of a registry file, even if the scripts have no reg.exe. */
  importText(text: string): void
  /** Sets these values in the key. */
  put(values: Partial<Values>): void
  /** The values of the key, each on one line. */
  held(): Values
  /** The whole key, as reg.exe exports it. */
  exported(): string
  /** Removes the values, the record and temporary files, and makes the user an administrator. */
  reset(): void
  /** Runs a script of a folder with its arguments; a temporary file that it leaves is an error. */
  started(script: string, folder: string, options?: StartOptions): Started
  remove(): void
}

export interface StartOptions {
  /** The working directory; default: the folder. */
  readonly cwd?: string
  /** Lines of a batch file before the call. */
  readonly before?: readonly string[]
}

/** A new machine. `data` is its folder for program data; without reg.exe it resembles Windows 2000. */
export function newCmdMachine({ withReg = true, data = 'C:\\ProgramData' } = {}): CmdMachine {
  const wine = newWine()
  const system = wine.driveC('windows/system32')
  cpSync(join(system, 'reg.exe'), join(system, 'test-reg.exe'))
  if (!withReg) renameSync(join(system, 'reg.exe'), join(system, 'hidden-reg.exe'))
  const state = wine.driveC(`${data.slice(3).replaceAll('\\', '/')}/keepalive-kit`)
  const record = join(state, 'beckhoff')
  const working = wine.driveC('windows/keepalive-kit')

  function importText(text: string): void {
    writeFileSync(wine.driveC('put.reg'), `\uFEFF${text}`, 'utf16le')
    // Under load, Wine sometimes starts a program that fails without a message.
    const tries = Array.from({ length: 3 }, () => () => wine.run('test-reg', ['import', 'C:\\put.reg']).code === 0)
    if (!tries.some((succeeds) => succeeds())) throw new Error('reg.exe imports nothing')
  }
  function exported(): string {
    wine.run('test-reg', ['export', KEY, 'C:\\held.reg', '/y'])
    return readFileSync(wine.driveC('held.reg'), 'utf16le')
  }
  const temporaryFiles = () =>
    readdirSync(wine.driveC('users'))
      .map((user) => wine.driveC(`users/${user}/Temp`))
      .filter((folder) => existsSync(folder))
      .flatMap((folder) => readdirSync(folder).filter((file) => file.startsWith('keepalive-kit')))

  const machine: CmdMachine = {
    wine,
    record: (file = '') => join(WORKING.includes(file) ? working : record, file),
    recorded: () =>
      Object.fromEntries(
        [record, working]
          .filter((folder) => existsSync(folder))
          .flatMap((folder) => readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'latin1')])),
      ),
    importText,
    put: (values) => importText(registryFile(values)),
    exported,
    held: () => valuesIn(exported()),
    reset() {
      for (const folder of [state, working]) rmSync(folder, { recursive: true, force: true })
      mkdirSync(join(state, '..'), { recursive: true })
      importText(`${registryFile(ABSENT)}[${ADMINISTRATORS_KEY}]\r\n\r\n`)
    },
    started(script, folder, { cwd = folder, before = [] } = {}) {
      const windowsPath = (path: string) => `Z:${path.replaceAll('/', '\\')}`
      const call = cwd === folder ? script : script.replace(/^\S+/, (name) => `"${windowsPath(join(folder, name))}"`)
      const lines = [`set "ProgramData=${data}"`, `set "ALLUSERSPROFILE=${data}"`, ...before, `cmd /c ${call}`]
      writeFileSync(
        wine.driveC('start.cmd'),
        [...lines, 'echo code=%errorlevel%', ''].map((line) => `@${line}`).join('\r\n'),
      )
      const { stdout, stderr } = wine.run('cmd', ['/c', 'C:\\start.cmd'], { cwd })
      const [, said = '', code] = /^([^]*)code=(\d+)\r\n/.exec(stdout) ?? []
      const left = temporaryFiles()
      if (left.length > 0) throw new Error(`temporary files are left: ${left.join(' ')}`)
      return { code: Number(code), stdout: said, stderr }
    },
    remove: () => wine.remove(),
  }
  return machine
}

/** A copy of a folder under another name, as on a stick. */
export function copied(folder: string, name: string): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'keepalive-kit-')), name)
  cpSync(folder, copy, { recursive: true })
  return copy
}
