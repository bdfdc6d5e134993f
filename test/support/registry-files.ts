import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget, type TestProfile } from './build.ts'
import { hive } from './hive.ts'
import { describeWithOracle, itWhere, missingPrograms, run } from './oracle.ts'
import { describeInWine, newWine, type Wine } from './wine.ts'

/** The required form of keepalive.reg and keepalive-remove.reg of a target. */
export interface RegistryFiles {
  readonly target: string
  readonly header: 'Windows Registry Editor Version 5.00' | 'REGEDIT4'
  readonly key: string
  readonly encoding: 'utf16le' | 'ascii'
  /** The description that file(1) gives them. */
  readonly kind: string
  /** Whole files for 20 s and 5 s: name, size and SHA-256. */
  readonly whole: readonly (readonly [name: string, size: number, sha256: string])[]
  /** The key of the values in an offline hive. */
  readonly offlineKey: string
  /** The part of that key that names the hive itself. */
  readonly hive: string
}

const FILES = ['keepalive.reg', 'keepalive-remove.reg'] as const

/** Milliseconds, the text after `dword:`, and the four bytes in the registry. */
const DWORDS = [
  [1, '00000001', '01 00 00 00', 'the smallest number'],
  [1000, '000003e8', 'e8 03 00 00', 'the default interval'],
  [4000, '00000fa0', 'a0 0f 00 00', 'the interval of TC/BSD'],
  [5000, '00001388', '88 13 00 00', 'the interval of Beckhoff'],
  [20_000, '00004e20', '20 4e 00 00', 'the time of Beckhoff, which is not dword:00020000'],
  [300_000, '000493e0', 'e0 93 04 00', 'the time of CIS and STIG'],
  [900_000, '000dbba0', 'a0 bb 0d 00', 'the smallest time of Exchange'],
  [1_800_000, '001b7740', '40 77 1b 00', 'the largest time of Exchange'],
  [7_200_000, '006ddd00', '00 dd 6d 00', 'the default time'],
  [2_147_483_647, '7fffffff', 'ff ff ff 7f', 'the largest positive number of 32 bits with a sign'],
  [2_147_483_648, '80000000', '00 00 00 80', 'the first negative number of 32 bits with a sign'],
  [4_294_967_000, 'fffffed8', 'd8 fe ff ff', 'the largest number of whole seconds'],
  [4_294_967_295, 'ffffffff', 'ff ff ff ff', 'the largest number'],
] as const

/** Every oracle reads back the values of exactly these profiles. */
const PROFILES = [
  { idle: 20_000, interval: 5_000 },
  { idle: 1, interval: 1 },
  { idle: 4_294_967_295, interval: 2_147_483_648 },
] as const

/** Tests the bytes of both files, and how programs that we did not write read them. */
export function describeRegistryFiles(wanted: RegistryFiles): void {
  describeBytes(wanted)
  describeWithOracle('file(1)', missingPrograms('file'), () => {
    it(`describes the registry files as "${wanted.kind}"`, () => {
      const folder = buildTarget(wanted.target)
      for (const file of FILES) expect(run('file', ['--brief', file], { cwd: folder }).stdout.trim()).toBe(wanted.kind)
    })
  })
  describeInWine('the registry files in the registry of Wine', () => describeImports(wanted))
  const missingReaders = missingPrograms('hivexregedit', 'regtree', 'reged', 'iconv')
  describeWithOracle('the registry files in an offline hive', missingReaders, () => describeInHive(wanted))
}

function bytesOf(target: string, file: string, profile?: TestProfile): Buffer {
  return readFileSync(join(buildTarget(target, profile), file))
}

function textOf({ target, encoding }: RegistryFiles, file: string, profile?: TestProfile): string {
  const bytes = bytesOf(target, file, profile)
  return encoding === 'ascii' ? bytes.toString('latin1') : bytes.subarray(2).toString('utf16le')
}

