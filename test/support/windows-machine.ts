import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { buildTarget, type TestProfile } from './build.ts'
import { newWindows, powershell, type Trouble } from './powershell.ts'
import type { Ran } from './oracle.ts'
import type { Wine } from './wine.ts'

export const KEY = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`
const NAMES = ['KeepAliveTime', 'KeepAliveInterval'] as const

/** Two values, each as in a .reg file after the equals sign; `-` if absent. */
export type Entries = readonly [time: string, interval: string]
export const ABSENT: Entries = ['-', '-']
export const BECKHOFF: Entries = ['dword:00004e20', 'dword:00001388']
/** Another version of the same profile. */
export const LATER = {
  profile: { idle: 60_000, interval: 2_000 },
  entries: ['dword:0000ea60', 'dword:000007d0'] as Entries,
}

/** The records, and the lock. */
const FOLDERS = ['ProgramData/keepalive-kit', 'windows/keepalive-kit']

/** A .reg file with the two values. */
export function regText([time, interval]: Entries, ...comment: readonly string[]): string {
  const head = ['Windows Registry Editor Version 5.00', '', ...comment, `[${KEY}]`]
  return [...head, `"KeepAliveTime"=${time}`, `"KeepAliveInterval"=${interval}`, '', ''].join('\r\n')
}

/** The same as a file of the record. */
export const recordText = (entries: Entries) => regText(entries, ';keepalive-kit record 1')

/** A Windows with the scripts of a profile on a stick, its two values and its records. */
export class WindowsMachine {
  readonly windows: Wine = newWindows()
  readonly kit: string = buildTarget('windows')

  remove(): void {
    this.windows.remove()
  }

  /** Removes the values, the records and the lock. */
  reset(): void {
    for (const folder of FOLDERS) rmSync(this.windows.driveC(folder), { recursive: true, force: true })
    this.set(ABSENT)
  }

  /** Sets the two values. */
  set(entries: Entries): void {
    writeFileSync(this.windows.driveC('set.reg'), `\ufeff${regText(entries)}`, 'utf16le')
    expect(this.windows.run('reg', ['import', String.raw`C:\set.reg`]).code).toBe(0)
  }

  /** The whole key as reg.exe exports it. */
  exported(): string {
    expect(this.windows.run('reg', ['export', KEY, String.raw`C:\state.reg`, '/y']).code).toBe(0)
    return readFileSync(this.windows.driveC('state.reg'), 'utf16le')
  }

  /** The current values. */
  state(): Entries {
    const text = this.exported()
    const [time = '-', interval = '-'] = NAMES.map((name) => new RegExp(`^"${name}"=(.*)\r$`, 'm').exec(text)?.[1])
    return [time, interval]
  }

  run(script: string, args: readonly string[] = [], trouble?: Trouble, kit = this.kit): Ran {
    return powershell(this.windows, join(kit, `${script}.ps1`), args, trouble)
  }

  /** Runs a script that must print nothing on stderr. */
  well(script: string, ...args: readonly string[]): Ran {
    const ran = this.run(script, args)
    expect(ran.stderr).toBe('')
    return ran
  }

  /** Installs another version of the profile. */
  installs(profile: TestProfile, trouble?: Trouble): Ran {
    return this.run('install', [], trouble, buildTarget('windows', profile))
  }

  /** The path of the lock, which only one run at a time can hold. */
  lock(): string {
    return this.windows.driveC('windows/keepalive-kit/lock.txt')
  }

  record(file: string): string {
    return this.windows.driveC(`ProgramData/keepalive-kit/beckhoff/${file}`)
  }

  recorded(file: string): string {
    return readFileSync(this.record(file), 'utf8')
  }

  /** Writes files of the record in place of an install. */
  recordIs(files: Readonly<Record<string, string | Buffer>>): void {
    mkdirSync(this.record('.'), { recursive: true })
    for (const [file, text] of Object.entries(files)) writeFileSync(this.record(file), text)
  }

  nothingIsRecorded(): boolean {
    return !FOLDERS.some((folder) => existsSync(this.windows.driveC(folder)))
  }
}
