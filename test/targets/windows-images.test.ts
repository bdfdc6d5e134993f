import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import {
  ABSENT,
  RECORD,
  WANTED,
  installedOver,
  newCmdMachine,
  recordIn,
  valuesIn,
  type CmdMachine,
} from '../support/cmd.ts'
import { hive } from '../support/hive.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'
import { describeInWine } from '../support/wine.ts'

// For image builders: a registry file and scripts for an offline Windows, and SetupComplete.cmd.

describeWithOracle('keepalive-offline.reg merged into an offline hive', missingPrograms('hivexregedit'), () => {
  it.each([
    { options: {}, mount: 'OFFLINE', set: 'ControlSet001' },
    { options: { windows: { hive: 'IMAGE7', 'control-set': 12 } }, mount: 'IMAGE7', set: 'ControlSet012' },
  ])('sets the values in $set of a hive loaded as $mount', ({ options, mount, set }) => {
    const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-hive-'))
    writeFileSync(join(folder, 'SYSTEM'), hive(set, 'Services', 'Tcpip', 'Parameters'))
    const file = join(buildTarget('windows', { options }), 'offline/keepalive-offline.reg')
    const prefix = `HKEY_LOCAL_MACHINE\\${mount}`
    const merged = run('hivexregedit', ['--merge', '--prefix', prefix, '--encoding', 'UTF-8', 'SYSTEM', file], {
      cwd: folder,
    })
    expect(merged).toMatchObject({ code: 0, stderr: '' })
    const read = run('hivexregedit', ['--export', 'SYSTEM', `\\${set}\\Services\\Tcpip\\Parameters`], { cwd: folder })
    expect(read.stdout).toContain('"KeepAliveTime"=dword:00004e20')
    expect(read.stdout).toContain('"KeepAliveInterval"=dword:00001388')
  })
})

/**
 * Stand-ins for `reg load` and `reg unload`, which Wine 8 lacks: a hive here is the text that `reg export` wrote of it.
 */
const LOAD = [
  '@reg import %2 >nul 2>nul',
  '@if errorlevel 1 exit /b 1',
  '@>C:\\loaded.txt echo %~2',
  '@exit /b 0',
  '',
].join('\r\n')
const UNLOAD = [
  '@if exist C:\\held.txt (',
  '  @del C:\\held.txt',
  '  @exit /b 1',
  ')',
  '@for /f "usebackq delims=" %%F in ("C:\\loaded.txt") do @reg export %1 "%%F" /y >nul 2>nul',
  '@reg delete %1 /f >nul 2>nul',
  '@exit /b 0',
  '',
].join('\r\n')

