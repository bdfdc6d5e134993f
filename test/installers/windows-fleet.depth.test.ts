import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { itWhere, type Ran } from '../support/oracle.ts'
import { canMakeTrouble, describeOnWindows, powershell, startPowershell, type Trouble } from '../support/powershell.ts'
import { ABSENT, BECKHOFF, type Entries, KEY, LATER, recordText, WindowsMachine } from '../support/windows-machine.ts'

// Intune starts a script without a console, with its streams in files and a working directory of its own; so do these
// tests. They do not run as SYSTEM: Wine's only user is an administrator.

describeOnWindows('scripts for fleets', () => {
  let machine: WindowsMachine
  let alone: string

  beforeAll(() => {
    machine = new WindowsMachine()
    alone = mkdtempSync(join(tmpdir(), 'keepalive-kit-fleet-'))
  })
  afterAll(() => machine?.remove())
  beforeEach(() => machine.reset())

  /** Runs one script as Intune does: a copy, alone in a folder, from another working directory. */
  function intune(script: 'detect' | 'remediate', trouble?: Trouble): Ran {
    const copy = join(alone, `${script}.ps1`)
    cpSync(join(machine.kit, `intune/${script}.ps1`), copy)
    return powershell(machine.windows, copy, [], trouble, tmpdir())
  }

  const oneLine = (said: RegExp) => expect.stringMatching(new RegExp(String.raw`^(?=.{1,2048}\n$)${said.source}.*\n$`))

  describe('detect.ps1 of Intune', () => {
    it.each<[string, Entries, number, RegExp]>([
      [
        'no value',
        ABSENT,
        1,
        /KeepAliveTime is absent, to become 20000 \(0x00004e20, 20 s\)\. KeepAliveInterval is absent/,
      ],
      ['both values', BECKHOFF, 0, /The keep-alive values are as they should be\./],
      [
        'another time',
        ['dword:006ddd00', 'dword:00001388'],
        1,
        /KeepAliveTime is 7200000 \(0x006ddd00, 2 h\), to become 20000/,
      ],
      ['a string', ['"20000"', 'dword:00001388'], 1, /KeepAliveTime is 20000 \(not a DWORD of 32 bits, but String\)/],
      ['a string of 5000 letters', [`"${'x'.repeat(5000)}"`, '-'], 1, /KeepAliveTime is x{100}/],
      ['lines of text', ['hex(7):61,00,0d,00,0a,00,62,00,00,00,00,00', '-'], 1, /KeepAliveTime is a b \(not a DWORD/],
    ])('reports on a machine with %s in one line', (_, held, code, said) => {
      machine.set(held)
      expect(intune('detect')).toEqual({ code, stdout: oneLine(said), stderr: '' })
      expect(machine.state()).toEqual(held)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    itWhere(canMakeTrouble)('asks for a remediation when it cannot read the key', () => {
      const elsewhere = KEY.replace('Tcpip', 'Tcpip-away')
      machine.windows.run('reg', ['copy', KEY, elsewhere, '/s', '/f'])
      expect(machine.windows.run('reg', ['delete', KEY, '/f']).code).toBe(0)
      try {
        expect(intune('detect')).toEqual({ code: 1, stdout: oneLine(/Cannot read HKEY_LOCAL_MACHINE/), stderr: '' })
      } finally {
        machine.windows.run('reg', ['add', KEY, '/f'])
      }
    })
  })

  describe('remediate.ps1 of Intune', () => {
    it('installs, exits with 0 after one line, and leaves a record from which uninstall.ps1 restores all', () => {
      machine.set(['"slow"', '-'])
      expect(intune('detect').code).toBe(1)
      expect(intune('remediate')).toEqual({
        code: 0,
        stdout: oneLine(/KeepAliveTime is "slow" .* Restart this machine to put it in force\./),
        stderr: '',
      })
      expect(intune('detect').code).toBe(0)
      expect(machine.recorded('before.reg')).toBe(recordText(['"slow"', '-']))
      expect(intune('remediate')).toEqual({ code: 0, stdout: oneLine(/.*Nothing to do\./), stderr: '' })
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(['"slow"', '-'])
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('warns in the same line', () => {
      policy('KeepAliveTime')
      const { code, stdout, stderr } = intune('remediate')
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: oneLine(/.*a policy sets KeepAliveTime/),
        stderr: '',
      })
      noPolicy()
    })

    itWhere(canMakeTrouble).each<[string, Trouble, RegExp]>([
      ['a value cannot be written', { refuse: 'KeepAliveInterval' }, /Failed: all changes are undone: /],
      ['a value reads back differently', { alter: 'KeepAliveTime' }, /Failed: all changes are undone: /],
      [
        'the user is not an administrator',
        { notElevated: true },
        /Failed: nothing is changed: this needs an administrator/,
      ],
    ])('exits with 1 after one line and changes nothing when %s', (_, trouble, said) => {
      expect(intune('remediate', trouble)).toEqual({ code: 1, stdout: oneLine(said), stderr: '' })
      expect(machine.state()).toEqual(ABSENT)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('exits with 1 after one line when the record is damaged', () => {
      machine.recordIs({ 'before.reg': 'REGEDIT4\r\n' })
      expect(intune('remediate')).toEqual({
        code: 1,
        stdout: oneLine(/Failed: nothing is changed: .*before\.reg/),
        stderr: '',
      })
      expect(machine.state()).toEqual(ABSENT)
    })
  })

  describe('the exit code for ConfigMgr', () => {
    /** The default meaning of exit codes in ConfigMgr; any other code is a failure. */
    const MEANS: Readonly<Record<number, string>> = {
      0: 'success',
      1707: 'success',
      3010: 'soft reboot',
      1641: 'hard reboot',
      1618: 'fast retry',
    }

    it.each<[string, Entries | 'installed', string, string, Trouble | undefined]>([
      ['an install', ABSENT, 'install', 'soft reboot', undefined],
      ['an install with nothing to do', BECKHOFF, 'install', 'success', undefined],
      ['an uninstall', 'installed', 'uninstall', 'soft reboot', undefined],
      ['an uninstall with nothing to do', ABSENT, 'uninstall', 'success', undefined],
      ...(canMakeTrouble
        ? ([
            ['an install that fails', ABSENT, 'install', 'failed', { refuse: 'KeepAliveTime' }],
            ['an install that is not elevated', ABSENT, 'install', 'failed', { notElevated: true }],
            ['an uninstall that is not elevated', 'installed', 'uninstall', 'failed', { notElevated: true }],
          ] as [string, Entries | 'installed', string, string, Trouble][])
        : []),
    ])('after %s, from %s by %s.ps1, means %s', (_, held, script, meaning, trouble) => {
      if (held === 'installed') machine.well('install')
      else machine.set(held)
      const { code } = machine.run(script, [], trouble)
      expect(MEANS[Number(code)] ?? 'failed').toBe(meaning)
    })
  })

  /** Adds a value to the list that group policy applied to this machine: [KEY;VALUE;TYPE;SIZE;DATA] in UTF-16. */
  function policy(name: string, file = 'ProgramData/ntuser.pol'): void {
    const entry =
      String.raw`[System\CurrentControlSet\Services\Tcpip\Parameters` + `\0;${name}\0;\u0004\0;\u0004\0;\u93e0\u0004]`
    mkdirSync(machine.windows.driveC(file.replace(/\/[^/]*$/, '')), { recursive: true })
    writeFileSync(
      machine.windows.driveC(file),
      Buffer.concat([Buffer.from('PReg\x01\0\0\0', 'latin1'), Buffer.from(entry, 'utf16le')]),
    )
  }

  function noPolicy(): void {
    for (const file of ['ProgramData/ntuser.pol', 'windows/system32/GroupPolicy'])
      rmSync(machine.windows.driveC(file), { recursive: true, force: true })
  }

  describe.runIf(canMakeTrouble)('a warning before the change', () => {
    const SERVICES = String.raw`HKLM\SYSTEM\CurrentControlSet\Services`
    const add =
      (...args: readonly string[]) =>
      () =>
        expect(machine.windows.run('reg', ['add', ...args, '/f']).code).toBe(0)
    const drop = (key: string) => () => machine.windows.run('reg', ['delete', key, '/f'])
    const uwf = String.raw`${SERVICES}\uwfvol\Parameters\Static`
    const managed = String.raw`HKLM\SOFTWARE\Microsoft\PolicyManager\current\device\ADMX_MSS-legacy`

    it.each<[string, () => unknown, () => unknown, RegExp | undefined]>([
      [
        'UWF is on',
        add(String.raw`${uwf}\Copy1`, '/v', 'UWFEnabled', '/t', 'REG_DWORD', '/d', '1'),
        drop(String.raw`${SERVICES}\uwfvol`),
        /the Unified Write Filter \(UWF\) seems to be on: .*uwfmgr filter disable/,
      ],
      [
        'UWF is off',
        add(String.raw`${uwf}\Copy0`, '/v', 'UWFEnabled', '/t', 'REG_DWORD', '/d', '0'),
        drop(String.raw`${SERVICES}\uwfvol`),
        undefined,
      ],
      [
        'EWF protects a volume',
        add(String.raw`${SERVICES}\ewf\Parameters\Protected\Volume0`),
        drop(String.raw`${SERVICES}\ewf`),
        /the Enhanced Write Filter \(EWF\) seems to be on: .*ewfmgr C: -disable/,
      ],
      [
        'EWF protects no volume',
        add(String.raw`${SERVICES}\ewf\Parameters\Protected`),
        drop(String.raw`${SERVICES}\ewf`),
        undefined,
      ],
      [
        'FBWF starts',
        add(String.raw`${SERVICES}\fbwf`, '/v', 'Start', '/t', 'REG_DWORD', '/d', '0'),
        drop(String.raw`${SERVICES}\fbwf`),
        /the File-Based Write Filter \(FBWF\) seems to be on: .*fbwfmgr \/disable/,
      ],
      [
        'FBWF is disabled',
        add(String.raw`${SERVICES}\fbwf`, '/v', 'Start', '/t', 'REG_DWORD', '/d', '4'),
        drop(String.raw`${SERVICES}\fbwf`),
        undefined,
      ],
      [
        'group policy sets the time',
        () => policy('KeepAliveTime'),
        noPolicy,
        /a policy sets KeepAliveTime \(C:\\ProgramData\\ntuser\.pol\) and writes it again at its next refresh/,
      ],
      [
        'the local policy deletes the time',
        () => policy('**del.KeepAliveTime', 'windows/system32/GroupPolicy/Machine/Registry.pol'),
        noPolicy,
        /a policy sets KeepAliveTime \(C:\\windows\\system32\\GroupPolicy\\Machine\\Registry\.pol\)/,
      ],
      ['group policy sets another value', () => policy('KeepAliveTimeout'), noPolicy, undefined],
      [
        'device management sets the time',
        add(managed, '/v', 'Pol_MSS_KeepAliveTime', '/t', 'REG_SZ', '/d', '<enabled/>'),
        drop(managed),
        /a policy sets KeepAliveTime \(HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\PolicyManager/,
      ],
    ])('appears only if something will undo the change: %s', (_, make, unmake, warning) => {
      make()
      try {
        for (const script of ['install', 'uninstall']) {
          const { code, stdout } = machine.well(script)
          expect(code).toBe(3010)
          if (warning === undefined) expect(stdout).not.toContain('WARNING')
          else expect(stdout).toMatch(new RegExp(String.raw`WARNING: ${warning.source}`, 'i'))
          expect(stdout.indexOf('Restart this machine')).toBeGreaterThan(stdout.indexOf('WARNING'))
        }
      } finally {
        unmake()
      }
    })
  })

  it('change nothing in a second run at the same time, and name the lock', async () => {
    machine.well('install')
    const holder = join(alone, 'holder.ps1')
    const lock = String.raw`C:\windows\keepalive-kit\lock.txt`
    mkdirSync(dirname(machine.lock()), { recursive: true })
    writeFileSync(
      holder,
      `$ErrorActionPreference = 'Stop'
      $lock = [IO.File]::Open('${lock}', 'OpenOrCreate', 'ReadWrite', 'None')
      [IO.File]::WriteAllText('C:\\held', '')
      while ([IO.File]::Exists('C:\\held')) { [Threading.Thread]::Sleep(50) }`,
    )
    const ended = startPowershell(machine.windows, holder)
    await vi.waitUntil(() => existsSync(machine.windows.driveC('held')), { timeout: 30_000 })
    for (const refused of [
      machine.installs(LATER.profile),
      machine.run('uninstall'),
      machine.run('uninstall', ['-Defaults']),
    ])
      expect(refused).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(
          /nothing is changed: another run of an installer or uninstaller holds C:\\windows\\keepalive-kit\\lock\.txt\./,
        ),
      })
    rmSync(machine.windows.driveC('held'))
    await ended
    expect(machine.state()).toEqual(BECKHOFF)
    expect(machine.well('uninstall').code).toBe(3010)
  })
})
