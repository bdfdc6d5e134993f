import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import * as cmd from '../support/cmd.ts'
import { ABSENT, DEFAULTS, KEY, OTHER_PROFILE, WANTED, WORKING, recordFile, registryFile } from '../support/cmd.ts'
import { rowsOf } from '../support/depth.ts'
import { describeInWine } from '../support/wine.ts'

// The three ways back of uninstall.cmd, damaged records, two runs at once, warnings before a change, and failing
// imports.

describeInWine('the installers for cmd.exe, in depth', () => {
  let machine: cmd.CmdMachine
  let stick: string
  let otherStick: string
  const started = (script: string, folder = stick, options = {}) => machine.started(script, folder, options)

  beforeAll(() => {
    machine = cmd.newCmdMachine()
    stick = buildTarget('windows')
    otherStick = buildTarget('windows', OTHER_PROFILE)
  })
  afterAll(() => machine?.remove())
  beforeEach(() => machine.reset())

  /** The parts of the record that change with each install: installed.reg and previous.reg. */
  const noted = () => {
    const { 'installed.reg': installed, 'previous.reg': previous } = machine.recorded()
    return { installed, previous }
  }

  describe('uninstall.cmd', () => {
    it('removes the values with /defaults, and restores the original ones in a later plain run', () => {
      machine.put(DEFAULTS)
      started('install.cmd')
      expect(started('uninstall.cmd /defaults')).toMatchObject({ code: 3010, stderr: '' })
      expect(machine.held()).toEqual(ABSENT)
      expect(noted().installed).toBe(recordFile(ABSENT))
      expect(started('uninstall.cmd /defaults').code).toBe(0)
      expect(started('uninstall.cmd').code).toBe(3010)
      expect(machine.held()).toEqual(DEFAULTS)
      expect(existsSync(machine.record('..'))).toBe(false)
    })

    it('records the current values before /defaults on a machine without a record', () => {
      machine.put(DEFAULTS)
      expect(started('uninstall.cmd /defaults').code).toBe(3010)
      expect(machine.held()).toEqual(ABSENT)
      expect(started('uninstall.cmd').code).toBe(3010)
      expect(machine.held()).toEqual(DEFAULTS)
    })

    it('changes nothing with /defaults when no value is set', () => {
      expect(started('uninstall.cmd /defaults')).toMatchObject({ code: 0, stderr: '' })
      expect(existsSync(machine.record('..'))).toBe(false)
    })

    it('restores the previous version of the profile with /previous, once', () => {
      machine.put(DEFAULTS)
      started('install.cmd')
      const none = started('uninstall.cmd /previous')
      expect(none.code).toBe(1)
      expect(none.stderr).toContain('No previous version of the profile is recorded')
      started('install.cmd', otherStick)
      expect(started('uninstall.cmd /previous')).toMatchObject({ code: 3010, stderr: '' })
      expect(machine.held()).toEqual(WANTED)
      expect(noted()).toEqual({ installed: recordFile(WANTED), previous: undefined })
      expect(started('uninstall.cmd /previous').code).toBe(1)
      expect(machine.held()).toEqual(WANTED)
      expect(started('uninstall.cmd').code).toBe(3010)
      expect(machine.held()).toEqual(DEFAULTS)
    })

    it.each(['/previous', '/defaults'])('keeps and reports later edits with %s unless /force is given', (way) => {
      machine.put(DEFAULTS)
      started('install.cmd')
      started('install.cmd', otherStick)
      machine.put({ KeepAliveTime: 'dword:00007530' })
      const { code, stdout } = started(`uninstall.cmd ${way}`)
      expect(code).toBe(3010)
      expect(stdout).toContain('KeepAliveTime is dword:00007530, which somebody set since the install. It is left so.')
      expect(machine.held().KeepAliveTime).toBe('dword:00007530')
      expect(started(`uninstall.cmd /force ${way}`).code).toBe(3010)
      expect(machine.held()).toEqual(way === '/defaults' ? ABSENT : WANTED)
      expect(started('uninstall.cmd').code).toBe(3010)
      expect(machine.held()).toEqual(DEFAULTS)
    })
  })

  describe('a record', () => {
    const damaged = [
      ['has another header', 'before.reg', recordFile(DEFAULTS).replace('Version 5.00', 'Version 6.00')],
      ['names another key', 'before.reg', recordFile(DEFAULTS, `${KEY}\\Interfaces`)],
      ['lacks a value', 'before.reg', recordFile({ KeepAliveTime: '-' })],
      ['lacks the data of a value', 'before.reg', recordFile({ ...DEFAULTS, KeepAliveTime: '' })],
      ['is cut off in text', 'before.reg', recordFile({ ...DEFAULTS, KeepAliveTime: '"20' })],
      ['is cut off in a number', 'before.reg', recordFile({ ...DEFAULTS, KeepAliveTime: 'dword:006ddd' })],
      ['is cut off in bytes', 'before.reg', recordFile({ ...DEFAULTS, KeepAliveTime: 'hex:01,' })],
      ['holds data of no known type', 'before.reg', recordFile({ ...DEFAULTS, KeepAliveTime: '& echo hello' })],
      [
        'holds a command',
        'before.reg',
        recordFile({ ...DEFAULTS, KeepAliveTime: 'hex"&echo hello>C:\\injected.txt&",' }),
      ],
      ['is empty', 'before.reg', ''],
      ['is empty', 'installed.reg', ''],
      ['is empty', 'previous.reg', ''],
    ] as const
    it.each(rowsOf(damaged, 5))(
      'stops install.cmd and uninstall.cmd before a change when it %s: %s',
      (_what, file, text) => {
        started('install.cmd')
        writeFileSync(machine.record(file), text)
        const recorded = machine.recorded()
        for (const [script, folder] of [
          ['uninstall.cmd', stick],
          ['install.cmd', otherStick],
        ] as const) {
          const { code, stderr } = started(script, folder)
          expect(code).toBe(1)
          expect(stderr).toContain(`${file}" is damaged`)
          expect(stderr).toContain('Nothing is changed.')
        }
        expect(machine.held()).toEqual(WANTED)
        expect(machine.recorded()).toEqual(recorded)
        expect(existsSync(machine.wine.driveC('injected.txt'))).toBe(false)
      },
    )

    it.each(['before.reg', 'installed.reg'])('stops uninstall.cmd before a change when %s is missing', (file) => {
      started('install.cmd')
      rmSync(machine.record(file))
      const { code, stderr } = started('uninstall.cmd')
      expect(code).toBe(1)
      expect(stderr).toContain(`${file}" is gone`)
      expect(machine.held()).toEqual(WANTED)
    })

    it.each(rowsOf(['2', '10', 'x', '"&echo hello>C:\\injected.txt&"'], 2))(
      'stops uninstall.cmd before a change when a newer version of the kit wrote it: record %s',
      (version) => {
        started('install.cmd')
        const newer = recordFile(DEFAULTS).replace('record 1', `record ${version}`)
        writeFileSync(machine.record('before.reg'), newer)
        const { code, stderr } = started('uninstall.cmd')
        expect(code).toBe(1)
        expect(stderr).toContain('was written by a newer version of keepalive-kit: use that one. Nothing is changed.')
        expect(machine.held()).toEqual(WANTED)
        expect(existsSync(machine.wine.driveC('injected.txt'))).toBe(false)
      },
    )

    it.each([
      ['without a version, as the first kit wrote it', registryFile(DEFAULTS)],
      ['with a blank line after the version', recordFile(DEFAULTS).replace('record 1\r\n', 'record 1\r\n\r\n')],
    ])('is read %s', (_what, text) => {
      started('install.cmd')
      writeFileSync(machine.record('before.reg'), text)
      expect(started('uninstall.cmd').code).toBe(3010)
      expect(machine.held()).toEqual(DEFAULTS)
    })

    it('is read when install.ps1 wrapped its bytes over several lines', () => {
      const bytes = Array.from({ length: 50 }, (_, index) => index.toString(16).padStart(2, '0'))
      const lines = `hex:${bytes.slice(0, 20).join(',')},\\\r\n  ${bytes.slice(20, 45).join(',')},\\\r\n  ${bytes.slice(45).join(',')}`
      started('install.cmd')
      writeFileSync(machine.record('before.reg'), recordFile({ ...ABSENT, KeepAliveTime: lines }))
      expect(started('uninstall.cmd').code).toBe(3010)
      expect(machine.held()).toEqual({ ...ABSENT, KeepAliveTime: `hex:${bytes.join(',')}` })
    })
  })

  describe('the lock', () => {
    const holder = 'install.cmd of the profile beckhoff, today'

    /** Holds the lock as another run does, until the returned function is called. */
    async function lockHeld(): Promise<() => Promise<unknown>> {
      const lock = machine.record('lock.txt')
      const goOn = machine.wine.driveC('go-on.txt')
      mkdirSync(dirname(lock), { recursive: true })
      rmSync(goOn, { force: true })
      const lines = [
        '@echo off',
        '>C:\\windows\\keepalive-kit\\lock.txt call :hold',
        'exit /b 0',
        ':hold',
        `echo ${holder}`,
        ':wait',
        'ping -n 2 127.0.0.1 >nul 2>nul',
        'if not exist C:\\go-on.txt goto wait',
        'exit /b 0',
        '',
      ]
      writeFileSync(machine.wine.driveC('hold.cmd'), lines.join('\r\n'))
      const other = spawn('wine', ['cmd', '/c', 'C:\\hold.cmd'], {
        // Without TMPDIR: Wine finds its server by it, and another server would be another Windows.
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...machine.wine.env },
        stdio: 'ignore',
      })
      const ended = once(other, 'exit')
      while (!existsSync(lock) || !readFileSync(lock, 'latin1').includes(holder)) await setTimeout(50)
      return () => {
        writeFileSync(goOn, '')
        return ended
      }
    }

    it.each(['install.cmd', 'uninstall.cmd /defaults'])(
      'stops %s while another script runs, and names that script',
      async (script) => {
        const release = await lockHeld()
        const { code, stderr } = started(script)
        await release()
        expect(code).toBe(1)
        expect(stderr).toContain('lock.txt". Nothing is changed.')
        expect(stderr).toContain(`It is held by: ${holder}`)
        expect(machine.held()).toEqual(ABSENT)
        expect(Object.keys(machine.recorded())).toEqual(['lock.txt'])
      },
    )

    it('does not outlive a run that was killed and left its files behind', () => {
      for (const file of [...WORKING, 'before.reg.new', 'installed.reg.new']) {
        mkdirSync(dirname(machine.record(file)), { recursive: true })
        writeFileSync(machine.record(file), 'left by a run that was killed')
      }
      expect(started('install.cmd')).toMatchObject({ code: 3010, stderr: '' })
      expect(Object.keys(machine.recorded())).toEqual(['before.reg', 'installed.reg'])
      expect(machine.recorded()['before.reg']).toBe(recordFile(ABSENT))
    })
  })

  describe('a warning before the change', () => {
    const SERVICES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services'
    const service = (name: string, start: string) =>
      machine.importText(
        `Windows Registry Editor Version 5.00\r\n\r\n[${SERVICES}\\${name}]\r\n"Start"=${start}\r\n\r\n`,
      )

    it.each([
      ['uwfvol', 'UWF', 'uwfmgr filter disable'],
      ['ewf', 'EWF', 'ewfmgr C: -disable'],
      ['fbwf', 'FBWF', 'fbwfmgr /disable'],
    ])('names the write filter %s and the command that switches it off', (driver, name, command) => {
      service(driver, 'dword:00000000')
      const { code, stderr } = started('install.cmd')
      expect(code).toBe(3010)
      expect(stderr).toContain(`(${name}) seems to be on: then this change and its record are gone at the next start`)
      expect(stderr).toContain(`with ${command} and restart`)
      expect(started('uninstall.cmd').stderr).toContain(`(${name})`)
      service(driver, 'dword:00000004')
      expect(started('install.cmd').stderr).toBe('')
      machine.importText(`Windows Registry Editor Version 5.00\r\n\r\n[-${SERVICES}\\${driver}]\r\n\r\n`)
    })

    it.each([
      ['windows/system32/GroupPolicy/Machine/Registry.pol', 'PReg\u0001\0[S;KeepAliveTime;\u0004\0;'],
      ['windows/security/templates/policies/gpt00000.inf', 'Parameters\\KeepAliveTime=4,300000'],
    ])('names a policy that manages KeepAliveTime: %s', (path, text) => {
      const file = machine.wine.driveC(path)
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(file, text, 'utf16le')
      const { code, stderr } = started('install.cmd')
      rmSync(file)
      expect(code).toBe(3010)
      expect(stderr).toContain('Warning: a policy sets KeepAliveTime')
      expect(stderr.toLowerCase()).toContain(path.split('/').at(-1)?.toLowerCase())
    })
  })

  describe('install.cmd', () => {
    it.each([
      ['a double-click', 'cmd.exe /c ""D:\\Line 4 & 5\\install.cmd" "', true],
      ['"Run as administrator"', '"C:\\Windows\\cmd.exe" /C "D:\\Line 4\\install.cmd" ', true],
      ['a program', 'cmd.exe /c ""D:\\Line 4\\install.cmd""', false],
      ['another script', 'cmd.exe /c C:\\Windows\\Setup\\Scripts\\SetupComplete.cmd', false],
      ['a command prompt', '"C:\\Windows\\cmd.exe" ', false],
    ])('waits for a key only if Explorer started it: %s', (_who, line, waits) => {
      const { stdout } = machine.wine.run('cmd', ['/c', 'install.cmd'], {
        cwd: stick,
        env: { CMDCMDLINE: line, ProgramData: 'C:\\ProgramData' },
      })
      expect(/press any key/i.test(stdout)).toBe(waits)
    })
  })

  describe('a failing import', () => {
    /**
     * Copies the scripts with another command in place of the import; it exits with 0, as a failing reg.exe often does.
     */
    function withImport(folder: string, instead: string): string {
      const copy = cmd.copied(folder, 'altered')
      for (const file of ['install.cmd', 'uninstall.cmd']) {
        const text = readFileSync(join(copy, file), 'latin1')
        const altered = text.replace('if exist "%REG%" "%REG%" import "%SCRATCH%\\put.reg"', instead)
        expect(altered).not.toBe(text)
        writeFileSync(join(copy, file), altered)
      }
      return copy
    }
    const NOTHING = 'rem'
    const ONLY_TIME = `reg add ${KEY} /v KeepAliveTime /t REG_DWORD /d 7 /f`

    it('changes nothing and keeps an earlier record', () => {
      machine.put(DEFAULTS)
      expect(started('install.cmd', withImport(stick, NOTHING)).code).toBe(1)
      expect(machine.held()).toEqual(DEFAULTS)
      expect(existsSync(machine.record('..'))).toBe(false)

      started('install.cmd')
      const recorded = machine.recorded()
      const { code, stderr } = started('install.cmd', withImport(otherStick, NOTHING))
      expect(code).toBe(1)
      expect(stderr).toContain('All changes are undone.')
      expect(started('uninstall.cmd', withImport(stick, NOTHING)).code).toBe(1)
      expect(started('uninstall.cmd /defaults', withImport(stick, NOTHING)).code).toBe(1)
      expect(machine.held()).toEqual(WANTED)
      expect(machine.recorded()).toEqual(recorded)
    })

    it('is reported, and the record kept, when the rollback fails too', () => {
      const { code, stderr } = started('install.cmd', withImport(stick, ONLY_TIME))
      expect(code).toBe(1)
      expect(stderr).toContain('KeepAliveTime reads back as dword:00000007 and not as dword:00004e20.')
      expect(stderr).toContain('what was there could not be put back')
      expect(machine.recorded()['before.reg']).toBe(recordFile(ABSENT))
      expect(started('uninstall.cmd /force').code).toBe(3010)
      expect(machine.held()).toEqual(ABSENT)
    })
  })
})