describeInWine('the scripts for an offline Windows', () => {
  let machine: CmdMachine
  let scripts: string
  const image = () => machine.wine.driveC('mount')
  const system = () => join(image(), 'Windows/System32/config/SYSTEM')

  beforeAll(() => {
    machine = newCmdMachine()
    writeFileSync(machine.wine.driveC('load.cmd'), LOAD)
    writeFileSync(machine.wine.driveC('unload.cmd'), UNLOAD)
    scripts = join(buildTarget('windows'), 'offline')
    for (const file of ['install-offline.cmd', 'uninstall-offline.cmd']) {
      const text = readFileSync(join(scripts, file), 'latin1')
      const withStandIns = text
        .replace('"%REG%" load ', 'cmd /c C:\\load.cmd ')
        .replace('"%REG%" unload ', 'cmd /c C:\\unload.cmd ')
      expect(withStandIns).not.toBe(text)
      writeFileSync(join(scripts, file), withStandIns)
    }
  })
  afterAll(() => machine?.remove())
  beforeEach(() => {
    machine.reset()
    machine.importText('Windows Registry Editor Version 5.00\r\n\r\n[-HKEY_LOCAL_MACHINE\\OFFLINE]\r\n\r\n')
    rmSync(image(), { recursive: true, force: true })
    mkdirSync(join(system(), '..'), { recursive: true })
    writeFileSync(system(), systemText({ current: '00000002' }), 'utf16le')
  })

  function systemText({ current, time }: { current?: string; time?: string }): string {
    const root = 'HKEY_LOCAL_MACHINE\\OFFLINE'
    return [
      '\uFEFFWindows Registry Editor Version 5.00',
      '',
      `[${root}\\Select]`,
      ...(current === undefined ? [] : [`"Current"=dword:${current}`]),
      `[${root}\\ControlSet001\\Services\\Tcpip\\Parameters]`,
      `[${root}\\ControlSet002\\Services\\Tcpip\\Parameters]`,
      ...(time === undefined ? [] : [`"KeepAliveTime"=${time}`]),
      '',
      '',
    ].join('\r\n')
  }
  /** The values in both control sets of the image. */
  const inImage = () =>
    ['001', '002'].map((set) =>
      valuesIn(
        readFileSync(system(), 'utf16le'),
        `HKEY_LOCAL_MACHINE\\OFFLINE\\ControlSet${set}\\Services\\Tcpip\\Parameters`,
      ),
    )
  /** The record in a control set of the image. */
  const recordOf = (set: string, file = system()) =>
    recordIn(readFileSync(file, 'utf16le'), RECORD.replace('SYSTEM\\CurrentControlSet', `OFFLINE\\ControlSet${set}`))
  const loaded = () => machine.wine.run('test-reg', ['query', 'HKLM\\OFFLINE']).code === 0

  it('set the values in the current control set of the image, and nothing on this machine', () => {
    const { code, stdout, stderr } = machine.started('install-offline.cmd C:\\mount\\Windows', scripts)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Done. It is in force from the first start of the image on.')
    expect(inImage()).toEqual([ABSENT, WANTED])
    expect(machine.held()).toEqual(ABSENT)
    expect([recordOf('001'), recordOf('002')]).toEqual([undefined, installedOver(ABSENT)])
    expect(machine.hasRecordKey()).toBe(false)
    expect(loaded()).toBe(false)
    expect(machine.started('install-offline.cmd C:\\mount', scripts)).toMatchObject({ code: 0, stderr: '' })
  })

  it('record the prior values in the image, where its own uninstall.cmd finds them', () => {
    writeFileSync(system(), systemText({ current: '00000002', time: '"20 s"' }), 'utf16le')
    expect(machine.started('install-offline.cmd C:\\mount\\Windows', scripts).code).toBe(0)
    const before = { KeepAliveTime: '"20 s"', KeepAliveInterval: '-' }
    expect(recordOf('002')).toEqual(installedOver(before))
    // As after the image booted: its control set is the current one.
    machine.put(WANTED)
    machine.putRecord(recordOf('002'))
    expect(machine.started('uninstall.cmd', buildTarget('windows')).code).toBe(3010)
    expect(machine.held()).toEqual(before)
  })

  it.each([
    ['', 0, '"20 s"'],
    [' /defaults', 0, '-'],
    [' /previous', 1, WANTED.KeepAliveTime],
  ])('revert the image: uninstall-offline.cmd C:\\mount%s', (option, code, time) => {
    writeFileSync(system(), systemText({ current: '00000002', time: '"20 s"' }), 'utf16le')
    machine.started('install-offline.cmd C:\\mount', scripts)
    expect(machine.started(`uninstall-offline.cmd C:\\mount${option}`, scripts).code).toBe(code)
    expect(inImage()[1]?.KeepAliveTime).toBe(time)
    expect(loaded()).toBe(false)
  })

  it('take a single hive file', () => {
    const file = machine.wine.driveC('SYSTEM of line 4')
    cpSync(system(), file)
    expect(machine.started('install-offline.cmd "C:\\SYSTEM of line 4"', scripts)).toMatchObject({
      code: 0,
      stderr: '',
    })
    expect(recordOf('002', file)).toEqual(installedOver(ABSENT))
    expect(machine.started('uninstall-offline.cmd "C:\\SYSTEM of line 4"', scripts).code).toBe(0)
    expect(recordOf('002', file)).toBeUndefined()
  })

  it('unload the hive of the image when they fail, even if another program delays the unloading', () => {
    writeFileSync(system(), systemText({}), 'utf16le')
    writeFileSync(machine.wine.driveC('held.txt'), '')
    const { code, stderr } = machine.started('install-offline.cmd C:\\mount', scripts)
    expect(code).toBe(1)
    expect(stderr).toContain('does not name its control set in Select\\Current')
    expect(existsSync(machine.wine.driveC('held.txt'))).toBe(false)
    expect(loaded()).toBe(false)
  })

  it.each([
    [
      'the name of the loaded hive is in use',
      'HKLM\\OFFLINE is in use already',
      () => machine.importText(systemText({}).slice(1)),
    ],
    ['the hive cannot be loaded', 'cannot be loaded', () => writeFileSync(system(), 'no registry')],
    ['the hive is missing', 'is no folder of a Windows', () => rmSync(system())],
  ])('change nothing when %s', (_what, said, arrange) => {
    arrange()
    const { code, stderr } = machine.started('install-offline.cmd C:\\mount', scripts)
    expect(code).toBe(1)
    expect(stderr).toContain(said)
    expect(stderr).toContain('Nothing is changed.')
    expect(machine.held()).toEqual(ABSENT)
  })

  it.each([
    ['install-offline.cmd', 2],
    ['install-offline.cmd C:\\mount /x', 2],
    ['uninstall-offline.cmd', 2],
    ['uninstall-offline.cmd C:\\mount /defaults /previous', 2],
    ['install-offline.cmd /?', 0],
    ['uninstall-offline.cmd /?', 0],
  ])('%s exits with %i and changes nothing', (script, code) => {
    expect(machine.started(script, scripts).code).toBe(code)
    expect(inImage()).toEqual([ABSENT, ABSENT])
  })

  describe('SetupComplete.cmd', () => {
    /** Puts the scripts where Windows Setup looks for them; returns the path of their log. */
    function setup(): string {
      const folder = machine.wine.driveC('windows/Setup/Scripts')
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
      const target = buildTarget('windows')
      cpSync(join(target, 'install.cmd'), join(folder, 'install.cmd'))
      cpSync(join(target, 'setup/SetupComplete.cmd'), join(folder, 'SetupComplete.cmd'))
      return join(folder, 'keepalive-kit.log')
    }
    /** Runs SetupComplete.cmd as Windows Setup does: from the system's folder, with its standard streams closed. */
    function complete() {
      return run('sh', ['-c', 'exec wine cmd /c C:\\\\windows\\\\Setup\\\\Scripts\\\\SetupComplete.cmd <&- >&- 2>&-'], {
        env: machine.wine.env,
        cwd: machine.wine.driveC('windows/system32'),
      })
    }

    it('applies the profile with the install.cmd beside it, and logs the changes', () => {
      const log = setup()
      expect(complete()).toMatchObject({ stdout: '', stderr: '' })
      expect(machine.held()).toEqual(WANTED)
      expect(machine.recorded()).toEqual(installedOver(ABSENT))
      expect(readFileSync(log, 'latin1')).toContain('KeepAliveTime is absent and becomes dword:00004e20.')
      complete()
      expect(readFileSync(log, 'latin1')).toContain('Nothing to do.')
      expect(machine.started('uninstall.cmd', buildTarget('windows')).code).toBe(3010)
      expect(machine.held()).toEqual(ABSENT)
    })

    it('logs the reason when it fails', () => {
      const log = setup()
      rmSync(join(log, '../install.cmd'))
      complete()
      expect(machine.held()).toEqual(ABSENT)
      expect(readFileSync(log, 'latin1')).toMatch(/install\.cmd ended with the exit code [1-9]/)
    })
  })
})
