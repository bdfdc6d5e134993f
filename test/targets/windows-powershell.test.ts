import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { itWhere } from '../support/oracle.ts'
import { canMakeTrouble, describeOnWindows, powershell, syntaxFaults, type Trouble } from '../support/powershell.ts'
import {
  ABSENT,
  BECKHOFF,
  type Entries,
  firstRecord,
  KEY,
  LATER,
  RECORD,
  WindowsMachine,
} from '../support/windows-machine.ts'

// PowerShell 7.6 with its own cmdlets runs the scripts unchanged against the registry of Wine. This does not prove
// anything about Windows PowerShell 5.1 itself (its parser is older, and the tests only look for syntax that 7 added; its
// cmdlets have fewer parameters), a restart, or the TCP stack of Windows.
// The elevation check sees a real token in which Administrators only denies; no Windows refuses a write here.

const SCRIPTS = ['install.ps1', 'uninstall.ps1', 'check.ps1', 'intune/detect.ps1', 'intune/remediate.ps1'] as const

describe('the PowerShell scripts', () => {
  it.each(SCRIPTS)('%s is ASCII without a byte order mark and ends its lines with CRLF', (script) => {
    const text = readFileSync(join(buildTarget('windows'), script), 'latin1')
    expect(text).toMatch(/^(?:[\t -~]*\r\n)+$/)
    expect(text).not.toMatch(/[\t ]\r\n/)
    expect(text).not.toContain('{{')
  })

  it.each(SCRIPTS)(
    '%s contains no hexadecimal number, since Windows PowerShell reads half of them as negative',
    (script) => {
      expect(readFileSync(join(buildTarget('windows', { idle: 4_294_967_295 }), script), 'latin1')).not.toMatch(
        /^(?!\s*#|\s*'{0}).*(?<!\()0x[0-9a-f]/im,
      )
    },
  )
})

/** The parameters of each script, for Get-Help. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = { 'uninstall.ps1': ['Previous', 'Defaults', 'Force'] }

describeOnWindows('the PowerShell scripts on a machine', () => {
  let machine: WindowsMachine

  beforeAll(() => {
    machine = new WindowsMachine()
  })
  afterAll(() => machine?.remove())
  beforeEach(() => machine.reset())

  it('parse without an error and contain no syntax that only PowerShell 7 knows', () => {
    expect(
      syntaxFaults(
        machine.windows,
        SCRIPTS.map((script) => join(machine.kit, script)),
      ),
    ).toBe('')
    const seven = join(buildTarget('windows'), 'seven.ps1')
    writeFileSync(seven, '$a ?? 1; $b = $a ? 1 : 2; ${a}?.b; ${a}?[0]; a && b || c; if (')
    expect(syntaxFaults(machine.windows, [seven]).match(/(?<=:\d+: ).*?(?= )/g)).toEqual(
      expect.arrayContaining(['??', '?', '?.', '?[', '&&', '||', 'Missing']),
    )
  })

  it.each(SCRIPTS)('%s has a synopsis, a description, parameters and examples that Get-Help shows', (script) => {
    const help = join(machine.kit, 'help.ps1')
    writeFileSync(help, `Get-Help "$PSScriptRoot\\${script}" -Full | Out-String -Width 200\r\n`)
    const { stdout } = powershell(machine.windows, help)
    expect(stdout).toMatch(/^SYNOPSIS\n {4}(?:Installs|Tells|Takes) .* TCP keep-alive profile/m)
    expect(stdout).toMatch(/^DESCRIPTION\n(?: .*\n)* +KeepAliveTime/m)
    expect(stdout).toMatch(/^ +-+ EXAMPLE 1 -+\n(?:.*\n){1,3} .*-File \w+\.ps1/m)
    for (const parameter of PARAMETERS[script] ?? [])
      expect(stdout).toMatch(new RegExp(String.raw`^ +-${parameter} \[<SwitchParameter>\]\n {8}\w.*\.$`, 'm'))
  })

  describe('install', () => {
    it('writes both values as DWORDs, records that they were absent, and asks for a restart', () => {
      const { code, stdout } = machine.well('install')
      expect(code).toBe(3010)
      expect(stdout).toContain('KeepAliveTime is absent, to become 20000 ms (0x00004e20)')
      expect(stdout).toContain('Restart')
      const shown = machine.windows.run('reg', ['query', KEY]).stdout
      expect(shown).toMatch(/KeepAliveTime\s+REG_DWORD\s+0x4e20\s/)
      expect(shown).toMatch(/KeepAliveInterval\s+REG_DWORD\s+0x1388\s/)
      expect(machine.record()).toEqual(firstRecord(ABSENT))
    })

    it('changes nothing in a second run, and says so', () => {
      machine.well('install')
      const { code, stdout } = machine.well('install')
      expect(code).toBe(0)
      expect(stdout).toContain('Nothing to do')
    })

    it('records nothing when the values are there already', () => {
      machine.set(BECKHOFF)
      expect(machine.well('install').code).toBe(0)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it.each<[string, Entries]>([
      ['a string of the same digits', ['"20000"', 'dword:00001388']],
      ['a QWORD of the same number', ['hex(b):20,4e,00,00,00,00,00,00', 'dword:00001388']],
    ])('does not accept %s in place of the DWORD', (_, before) => {
      machine.set(before)
      expect(machine.well('install').code).toBe(3010)
      expect(machine.state()).toEqual(BECKHOFF)
    })

    it('keeps the beginning when another version of the profile is installed over it', () => {
      const before: Entries = ['dword:006ddd00', '-']
      machine.set(before)
      machine.well('install')
      expect(machine.installs(LATER.profile)).toMatchObject({ code: 3010, stderr: '' })
      expect(machine.record()).toEqual({
        before,
        installed: { profile: 'beckhoff', entries: LATER.entries },
        previous: { profile: 'beckhoff', entries: BECKHOFF },
      })
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(before)
    })

    it('replaces a value that somebody edited, and says so', () => {
      machine.well('install')
      machine.set(['dword:00007530', 'dword:00001388'])
      const { code, stdout } = machine.well('install')
      expect(code).toBe(3010)
      expect(stdout).toContain(
        'KeepAliveTime is 30000 ms (0x00007530), which somebody set since the last install, to become',
      )
      expect(machine.state()).toEqual(BECKHOFF)
      expect(machine.record()).toEqual(firstRecord(ABSENT))
    })

    it('changes only the record when another profile has the same values', () => {
      machine.well('install')
      expect(machine.installs({ name: 'other' })).toMatchObject({ code: 0, stderr: '' })
      expect(machine.record()).toMatchObject({ installed: { profile: 'other' }, previous: { profile: 'beckhoff' } })
      expect(machine.run('uninstall').code).toBe(1)
    })

    itWhere(canMakeTrouble)('changes nothing when a value has a type that PowerShell cannot write back', () => {
      const before: Entries = ['hex(5):00,00,4e,20', '-']
      machine.set(before)
      expect(machine.run('install')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(
          'nothing is changed: KeepAliveTime has a type that PowerShell cannot write back',
        ),
      })
      expect(machine.state()).toEqual(before)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('believes, follows and removes nothing that a user planted', () => {
      const planted = machine.windows.driveC('ProgramData/keepalive-kit/beckhoff/before.reg')
      mkdirSync(dirname(planted), { recursive: true })
      writeFileSync(planted, 'REGEDIT4\r\n')
      machine.well('install')
      expect(machine.record()).toEqual(firstRecord(ABSENT))
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(ABSENT)
      expect(readFileSync(planted, 'utf8')).toBe('REGEDIT4\r\n')
    })

    // Wine 8 knows no links.
    itWhere(!canMakeTrouble)('changes nothing when the folder of the lock is a link', () => {
      const elsewhere = machine.windows.driveC('elsewhere')
      mkdirSync(elsewhere)
      symlinkSync(elsewhere, dirname(machine.lock()), 'junction')
      expect(machine.run('install')).toMatchObject({ code: 1, stderr: expect.stringContaining('is a link') })
      expect(machine.state()).toEqual(ABSENT)
      rmSync(dirname(machine.lock()))
    })

    it.each([2_147_483_648, 4_294_967_295])(
      'writes, reads and removes %i, which some of PowerShell reads as negative',
      (idle) => {
        const large = buildTarget('windows', { idle })
        expect(powershell(machine.windows, join(large, 'install.ps1'))).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.state()).toEqual([`dword:${idle.toString(16)}`, 'dword:00001388'])
        expect(powershell(machine.windows, join(large, 'check.ps1'))).toMatchObject({ code: 0, stderr: '' })
        expect(powershell(machine.windows, join(large, 'install.ps1'))).toMatchObject({ code: 0, stderr: '' })
        expect(powershell(machine.windows, join(large, 'uninstall.ps1'))).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.state()).toEqual(ABSENT)
      },
    )

    it('announces the change with -WhatIf, and changes and records nothing', () => {
      const { code, stdout } = machine.well('install', '-WhatIf')
      expect(code).toBe(0)
      expect(stdout).toContain(
        'What if: Performing the operation "Set KeepAliveTime and KeepAliveInterval, and record it"',
      )
      expect(machine.state()).toEqual(ABSENT)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('asks nothing with -Confirm:$false, and prints details with -Verbose', () => {
      const { code, stdout } = machine.well('install', '-Confirm:$false', '-Verbose')
      expect(code).toBe(3010)
      expect(stdout).toMatch(/VERBOSE: writing .*\\KeepAliveTime/)
    })

    itWhere(canMakeTrouble).each<[string, Trouble, RegExp]>([
      ['cannot be written', { refuse: true }, /Cannot write to the registry key/],
      [
        'reads back as another number',
        { alter: 'KeepAliveInterval' },
        /KeepAliveInterval was to become 5000 ms .* reads back as 1234 ms /,
      ],
    ])('undoes all changes when a value %s', (_, trouble, why) => {
      const before: Entries = ['"slow"', '-']
      machine.set(before)
      const { code, stderr } = machine.run('install', [], trouble)
      expect(code).toBe(1)
      expect(stderr).toMatch(/^install\.ps1: all changes are undone: .*\n$/)
      expect(stderr).toMatch(why)
      expect(machine.state()).toEqual(before)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    itWhere(canMakeTrouble)('keeps the record of an earlier install when a later one fails', () => {
      machine.well('install')
      expect(machine.installs(LATER.profile, { refuse: true }).code).toBe(1)
      expect(machine.state()).toEqual(BECKHOFF)
      expect(machine.record()).toEqual(firstRecord(ABSENT))
    })

    it('changes nothing when it cannot hold the lock, and names it', () => {
      const folder = dirname(machine.lock())
      writeFileSync(folder, 'a file where the folder has to be')
      const { code, stderr } = machine.run('install')
      expect(code).toBe(1)
      expect(stderr).toMatch(/^install\.ps1: nothing is changed: .*C:\\windows\\keepalive-kit.*\n$/i)
      expect(machine.state()).toEqual(ABSENT)
      rmSync(folder)
    })

    it('refuses the record of a newer version, like uninstall', () => {
      machine.well('install')
      machine.windows.run('reg', ['add', RECORD, '/v', 'Record', '/t', 'REG_DWORD', '/d', '2', '/f'])
      for (const [script, ...args] of [['install'], ['uninstall'], ['uninstall', '-Defaults']] as const)
        expect(machine.run(script, args)).toMatchObject({
          code: 1,
          stderr: expect.stringContaining(
            'nothing is changed: a newer version of keepalive-kit wrote HKEY_LOCAL_MACHINE',
          ),
        })
      expect(machine.state()).toEqual(BECKHOFF)
    })

    it('takes a key without the value Record for no record, which uninstall removes', () => {
      machine.well('install')
      machine.windows.run('reg', ['delete', RECORD, '/v', 'Record', '/f'])
      machine.set(['dword:006ddd00', '-'])
      expect(machine.well('uninstall').code).toBe(0)
      expect(machine.nothingIsRecorded()).toBe(true)
      machine.well('install')
      expect(machine.record()).toEqual(firstRecord(['dword:006ddd00', '-']))
    })
  })

  describe('check', () => {
    it.each<[string, Entries, number, RegExp]>([
      ['both values', BECKHOFF, 0, /KeepAliveTime: wanted 20000 ms \(0x00004e20\), found 20000 ms \(0x00004e20\): ok/],
      ['no value', ABSENT, 1, /KeepAliveTime: wanted .*, found absent: WRONG\nKeepAliveInterval: .*absent: WRONG/],
      ['another number', ['dword:006ddd00', 'dword:00001388'], 1, /found 7200000 ms \(0x006ddd00\): WRONG\n.*: ok/],
      [
        'a decimal number read as hex',
        ['dword:00020000', 'dword:00001388'],
        1,
        /found 131072 ms \(0x00020000\): WRONG/,
      ],
      ['a string', ['"20000"', 'dword:00001388'], 1, /found 20000 \(String, not a DWORD of 32 bits\): WRONG/],
    ])('compares wanted and found values on a machine with %s', (_, held, answer, said) => {
      machine.set(held)
      const { code, stdout } = machine.well('check')
      expect(code).toBe(answer)
      expect(stdout).toMatch(said)
      expect(machine.state()).toEqual(held)
    })
  })

  // AppLocker and App Control constrain the language: unsigned scripts cannot call methods.
  it.each(SCRIPTS)('%s reports a policy that constrains the language, and changes nothing', (script) => {
    const constrained = join(buildTarget('windows'), 'constrained.ps1')
    writeFileSync(
      constrained,
      `$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'\r\n& "$PSScriptRoot\\${script}"\r\nexit $LASTEXITCODE\r\n`,
    )
    const { code, stdout, stderr } = powershell(machine.windows, constrained, [])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(/^Nothing is changed: a policy of this machine keeps unsigned scripts .*\r?\n$/)
    expect(machine.state()).toEqual(ABSENT)
  })

  it.each(['install', 'uninstall', 'check'])('%s refuses unknown arguments with exit code 2', (script) => {
    expect(machine.run(script, ['-Frobnicate', 'now'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('-Frobnicate now'),
    })
    expect(machine.state()).toEqual(ABSENT)
    expect(machine.nothingIsRecorded()).toBe(true)
  })

  describe.runIf(canMakeTrouble)('without elevation', () => {
    const user: Trouble = { notElevated: true }

    it('install and uninstall change nothing and say how to start them', () => {
      expect(machine.run('install', [], user)).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('Run as administrator'),
      })
      machine.well('install')
      expect(machine.run('uninstall', [], user)).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('Run as administrator'),
      })
      expect(machine.state()).toEqual(BECKHOFF)
    })

    it('-WhatIf and check still answer', () => {
      expect(machine.run('install', ['-WhatIf'], user)).toMatchObject({ code: 0, stderr: '' })
      expect(machine.run('check', [], user)).toMatchObject({ code: 1, stderr: '' })
    })
  })
})