function describeBytes(wanted: RegistryFiles): void {
  const { target, header, key, encoding, whole } = wanted
  describe('a time in keepalive.reg', () => {
    it.each(DWORDS)('%i ms is dword:%s, stored as %s: %s', (ms, digits, bytes) => {
      const text = textOf(wanted, 'keepalive.reg', { idle: ms, interval: ms })
      const entries = [...text.matchAll(/^"(.*)"=dword:(.*)\r$/gm)].map(([, name, value]) => [name, value])
      expect(entries).toEqual([
        ['KeepAliveTime', digits],
        ['KeepAliveInterval', digits],
      ])
      expect(Buffer.from(digits, 'hex').readUInt32LE().toString(16).padStart(8, '0')).toBe(bytes.replaceAll(' ', ''))
    })

    it.each([0, 4_294_967_296])('%i ms is refused', (ms) => {
      expect(() => buildTarget(target, { idle: ms })).toThrow()
      expect(() => buildTarget(target, { interval: ms })).toThrow()
    })
  })

  describe('the files for 20 s and 5 s', () => {
    it.each(whole)('%s has %i bytes and the hash %s', (file, size, hash) => {
      const bytes = bytesOf(target, file)
      expect(bytes.length).toBe(size)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash)
    })
  })

  describe('the registry files', () => {
    const entries = {
      'keepalive.reg': ['"KeepAliveTime"=dword:00004e20', '"KeepAliveInterval"=dword:00001388'],
      'keepalive-remove.reg': ['"KeepAliveTime"=-', '"KeepAliveInterval"=-'],
    }

    it.each(FILES)('%s consists of a header, the key, one line per value, and a final blank line', (file) => {
      expect(textOf(wanted, file)).toBe([header, '', `[${key}]`, ...entries[file], '', ''].join('\r\n'))
    })

    it.each(FILES)(`%s is ${encoding === 'ascii' ? 'ASCII' : 'UTF-16LE with its byte order mark'}`, (file) => {
      const mark = encoding === 'ascii' ? '' : '\uFEFF'
      expect(bytesOf(target, file)).toEqual(Buffer.from(mark + textOf(wanted, file), encoding))
    })

    it.each(FILES)('%s has no comment, deletes no key, and is ASCII in its text', (file) => {
      const text = textOf(wanted, file)
      expect(text).not.toMatch(/;|\[-/)
      expect(text).toMatch(/^[\n\r -~]*$/)
    })

    it('do not depend on the name of the profile', () => {
      expect(textOf(wanted, 'keepalive.reg', { name: 'line-4' })).toBe(textOf(wanted, 'keepalive.reg'))
    })
  })
}

function describeImports({ target, key, encoding }: RegistryFiles): void {
  let wine: Wine
  beforeAll(() => {
    wine = newWine()
  })
  afterAll(() => wine?.remove())

  function imported(bytes: Uint8Array): number | null {
    writeFileSync(wine.driveC('file.reg'), bytes)
    return wine.run('reg', ['import', 'C:\\file.reg']).code
  }

  /** The values of a key as `reg query` shows them. */
  function held(): Record<string, string> {
    const lines = wine.run('reg', ['query', key]).stdout.matchAll(/^ {4}(\S+) {4}(REG_\w+) {4}(.*)\r$/gm)
    return Object.fromEntries([...lines].map(([, name, type, data]) => [name, `${type} ${data}`]))
  }

  let others: Record<string, string>
  beforeEach(() => {
    wine.run('reg', ['add', key, '/v', 'TcpMaxDataRetransmissions', '/t', 'REG_DWORD', '/d', '7', '/f'])
    for (const name of ['KeepAliveTime', 'KeepAliveInterval']) wine.run('reg', ['delete', key, '/v', name, '/f'])
    others = held()
    expect(others).toMatchObject({ TcpMaxDataRetransmissions: 'REG_DWORD 0x7' })
    expect(others).not.toHaveProperty('KeepAliveTime')
  })

  it.each(PROFILES)('keepalive.reg sets $idle ms and $interval ms, and nothing else', ({ idle, interval }) => {
    expect(imported(bytesOf(target, 'keepalive.reg', { idle, interval }))).toBe(0)
    expect(held()).toEqual({
      ...others,
      KeepAliveTime: `REG_DWORD 0x${idle.toString(16)}`,
      KeepAliveInterval: `REG_DWORD 0x${interval.toString(16)}`,
    })
  })

  it('keepalive-remove.reg deletes the two values, and keeps the key and its other values', () => {
    imported(bytesOf(target, 'keepalive.reg'))
    expect(imported(bytesOf(target, 'keepalive-remove.reg'))).toBe(0)
    expect(held()).toEqual(others)
  })

  itWhere(encoding === 'utf16le')('are not imported without their byte order mark', () => {
    const first = held()
    expect(imported(bytesOf(target, 'keepalive.reg', { idle: 7, interval: 7 }).subarray(2))).toBe(1)
    expect(held()).toEqual(first)
  })
}

