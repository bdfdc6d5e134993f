import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { buildTarget, type TestProfile } from './build.ts'
import { newWindows, powershell, type Trouble } from './powershell.ts'
import type { Ran } from './oracle.ts'
import type { Wine } from './wine.ts'

export const KEY = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`
export const RECORD = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\keepalive-kit`
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

/** The contents of a part of a record. */
export interface Part {
  /** `undefined` for the defaults, and for the values of the beginning. */
  readonly profile?: string
  readonly entries: Entries
}
export interface MachineRecord {
  readonly before: Entries
  readonly installed?: Part
  readonly previous?: Part
}

/** The record after a first install. */
export const firstRecord = (before: Entries, entries = BECKHOFF): MachineRecord => ({
  before,
  installed: { profile: 'beckhoff', entries },
})

/** A .reg file with the two values. */
function regText([time, interval]: Entries): string {
  const head = ['Windows Registry Editor Version 5.00', '', `[${KEY}]`]
  return [...head, `"KeepAliveTime"=${time}`, `"KeepAliveInterval"=${interval}`, '', ''].join('\r\n')
}

/** The two values in the text of a .reg file or of a part of it. */
function entriesOf(text: string): Entries {
  const [time = '-', interval = '-'] = NAMES.map((name) => new RegExp(`^"${name}"=(.*)\r$`, 'm').exec(text)?.[1])
  return [time, interval]
}

/** A Windows with the scripts of a profile on a stick, its two values and its record. */
export class WindowsMachine {
  readonly windows: Wine = newWindows()
  readonly kit: string = buildTarget('windows')

  remove(): void {
    this.windows.remove()
  }

  /** Removes the values, the record and the lock. */
  reset(): void {
    rmSync(this.windows.driveC('windows/keepalive-kit'), { recursive: true, force: true })
    writeFileSync(this.windows.driveC('set.reg'), `\ufeff${regText(ABSENT)}[-${RECORD}]\r\n\r\n`, 'utf16le')
    expect(this.windows.run('reg', ['import', String.raw`C:\set.reg`]).code).toBe(0)
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
    return entriesOf(this.exported())
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

  /** Everything below the key of the record as reg.exe exports it; nothing if there is no such key. */
  recordExported(): string {
    if (this.windows.run('reg', ['export', RECORD, String.raw`C:\record.reg`, '/y']).code !== 0) return ''
    return readFileSync(this.windows.driveC('record.reg'), 'utf16le')
  }

  /** The record, or nothing. */
  record(): MachineRecord | undefined {
    const [top = '', ...keys] = this.recordExported()
      .split(/^(?=\[)/m)
      .slice(1)
    if (!top.includes('"Record"=dword:00000001')) return undefined
    const part = (key: string, profile?: string): Part | undefined => {
      const text = keys.find((one) => one.startsWith(`[${RECORD}\\${key}]`))
      if (text === undefined) return undefined
      const name = profile === undefined ? undefined : new RegExp(`^"${profile}"="(.*)"\r$`, 'm').exec(top)?.[1]
      return { ...(name !== undefined && { profile: name }), entries: entriesOf(text) }
    }
    const [installed, previous] = [part('installed', 'Profile'), part('previous', 'PreviousProfile')]
    return {
      before: part('before')?.entries ?? ABSENT,
      ...(installed && { installed }),
      ...(previous && { previous }),
    }
  }

  /** Whether there is no trace of a record, and none of a lock. */
  nothingIsRecorded(): boolean {
    return this.recordExported() === '' && !existsSync(this.lock())
  }
}
