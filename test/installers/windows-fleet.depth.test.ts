import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { itWhere, type Ran } from '../support/oracle.ts'
import { canMakeTrouble, describeOnWindows, powershell, startPowershell, type Trouble } from '../support/powershell.ts'
import {
  ABSENT,
  BECKHOFF,
  type Entries,
  firstRecord,
  LATER,
  RECORD,
  WindowsMachine,
} from '../support/windows-machine.ts'

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
        /KeepAliveTime is absent, to become 20000 ms \(0x00004e20\)\. KeepAliveInterval is absent/,
      ],
      ['both values', BECKHOFF, 0, /The keep-alive values are as they should be\./],
      [
        'another time',
        ['dword:006ddd00', 'dword:00001388'],
        1,
        /KeepAliveTime is 7200000 ms \(0x006ddd00\), to become 20000/,
      ],
      ['a string', ['"20000"', 'dword:00001388'], 1, /KeepAliveTime is 20000 \(String, not a DWORD of 32 bits\)/],
      ['a string of 5000 letters', [`"${'x'.repeat(5000)}"`, '-'], 1, /KeepAliveTime is x{60}\.\.\. \(String/],
      ['lines of text', ['hex(7):61,00,0d,00,0a,00,62,00,00,00,00,00', '-'], 1, /KeepAliveTime is a b \(MultiString/],
    ])('reports on a machine with %s in one line', (_, held, code, said) => {
      machine.set(held)
      expect(intune('detect')).toEqual({ code, stdout: oneLine(said), stderr: '' })
      expect(machine.state()).toEqual(held)
      expect(machine.nothingIsRecorded()).toBe(true)
    })
  })

  describe('remediate.ps1 of Intune', () => {
    it('installs, exits with 0 after one line, and leaves a record from which uninstall.ps1 restores all', () => {
      machine.set(['"slow"', '-'])
      expect(intune('detect').code).toBe(1)
      expect(intune('remediate')).toEqual({
        code: 0,
        stdout: oneLine(/KeepAliveTime is slow \(String, .* Restart this machine to put it in force\./),
        stderr: '',
      })
      expect(intune('detect').code).toBe(0)
      expect(machine.record()).toEqual(firstRecord(['"slow"', '-']))
      expect(intune('remediate')).toEqual({ code: 0, stdout: oneLine(/.*Nothing to do\./), stderr: '' })
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(['"slow"', '-'])
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('fails in the same line when a policy will overrule it', () => {
      policy('KeepAliveTime')
      const { code, stdout, stderr } = intune('remediate')
      noPolicy()
      expect({ code, stdout, stderr }).toEqual({
        code: 1,
        stdout: oneLine(/.*a policy \(.*\) makes KeepAliveTime 300000 ms/),
        stderr: '',
      })
      expect(machine.state()).toEqual(BECKHOFF)
    })

    itWhere(canMakeTrouble).each<[string, Trouble, RegExp]>([
      ['a value cannot be written', { refuse: true }, /Failed: all changes are undone: /],
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
      machine.well('install')
      machine.set(ABSENT)
      machine.windows.run('reg', ['delete', `${RECORD}\\before`, '/f'])
      expect(intune('remediate')).toEqual({
        code: 1,
        stdout: oneLine(/Failed: nothing is changed: .*has lost its key before/),
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
            ['an install that fails', ABSENT, 'install', 'failed', { refuse: true }],
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

  const TCPIP = String.raw`System\CurrentControlSet\Services\Tcpip\Parameters`
  const LOCAL = 'windows/system32/GroupPolicy/Machine/Registry.pol'
  const dword = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(value)
    return bytes
  }

  /** An entry of a policy file: [KEY;VALUE;TYPE;SIZE;DATA], all but the data in UTF-16. */
  function entry(key: string, name: string, type: number, data: Buffer): Buffer {
    const text = (words: string): Buffer => Buffer.from(words, 'utf16le')
    const head = [text(`[${key}\0;${name}\0;`), dword(type), text(';'), dword(data.length), text(';')]
    return Buffer.concat([...head, data, text(']')])
  }

  /** Writes a policy file: the list of what group policy applied to this machine, or the local policy. */
  function policyFile(file: string, ...entries: readonly Buffer[]): void {
    mkdirSync(dirname(machine.windows.driveC(file)), { recursive: true })
    writeFileSync(machine.windows.driveC(file), Buffer.concat([Buffer.from('PReg\x01\0\0\0', 'latin1'), ...entries]))
  }

  const policy = (name: string, value = 300_000, file = 'ProgramData/ntuser.pol', key = TCPIP): void =>
    policyFile(file, entry(key, name, 4, dword(value)))

  const HISTORY = String.raw`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\History\{35378EAC-683F-11D2-A89A-00C04FBBCFA2}`

  /** Group Policy applied registry values: its history says so. */
  function applied(): void {
    expect(machine.windows.run('reg', ['add', HISTORY, '/f']).code).toBe(0)
  }

  function noPolicy(): void {
    machine.windows.run('reg', ['delete', HISTORY, '/f'])
    for (const file of ['ProgramData/ntuser.pol', 'windows/system32/GroupPolicy'])
      rmSync(machine.windows.driveC(file), { recursive: true, force: true })
  }

  describe.runIf(canMakeTrouble)('exit code 4, and a warning before the change,', () => {
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
        () => {
          policy('KeepAliveTime')
          applied()
        },
        noPolicy,
        /a policy \(C:\\ProgramData\\ntuser\.pol\) makes KeepAliveTime 300000 ms \(0x000493e0\) at its next refresh/,
      ],
      [
        'the local policy sets the interval, after data with a semicolon, a bracket and an odd size',
        () =>
          policyFile(
            LOCAL,
            entry(TCPIP, 'Other', 3, Buffer.from('];]')),
            entry(TCPIP.toUpperCase(), 'keepaliveinterval', 4, dword(300_000)),
          ),
        noPolicy,
        /a policy \(C:\\windows\\system32\\GroupPolicy\\Machine\\Registry\.pol\) makes KeepAliveInterval 300000 ms/,
      ],
      [
        'the local policy sets the time to text',
        () => policyFile(LOCAL, entry(TCPIP, 'KeepAliveTime', 1, Buffer.from('20000\0', 'utf16le'))),
        noPolicy,
        /a policy \(.*\) makes KeepAliveTime /,
      ],
      [
        'device management sets the time',
        add(managed, '/v', 'Pol_MSS_KeepAliveTime', '/t', 'REG_SZ', '/d', '<enabled/><data id="x" value="300000"/>'),
        drop(managed),
        /a policy \(device management\) makes KeepAliveTime 300000 ms/,
      ],
      ['somebody made a file ntuser.pol where no group policy is', () => policy('KeepAliveTime'), noPolicy, undefined],
      ['a policy sets another value', () => policy('KeepAliveTimeout'), noPolicy, undefined],
      [
        'a policy sets the value of another key',
        () => policy('KeepAliveTime', 1, LOCAL, `${TCPIP}\\Interfaces`),
        noPolicy,
        undefined,
      ],
      [
        'the data of a policy look like an entry about the time',
        () => policyFile(LOCAL, entry(TCPIP, 'Other', 3, entry(TCPIP, 'KeepAliveTime', 4, dword(1)))),
        noPolicy,
        undefined,
      ],
    ])('appear only if something will overrule the change: %s', (_, make, unmake, warning) => {
      make()
      try {
        for (const script of ['install', 'uninstall']) {
          const { code, stdout } = machine.well(script)
          expect(code).toBe(warning === undefined ? 3010 : 4)
          if (warning === undefined) expect(stdout).not.toContain('WARNING')
          else expect(stdout).toMatch(new RegExp(String.raw`WARNING: ${warning.source}`, 'i'))
          expect(stdout.indexOf('Restart this machine')).toBeGreaterThan(stdout.indexOf('WARNING'))
        }
      } finally {
        unmake()
      }
    })

    it('do not appear when a policy wants the same, and check warns of others without failing', () => {
      try {
        policy('KeepAliveTime', 20_000)
        applied()
        expect(machine.well('install').code).toBe(3010)
        expect(machine.well('check')).toMatchObject({ code: 0, stdout: expect.not.stringContaining('WARNING') })
        policyFile(LOCAL, entry(TCPIP, '**del.KeepAliveTime', 1, Buffer.from(' \0', 'utf16le')))
        expect(machine.well('check')).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(/WARNING: a policy \(.*Registry\.pol\) makes KeepAliveTime absent/),
        })
        // The policy in ntuser.pol keeps what uninstall removes.
        expect(machine.well('uninstall').code).toBe(4)
      } finally {
        noPolicy()
      }
    })

    it.each([
      ['is cut off', (whole: Buffer) => whole.subarray(0, -6)],
      ['is empty', () => Buffer.alloc(0)],
      ['has a size beyond its end', (whole: Buffer) => Buffer.concat([whole.subarray(0, -10), dword(0xffffffff)])],
    ])('do not keep a damaged policy file from being passed over: it %s', (_, damage) => {
      const other = entry('Software\\Other', 'Value', 4, dword(1))
      policyFile(LOCAL, other)
      writeFileSync(machine.windows.driveC(LOCAL), damage(readFileSync(machine.windows.driveC(LOCAL))))
      expect(machine.well('install').code).toBe(3010)
      noPolicy()
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
          /nothing is changed: .*'C:\\windows\\keepalive-kit\\lock\.txt' because it is being used by another process/,
        ),
      })
    rmSync(machine.windows.driveC('held'))
    await ended
    expect(machine.state()).toEqual(BECKHOFF)
    expect(machine.well('uninstall').code).toBe(3010)
  })
})