function describeInHive({ target, key, offlineKey, hive: prefix, encoding }: RegistryFiles): void {
  const inside = offlineKey.slice(prefix.length + 1).split('\\')
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-hive-'))
    writeFileSync(join(folder, 'hive'), hive(...inside))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  function tool(program: string, ...args: readonly string[]): string {
    const { code, stdout, stderr } = run(program, args, { cwd: folder })
    if (code !== 0 && !(program === 'reged' && code === 2)) throw new Error(`${program} ended with ${code}: ${stderr}`)
    return stdout
  }

  /** Merges a file of the kit as its user does: in UTF-8, and into the key that exists in the hive. */
  function merge(file: string, profile?: TestProfile): void {
    writeFileSync(join(folder, 'original.reg'), bytesOf(target, file, profile))
    const text = tool('iconv', '-f', encoding === 'ascii' ? 'ascii' : 'utf-16', '-t', 'utf-8', 'original.reg')
    // An offline hive has no CurrentControlSet: Windows links it to a ControlSet00N at boot.
    writeFileSync(join(folder, 'offline.reg'), text.replace(key, offlineKey))
    tool('hivexregedit', '--merge', '--prefix', prefix, '--encoding', 'UTF-8', 'hive', 'offline.reg')
  }

  /** The values that each of three programs reads in that key. */
  function read(): Record<string, string[]> {
    const where = `\\${inside.join('\\')}`
    tool('reged', '-x', 'hive', prefix, where, 'reged.reg')
    const entries = (text: string, entry: RegExp) =>
      [...text.matchAll(entry)].map(([, name, data]) => `${name} ${data}`).toSorted()
    return {
      hivexregedit: entries(
        tool('hivexregedit', '--export', '--prefix', prefix, 'hive', where),
        /^"(.*)"=dword:([0-9a-f]{8})$/gm,
      ),
      regtree: entries(tool('regtree', '-F', 'hive'), /^ +(\S+) = REG_DWORD : 0x([0-9a-f]{8})$/gm),
      reged: entries(readFileSync(join(folder, 'reged.reg'), 'latin1'), /^"(.*)"=dword:([0-9a-f]{8})\r?$/gm),
    }
  }

  it.each(PROFILES)('keepalive.reg sets $idle ms and $interval ms, which three programs read', (profile) => {
    merge('keepalive.reg', profile)
    const digits = (ms: number) => ms.toString(16).padStart(8, '0')
    const values = [`KeepAliveInterval ${digits(profile.interval)}`, `KeepAliveTime ${digits(profile.idle)}`]
    expect(read()).toEqual({ hivexregedit: values, regtree: values, reged: values })
  })

  it('keepalive-remove.reg deletes the two values', () => {
    merge('keepalive.reg')
    merge('keepalive-remove.reg')
    expect(read()).toEqual({ hivexregedit: [], regtree: [], reged: [] })
  })
}
