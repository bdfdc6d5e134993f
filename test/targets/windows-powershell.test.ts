/* oxlint-disable max-lines -- one contract, told in one place */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { describeWithOracle, type Ran, itWhere } from '../support/oracle.ts'
import { canMakeTrouble, missing, newWindows, powershell, syntaxFaults, type Trouble } from '../support/powershell.ts'
import type { Wine } from '../support/wine.ts'

// The engine of PowerShell 7.6 and the registry of Wine run the scripts as they are. What that does not prove:
// Windows PowerShell 5.1 itself (its parser is older; only what 7 added to the language is looked for), the cmdlets of its
// modules (the host's stand-ins have their parameters), a restart, and what the TCP stack of Windows makes of the values.
// The elevation check sees a real token in which Administrators only denies; that Windows would then refuse to write is
// not seen. Wine exports an oversize REG_DWORD as if it had 32 bits, so that this one prior type is not among those below.

const KEY = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`
const NAMES = ['KeepAliveTime', 'KeepAliveInterval'] as const
type Entries = readonly [time: string, interval: string]
const ABSENT: Entries = ['-', '-']
const BECKHOFF: Entries = ['dword:00004e20', 'dword:00001388']
const SCRIPTS = ['install.ps1', 'uninstall.ps1', 'verify.ps1'] as const

describe('the PowerShell scripts', () => {
  it.each(SCRIPTS)('%s is ASCII without a byte order mark, in lines that end with CRLF', (script) => {
    const text = readFileSync(join(buildTarget('windows'), script), 'latin1')
    expect(text).toMatch(/^(?:[\t -~]*\r\n)+$/)
    expect(text).not.toMatch(/[\t ]\r\n/)
    expect(text).not.toContain('{{')
  })

  it.each(SCRIPTS)(
    '%s writes no number in hex, where Windows PowerShell would take half of them for negative',
    (script) => {
      expect(readFileSync(join(buildTarget('windows', { idle: 4_294_967_295 }), script), 'latin1')).not.toMatch(
        /^(?!\s*#|\s*'{0}).*(?<!\()0x[0-9a-f]/im,
      )
    },
  )
})

describeWithOracle('the PowerShell scripts on a machine', missing, () => {
  let windows: Wine
  let kit: string

  beforeAll(() => {
    windows = newWindows()
    kit = buildTarget('windows')
  })
  afterAll(() => windows.remove())
  beforeEach(() => {
    rmSync(windows.driveC('ProgramData/keepalive-kit'), { recursive: true, force: true })
    set(ABSENT)
  })

  /** Makes the machine hold these values, each as a .reg file has it behind the equals sign. */
  function set(entries: Entries): void {
    writeFileSync(windows.driveC('set.reg'), `\ufeff${regText(entries)}`, 'utf16le')
    expect(windows.run('reg', ['import', String.raw`C:\set.reg`]).code).toBe(0)
  }

  /** What the machine holds now, as reg.exe exports it. */
  function state(): Entries {
    expect(windows.run('reg', ['export', KEY, String.raw`C:\state.reg`, '/y']).code).toBe(0)
    const text = readFileSync(windows.driveC('state.reg'), 'utf16le')
    const [time = '-', interval = '-'] = NAMES.map((name) => new RegExp(`^"${name}"=(.*)\r$`, 'm').exec(text)?.[1])
    return [time, interval]
  }

  const run = (script: string, args: readonly string[] = [], trouble?: Trouble): Ran =>
    powershell(windows, join(kit, `${script}.ps1`), args, trouble)
  const record = (file: string) => windows.driveC(`ProgramData/keepalive-kit/beckhoff/${file}`)
  const recorded = (file: string) => readFileSync(record(file), 'utf8')
  const nothingIsRecorded = () => !existsSync(windows.driveC('ProgramData/keepalive-kit'))

  /** Runs a script that has nothing to complain about. */
  function well(script: string, ...args: readonly string[]): Ran {
    const ran = run(script, args)
    expect(ran.stderr).toBe('')
    return ran
  }

  it('are understood by the parser, and hold nothing that only PowerShell 7 knows', () => {
    expect(
      syntaxFaults(
        windows,
        SCRIPTS.map((script) => join(kit, script)),
      ),
    ).toBe('')
    const seven = join(kit, 'seven.ps1')
    writeFileSync(seven, '$a ?? 1; $b = $a ? 1 : 2; ${a}?.b; ${a}?[0]; a && b || c; if (')
    expect(syntaxFaults(windows, [seven]).match(/(?<=:\d+: ).*?(?= )/g)).toEqual(
      expect.arrayContaining(['??', '?', '?.', '?[', '&&', '||', 'Missing']),
    )
  })

  describe('install', () => {
    it('writes both values as DWORDs, records that they were absent, and asks for a restart', () => {
      const { code, stdout } = well('install')
      expect(code).toBe(3010)
      expect(stdout).toContain('KeepAliveTime is absent, to become 20000 (0x00004e20, 20 s)')
      expect(stdout).toContain('Restart')
      const shown = windows.run('reg', ['query', KEY]).stdout
      expect(shown).toMatch(/KeepAliveTime\s+REG_DWORD\s+0x4e20\s/)
      expect(shown).toMatch(/KeepAliveInterval\s+REG_DWORD\s+0x1388\s/)
      expect(recorded('before.reg')).toBe(regText(ABSENT))
      expect(recorded('installed.reg')).toBe(regText(BECKHOFF))
    })

    it('has nothing to do the second time, and says so', () => {
      well('install')
      const { code, stdout } = well('install')
      expect(code).toBe(0)
      expect(stdout).toContain('Nothing to do')
    })

    it('records nothing where the values are there already', () => {
      set(BECKHOFF)
      expect(well('install').code).toBe(0)
      expect(nothingIsRecorded()).toBe(true)
    })

    it.each<[string, Entries]>([
      ['a string that reads the same', ['"20000"', 'dword:00001388']],
      ['a QWORD of the same number', ['hex(b):20,4e,00,00,00,00,00,00', 'dword:00001388']],
    ])('does not take %s for the DWORD', (_, before) => {
      set(before)
      expect(well('install').code).toBe(3010)
      expect(state()).toEqual(BECKHOFF)
    })

    it('keeps the first record when another version of the profile is installed over it', () => {
      set(['dword:006ddd00', '-'])
      well('install')
      const later = join(buildTarget('windows', { idle: 60_000, interval: 2_000 }), 'install.ps1')
      expect(powershell(windows, later)).toMatchObject({ code: 3010, stderr: '' })
      expect(recorded('before.reg')).toBe(regText(['dword:006ddd00', '-']))
      expect(recorded('installed.reg')).toBe(regText(['dword:0000ea60', 'dword:000007d0']))
      expect(well('uninstall').code).toBe(3010)
      expect(state()).toEqual(['dword:006ddd00', '-'])
    })

    it.each([2_147_483_648, 4_294_967_295])('holds %i, which is a negative number to some of PowerShell', (idle) => {
      const large = buildTarget('windows', { idle })
      expect(powershell(windows, join(large, 'install.ps1'))).toMatchObject({ code: 3010, stderr: '' })
      expect(state()).toEqual([`dword:${idle.toString(16)}`, 'dword:00001388'])
      expect(powershell(windows, join(large, 'verify.ps1'))).toMatchObject({ code: 0, stderr: '' })
      expect(powershell(windows, join(large, 'install.ps1'))).toMatchObject({ code: 0, stderr: '' })
      expect(powershell(windows, join(large, 'uninstall.ps1'))).toMatchObject({ code: 3010, stderr: '' })
      expect(state()).toEqual(ABSENT)
    })

    it('tells under -WhatIf what it would do, and changes and records nothing', () => {
      const { code, stdout } = well('install', '-WhatIf')
      expect(code).toBe(0)
      expect(stdout).toContain('What if: Performing the operation "Set KeepAliveTime and KeepAliveInterval"')
      expect(state()).toEqual(ABSENT)
      expect(nothingIsRecorded()).toBe(true)
    })

    it('asks nothing under -Confirm:$false, and tells more under -Verbose', () => {
      const { code, stdout } = well('install', '-Confirm:$false', '-Verbose')
      expect(code).toBe(3010)
      expect(stdout).toContain('VERBOSE: writing KeepAliveTime')
    })

    itWhere(canMakeTrouble).each<[string, Trouble, RegExp]>([
      ['cannot be written', { refuse: 'KeepAliveInterval' }, /registry access is not allowed/],
      [
        'reads back otherwise',
        { alter: 'KeepAliveInterval' },
        /KeepAliveInterval was to become 5000 .* reads back as 1234 /,
      ],
    ])('puts everything back when a value %s', (_, trouble, why) => {
      const before: Entries = ['"slow"', '-']
      set(before)
      const { code, stderr } = run('install', [], trouble)
      expect(code).toBe(1)
      expect(stderr).toMatch(/^install\.ps1: all changes are undone: .*\n$/)
      expect(stderr).toMatch(why)
      expect(state()).toEqual(before)
      expect(nothingIsRecorded()).toBe(true)
    })

    itWhere(canMakeTrouble)('keeps the record of an earlier install when a later one fails', () => {
      well('install')
      const later = join(buildTarget('windows', { idle: 60_000, interval: 2_000 }), 'install.ps1')
      expect(powershell(windows, later, [], { refuse: 'KeepAliveInterval' }).code).toBe(1)
      expect(state()).toEqual(BECKHOFF)
      expect(recorded('before.reg')).toBe(regText(ABSENT))
      expect(recorded('installed.reg')).toBe(regText(BECKHOFF))
    })

    it('changes nothing where the record cannot be written, and names its folder', () => {
      writeFileSync(windows.driveC('ProgramData/keepalive-kit'), 'a file where the folder has to be')
      const { code, stderr } = run('install')
      expect(code).toBe(1)
      expect(stderr).toMatch(/^install\.ps1: nothing is changed: .* C:\\ProgramData\\keepalive-kit\\beckhoff: .*\n$/)
      expect(state()).toEqual(ABSENT)
    })
  })

  describe('uninstall', () => {
    it.each<[string, Entries]>([
      ['absence', ABSENT],
      ['a DWORD beside an absent one', ['dword:006ddd00', '-']],
      ['DWORDs', ['dword:ffffffff', 'dword:000003e8']],
      ['a string', [String.raw`"C:\\two \"hours\""`, '""']],
      ['a string that ASCII does not hold', ['"zwei Stunden f\u00fcr \u2713"', '-']],
      ['a QWORD', ['hex(b):00,dd,6d,00,01,00,00,00', 'dword:000003e8']],
      ['bytes and an expandable string', ['hex:01,02,03', 'hex(2):25,00,54,00,25,00,00,00']],
      ['several strings', ['hex(7):61,00,00,00,62,00,00,00,00,00', 'hex(0):']],
    ])('gives back %s', (_, before) => {
      set(before)
      expect(state()).toEqual(before)
      expect(well('install').code).toBe(3010)
      expect(state()).toEqual(BECKHOFF)
      expect(well('uninstall').code).toBe(3010)
      expect(state()).toEqual(before)
      expect(nothingIsRecorded()).toBe(true)
    })

    it('has nothing to undo where nothing is recorded, before an install and the second time', () => {
      const nothing = { code: 0, stdout: expect.stringContaining('nothing to undo'), stderr: '' }
      expect(run('uninstall')).toMatchObject(nothing)
      well('install')
      well('uninstall')
      expect(run('uninstall')).toMatchObject(nothing)
      expect(state()).toEqual(ABSENT)
    })

    it('leaves and names a value that was changed since, and -Force gives back that one too', () => {
      set(['-', 'dword:000003e8'])
      well('install')
      set(['dword:00007530', 'dword:00001388'])

      const left = well('uninstall')
      expect(left.code).toBe(3010)
      expect(left.stdout).toContain('WARNING: KeepAliveTime is dword:00007530, which somebody set since the install')
      expect(state()).toEqual(['dword:00007530', 'dword:000003e8'])
      expect(existsSync(record('before.reg'))).toBe(true)
      expect(well('uninstall')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing is changed') })

      expect(well('uninstall', '-Force').code).toBe(3010)
      expect(state()).toEqual(['-', 'dword:000003e8'])
      expect(nothingIsRecorded()).toBe(true)
    })

    it('removes the record where somebody has put everything back by hand', () => {
      well('install')
      set(ABSENT)
      expect(well('uninstall').code).toBe(0)
      expect(nothingIsRecorded()).toBe(true)
    })

    it('tells under -WhatIf what it would do, and changes nothing', () => {
      well('install')
      const { code, stdout } = well('uninstall', '-WhatIf')
      expect(code).toBe(0)
      expect(stdout).toContain('What if: Performing the operation "Put back KeepAliveTime and KeepAliveInterval"')
      expect(state()).toEqual(BECKHOFF)
      expect(existsSync(record('before.reg'))).toBe(true)
    })

    it('leaves files alone that are not its own', () => {
      well('install')
      writeFileSync(record('notes.txt'), 'set by hand in 2019')
      expect(well('uninstall').code).toBe(3010)
      expect(readdirSync(record('.'))).toEqual(['notes.txt'])
    })

    const good = regText(['dword:006ddd00', '-'])
    it.each<[string, string | Buffer]>([
      ['is empty', ''],
      ['is cut off', good.slice(0, 150)],
      ['has another header', good.replace('Windows Registry Editor Version 5.00', 'REGEDIT4')],
      ['is about another key', good.replace('Tcpip\\', 'Tcpip6\\')],
      ['does not mention a value', good.replace(/"KeepAliveInterval".*\r\n/, '')],
      ['holds nine digits', good.replace('dword:', 'dword:0')],
      ['holds what no .reg file does', good.replace('dword:006ddd00', '7200000')],
      ['is not ASCII', Buffer.from(good.replace('dword:006ddd00', '"zw\u00f6lf"'), 'latin1')],
    ])('changes nothing where the record %s, and names the file', (_, damaged) => {
      set(BECKHOFF)
      mkdirSync(record('.'), { recursive: true })
      writeFileSync(record('before.reg'), damaged)
      writeFileSync(record('installed.reg'), regText(BECKHOFF))
      const { code, stderr } = run('uninstall')
      expect(code).toBe(1)
      expect(stderr).toMatch(/^uninstall\.ps1: nothing is changed: C:\\ProgramData\\.*\\beckhoff\\before\.reg .*\n$/)
      expect(state()).toEqual(BECKHOFF)
      expect(readFileSync(record('before.reg'))).toEqual(Buffer.from(damaged))
    })

    it.each([
      ['before.reg', 'is damaged', 'REGEDIT4'],
      ['before.reg', 'is gone', undefined],
      ['installed.reg', 'is damaged', 'REGEDIT4'],
    ])('and install change nothing where %s %s', (file, _, damaged) => {
      well('install')
      const lost: Entries = ['dword:00004e20', '-']
      set(lost)
      if (damaged === undefined) rmSync(record(file))
      else writeFileSync(record(file), damaged)
      for (const script of ['install', 'uninstall']) {
        expect(run(script)).toMatchObject({ code: 1, stderr: expect.stringContaining(file) })
        expect(state()).toEqual(lost)
      }
    })

    it('writes nothing but its values, whatever a record smuggles in', () => {
      set(BECKHOFF)
      mkdirSync(record('.'), { recursive: true })
      const smuggled = `"a\r\n[HKEY_LOCAL_MACHINE\\Software\\Smuggled]\r\n\\"b\\"=\\"c"`
      writeFileSync(record('before.reg'), regText([smuggled, '-']))
      writeFileSync(record('installed.reg'), regText(BECKHOFF))
      run('uninstall')
      expect(windows.run('reg', ['query', String.raw`HKLM\Software\Smuggled`]).code).not.toBe(0)
    })

    it('needs no more than before.reg under -Force', () => {
      well('install')
      rmSync(record('installed.reg'))
      expect(run('uninstall')).toMatchObject({ code: 1, stderr: expect.stringContaining('installed.reg') })
      expect(well('uninstall', '-Force').code).toBe(3010)
      expect(state()).toEqual(ABSENT)
      expect(nothingIsRecorded()).toBe(true)
    })

    it('understands a record whose bytes are broken into lines, as reg.exe writes long ones', () => {
      set(BECKHOFF)
      mkdirSync(record('.'), { recursive: true })
      writeFileSync(record('before.reg'), regText(['hex(b):00,dd,6d,00,\\\r\n  01,00,00,00', '-']))
      writeFileSync(record('installed.reg'), regText(BECKHOFF))
      expect(well('uninstall').code).toBe(3010)
      expect(state()).toEqual(['hex(b):00,dd,6d,00,01,00,00,00', '-'])
      expect(nothingIsRecorded()).toBe(true)
    })
  })

  describe('verify', () => {
    it.each<[string, Entries, number, RegExp]>([
      [
        'both values',
        BECKHOFF,
        0,
        /KeepAliveTime: wanted 20000 \(0x00004e20, 20 s\), found 20000 \(0x00004e20, 20 s\): ok/,
      ],
      ['nothing', ABSENT, 1, /KeepAliveTime: wanted .*, found absent: WRONG\nKeepAliveInterval: .*absent: WRONG/],
      ['another number', ['dword:006ddd00', 'dword:00001388'], 1, /found 7200000 \(0x006ddd00, 2 h\): WRONG\n.*: ok/],
      [
        'hex taken for decimal',
        ['dword:00020000', 'dword:00001388'],
        1,
        /found 131072 \(0x00020000, 131072 ms\): WRONG/,
      ],
      ['a string', ['"20000"', 'dword:00001388'], 1, /found 20000 \(not a DWORD of 32 bits, but String\): WRONG/],
    ])('answers for a machine with %s', (_, held, answer, said) => {
      set(held)
      const { code, stdout } = well('verify')
      expect(code).toBe(answer)
      expect(stdout).toMatch(said)
      expect(state()).toEqual(held)
    })
  })

  it.each(['install', 'uninstall', 'verify'])('%s refuses what it does not know with exit code 2', (script) => {
    expect(run(script, ['-Frobnicate', 'now'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('-Frobnicate now'),
    })
    expect(state()).toEqual(ABSENT)
    expect(nothingIsRecorded()).toBe(true)
  })

  describe.runIf(canMakeTrouble)('for a user who is no administrator', () => {
    const user: Trouble = { notElevated: true }

    it('install and uninstall change nothing and say how to start them', () => {
      expect(run('install', [], user)).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('Run as administrator'),
      })
      well('install')
      expect(run('uninstall', [], user)).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('Run as administrator'),
      })
      expect(state()).toEqual(BECKHOFF)
    })

    it('-WhatIf and verify answer all the same', () => {
      expect(run('install', ['-WhatIf'], user)).toMatchObject({ code: 0, stderr: '' })
      expect(run('verify', [], user)).toMatchObject({ code: 1, stderr: '' })
    })
  })
})

/** A .reg file about the two values, in the form of a record. */
function regText([time, interval]: Entries): string {
  const lines = [
    'Windows Registry Editor Version 5.00',
    '',
    `[${KEY}]`,
    `"KeepAliveTime"=${time}`,
    `"KeepAliveInterval"=${interval}`,
  ]
  return [...lines, '', ''].join('\r\n')
}
