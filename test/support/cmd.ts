import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newWine, type Wine } from './wine.ts'

/** The key of the values on a running Windows. */
export const KEY = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'

/** The key of the record on a running Windows. */
export const RECORD = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\keepalive-kit'

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

/** The record of a machine, as docs/record.md describes it. */
export interface Recorded {
  readonly profile?: string
  readonly previousProfile?: string
  readonly before: Values
  readonly installed: Values
  readonly previous?: Values
}

/** The record after the first install of `beckhoff` on a machine with these values. */
export const installedOver = (before: Values): Recorded => ({ profile: 'beckhoff', before, installed: WANTED })

const HEADER = 'Windows Registry Editor Version 5.00\r\n\r\n'
const section = (key: string, values: Readonly<Record<string, string>>): string =>
  [`[${key}]`, ...Object.entries(values).map(([name, value]) => `"${name}"=${value}`), '', ''].join('\r\n')

/** The text of a registry file that sets these values in the key. */
export function registryFile(values: Readonly<Record<string, string>> | Partial<Values>, key = KEY): string {
  return HEADER + section(key, values)
}

/** The text of a registry file that replaces the record, or deletes it. */
function recordFile(record: Recorded | undefined): string {
  const head = `${HEADER}[-${RECORD}]\r\n\r\n`
  if (record === undefined) return head
  const { profile, previousProfile, before, installed, previous } = record
  const names = {
    Record: 'dword:00000001',
    ...(profile !== undefined && { Profile: `"${profile}"` }),
    ...(previousProfile !== undefined && { PreviousProfile: `"${previousProfile}"` }),
  }
  const sets = Object.entries({ before, installed, ...(previous && { previous }) })
  return (
    head + section(RECORD, names) + sets.map(([name, values]) => section(`${RECORD}\\${name}`, { ...values })).join('')
  )
}

/** The keys in the text of an export, each with its values; the bytes of a value are on one line. */
export function keysIn(exportedText: string): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const sections = exportedText.replaceAll(/\\\r\n */g, '').matchAll(/^\[(.*)\]\r\n((?:(?!\[).*\r\n)*)/gm)
  return new Map(
    [...sections].map(([, key = '', lines = '']) => [
      key,
      Object.fromEntries([...lines.matchAll(/^"(.*?)"=(.*)\r$/gm)].map(([, name = '', value = '']) => [name, value])),
    ]),
  )
}

/** The values in the text of an export of their key. */
export function valuesIn(exportedText: string, key = KEY): Values {
  const { KeepAliveTime = '-', KeepAliveInterval = '-' } = keysIn(exportedText).get(key) ?? {}
  return { KeepAliveTime, KeepAliveInterval }
}

/** The record in the text of an export of its key: `undefined` without a format, so also if the key is absent. */
export function recordIn(exportedText: string, key = RECORD): Recorded | undefined {
  const keys = keysIn(exportedText)
  const { Record: format, Profile: profile, PreviousProfile: previousProfile } = keys.get(key) ?? {}
  if (format === undefined) return undefined
  if (format !== 'dword:00000001') throw new Error(`the record has the format ${format}`)
  const values = (name: string): Values | undefined =>
    keys.has(`${key}\\${name}`) ? valuesIn(exportedText, `${key}\\${name}`) : undefined
  const [before, installed, previous] = ['before', 'installed', 'previous'].map(values)
  if (before === undefined || installed === undefined) throw new Error('the record is not whole')
  return {
    ...(profile !== undefined && { profile: profile.slice(1, -1) }),
    ...(previousProfile !== undefined && { previousProfile: previousProfile.slice(1, -1) }),
    before,
    installed,
    ...(previous && { previous }),
  }
}

/** The working files of a script that has the lock, in a folder that only an administrator can create. */
export const WORKING: readonly string[] = ['do.reg', 'lock.txt', 'plain.txt', 'read.reg', 'undo.reg']

export interface Started {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A Windows on which cmd.exe runs the scripts of the kit: its registry, and the folder of the lock. */
export interface CmdMachine {
  readonly wine: Wine
  /** The Unix path of the folder of the lock, or of a file in it. */
  working(file?: string): string
  /** Imports the text of a registry file, even if the scripts have no reg.exe. */
  importText(text: string): void
  /** Sets these values in the key. */
  put(values: Partial<Values>): void
  /** Replaces the record. */
  putRecord(record: Recorded | undefined): void
  /** The values of the key, each on one line. */
  held(): Values
  /** The record, or `undefined`. */
  recorded(): Recorded | undefined
  /** Whether the key of the record exists. */
  hasRecordKey(): boolean
  /** The whole key of the values, as reg.exe exports it. */
  exported(): string
  /** Removes the values, the record and temporary files, and makes the user an administrator. */
  reset(): void
  /** Runs a script of a folder with its arguments; a file that it leaves is an error. */
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
  const working = wine.driveC('windows/keepalive-kit')

  function importText(text: string): void {
    writeFileSync(wine.driveC('put.reg'), `\uFEFF${text}`, 'utf16le')
    // Under load, Wine sometimes starts a program that fails without a message.
    const tries = Array.from({ length: 3 }, () => () => wine.run('test-reg', ['import', 'C:\\put.reg']).code === 0)
    if (!tries.some((succeeds) => succeeds())) throw new Error('reg.exe imports nothing')
  }
  /** The text of an export, empty if there is no such key. */
  function exportOf(key: string): string {
    const file = wine.driveC('held.reg')
    rmSync(file, { force: true })
    wine.run('test-reg', ['export', key, 'C:\\held.reg', '/y'])
    return existsSync(file) ? readFileSync(file, 'utf16le') : ''
  }
  const temporaryFiles = () =>
    readdirSync(wine.driveC('users'))
      .map((user) => wine.driveC(`users/${user}/Temp`))
      .filter((folder) => existsSync(folder))
      .flatMap((folder) => readdirSync(folder).filter((file) => file.startsWith('keepalive-kit')))

  const machine: CmdMachine = {
    wine,
    working: (file = '') => join(working, file),
    importText,
    put: (values) => importText(registryFile(values)),
    putRecord: (record) => importText(recordFile(record)),
    held: () => valuesIn(exportOf(KEY)),
    recorded: () => recordIn(exportOf(RECORD)),
    hasRecordKey: () => exportOf(RECORD) !== '',
    exported: () => exportOf(KEY),
    reset() {
      rmSync(working, { recursive: true, force: true })
      importText(`${registryFile(ABSENT)}[-${RECORD}]\r\n\r\n[${ADMINISTRATORS_KEY}]\r\n\r\n`)
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
