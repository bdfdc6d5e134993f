import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import * as cmd from '../support/cmd.ts'
import {
  ABSENT,
  DEFAULTS,
  KEY,
  OTHER,
  OTHER_PROFILE,
  RECORD,
  WANTED,
  WORKING,
  installedOver,
  registryFile,
} from '../support/cmd.ts'
import { describeInWine } from '../support/wine.ts'

// The three ways back of uninstall.cmd, records that are not whole, two runs at once, warnings before a change, and
// failing imports. installers/sequences-cmd.test.ts holds longer sequences against the model.

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

  describe('uninstall.cmd', () => {
    it('removes the values with /defaults, and restores the original ones in a later plain run', () => {
      machine.put(DEFAULTS)
      started('install.cmd')
      expect(started('uninstall.cmd /defaults')).toMatchObject({ code: 3010, stderr: '' })
      expect(machine.held()).toEqual(ABSENT)
      expect(machine.recorded()).toEqual({
        previousProfile: 'beckhoff',
        before: DEFAULTS,
        installed: ABSENT,
        previous: WANTED,
      })
      expect(started('uninstall.cmd /defaults').code).toBe(0)
      expect(started('uninstall.cmd').code).toBe(3010)
      expect(machine.held()).toEqual(DEFAULTS)
      expect(machine.hasRecordKey()).toBe(false)
    })

    it('records the current values before /defaults on a machine without a record', () => {
      machine.put(DEFAULTS)
      expect(started('uninstall.cmd /defaults').code).toBe(3010)
      expect(machine.held()).toEqual(ABSENT)
      expect(machine.recorded()).toEqual({ before: DEFAULTS, installed: ABSENT })
      expect(started('uninstall.cmd').code).toBe(3010)
      expect(machine.held()).toEqual(DEFAULTS)
    })

    it('changes nothing with /defaults when no value is set', () => {
      expect(started('uninstall.cmd /defaults')).toMatchObject({ code: 0, stderr: '' })
      expect(machine.hasRecordKey()).toBe(false)
    })

    it('restores the previous version of the profile with /previous, once', () => {
      machine.put(DEFAULTS)
      started('install.cmd')
      const none = started('uninstall.cmd /previous')
      expect(none.code).toBe(1)
      expect(none.stderr).toContain('No profile is recorded as installed before this one.')
      started('install.cmd', otherStick)
      expect(started('uninstall.cmd /previous')).toMatchObject({ code: 3010, stderr: '' })
      expect(machine.held()).toEqual(WANTED)
      expect(machine.recorded()).toEqual(installedOver(DEFAULTS))
      expect(started('uninstall.cmd /previous').code).toBe(1)
      expect(started('uninstall.cmd').code).toBe(3010)
      expect(machine.held()).toEqual(DEFAULTS)
    })

    it.each(['/previous', '/defaults'])('refuses %s after an edit by hand unless /force is given', (way) => {
      machine.put(DEFAULTS)
      started('install.cmd')
      started('install.cmd', otherStick)
      machine.put({ KeepAliveTime: 'dword:00007530' })
      const { code, stderr } = started(`uninstall.cmd ${way}`)
      expect(code).toBe(1)
      expect(stderr).toContain('Somebody set KeepAliveTime by hand. Nothing is changed.')
      expect(machine.held()).toEqual({ ...OTHER, KeepAliveTime: 'dword:00007530' })
      expect(started(`uninstall.cmd /force ${way}`).code).toBe(3010)
      expect(machine.held()).toEqual(way === '/defaults' ? ABSENT : WANTED)
      expect(started('uninstall.cmd').code).toBe(3010)
      expect(machine.held()).toEqual(DEFAULTS)
    })
  })

  describe('a record', () => {
    it.each([
      ['has a newer format', `[${RECORD}]\r\n"Record"=dword:00000002\r\n\r\n`],
      ['has a format that is text', `[${RECORD}]\r\n"Record"="1"\r\n\r\n`],
      ['lacks the beginning', `[-${RECORD}\\before]\r\n\r\n`],
    ])('stops every script before a change when it %s', (_what, damage) => {
      started('install.cmd')
      machine.importText(`Windows Registry Editor Version 5.00\r\n\r\n${damage}`)
      for (const [script, folder] of [
        ['uninstall.cmd', stick],
        ['uninstall.cmd /defaults /force', stick],
        ['install.cmd', otherStick],
      ] as const) {
        const { code, stderr } = started(script, folder)
        expect(code).toBe(1)
        expect(stderr).toContain('The record is damaged, or of a newer keepalive-kit. Nothing is changed.')
      }
      expect(machine.held()).toEqual(WANTED)
    })

    it('does not count without its format, as after a first install that was cut off, and is written anew', () => {
      machine.importText(
        registryFile({ Profile: '"line-4"' }, RECORD) +
          `[${RECORD}\\before]\r\n"KeepAliveTime"=dword:00000007\r\n\r\n[${RECORD}\\previous]\r\n\r\n`,
      )
      expect(started('uninstall.cmd')).toMatchObject({ code: 0, stderr: '' })
      expect(started('install.cmd')).toMatchObject({ code: 3010, stderr: '' })
      expect(machine.recorded()).toEqual(installedOver(ABSENT))
    })

    it.each([
      ['installed', { before: DEFAULTS, installed: { ...ABSENT, KeepAliveTime: OTHER.KeepAliveTime } }],
      ['previous', { ...installedOver(DEFAULTS), previous: { ...OTHER, KeepAliveTime: '-' } }],
    ] as const)('does not pass on values of %s that have no profile, which a killed run left', (_what, record) => {
      machine.put(DEFAULTS)
      machine.putRecord(record)
      expect(started('install.cmd')).toMatchObject({ code: 3010, stderr: '' })
      expect(machine.recorded()).toEqual(installedOver(DEFAULTS))
      expect(started('uninstall.cmd /previous').code).toBe(1)
    })

    it('keeps a value of the beginning that these scripts cannot write, until another script restores it', () => {
      machine.put(WANTED)
      machine.putRecord({ ...installedOver({ ...ABSENT, KeepAliveTime: '"20!"' }), previous: ABSENT })
      const { code, stdout, stderr } = started('uninstall.cmd')
      expect(code).toBe(1)
      expect(stdout).toContain('KeepAliveTime is dword:00004e20 and becomes unreadable.')
      expect(stderr).toContain('This script could not write that value again. Nothing is changed.')
      expect(started('install.cmd', otherStick).code).toBe(3010)
      expect(started('uninstall.cmd /previous').code).toBe(3010)
      expect(machine.recorded()).toEqual(installedOver({ ...ABSENT, KeepAliveTime: '"20!"' }))
    })
  })

  describe('the lock', () => {
    const holder = 'install.cmd of the profile beckhoff, today'

    /** Holds the lock as another run does, until the returned function is called. */
    async function lockHeld(): Promise<() => Promise<unknown>> {
      const lock = machine.working('lock.txt')
      const goOn = machine.wine.driveC('go-on.txt')
      mkdirSync(machine.working(), { recursive: true })
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
        machine.put(DEFAULTS)
        const release = await lockHeld()
        const { code, stderr } = started(script)
        await release()
        expect(code).toBe(1)
        expect(stderr).toContain('Cannot write lock.txt')
        expect(stderr).toContain(holder)
        expect(machine.held()).toEqual(DEFAULTS)
        expect(machine.hasRecordKey()).toBe(false)
      },
    )

    it('does not outlive a run that was killed and left its files behind', () => {
      mkdirSync(machine.working(), { recursive: true })
      for (const file of WORKING) writeFileSync(machine.working(file), 'left by a run that was killed')
      expect(started('install.cmd')).toMatchObject({ code: 3010, stderr: '' })
      expect(machine.recorded()).toEqual(installedOver(ABSENT))
      expect(existsSync(machine.working())).toBe(false)
    })
  })

  describe('a warning before the change', () => {
    const SERVICES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services'

    it.each([
      ['uwfvol', 'uwfvol\\Parameters\\Static\\Copy1', 'UWFEnabled', 'dword:00000001', 'uwfmgr filter disable'],
      ['ewf', 'ewf\\Parameters\\Protected\\Volume0', 'x', 'dword:00000000', 'ewfmgr C: -disable'],
      ['fbwf', 'fbwf', 'Start', 'dword:00000000', 'fbwfmgr /disable'],
    ])('names the command that switches off the write filter %s', (driver, key, name, on, command) => {
      const parent = driver === 'ewf' ? `[${SERVICES}\\ewf\\Parameters\\Protected]\r\n\r\n` : ''
      machine.importText(`${registryFile({ [name]: on }, `${SERVICES}\\${key}`)}${parent}`)
      const { code, stdout, stderr } = started('install.cmd')
      expect(code).toBe(4)
      expect(stderr).toContain(
        `a write filter is on, so the change is gone at the next start. Type ${command}, restart,`,
      )
      expect(stdout).toContain('Restart this machine')
      expect(machine.held()).toEqual(WANTED)
      expect(started('.\\check.cmd')).toMatchObject({ code: 0, stderr })
      expect(started('uninstall.cmd')).toMatchObject({ code: 4, stderr })
      machine.importText(`Windows Registry Editor Version 5.00\r\n\r\n[-${SERVICES}\\${driver}]\r\n\r\n`)
    })

    it.each([
      ['uwfvol', 'uwfvol\\Parameters\\Static\\Copy0', 'UWFEnabled', 'dword:00000000'],
      ['ewf', 'ewf\\Parameters\\Protected', 'x', 'dword:00000001'],
      ['fbwf', 'fbwf', 'Start', 'dword:00000004'],
    ])('says nothing of the write filter %s if it is off', (driver, key, name, off) => {
      machine.importText(registryFile({ [name]: off }, `${SERVICES}\\${key}`))
      expect(started('install.cmd')).toMatchObject({ code: 3010, stderr: '' })
      machine.importText(`Windows Registry Editor Version 5.00\r\n\r\n[-${SERVICES}\\${driver}]\r\n\r\n`)
    })

    it('names the policy of a device management, unless KeepAliveTime is as it should be', () => {
      const managed = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\ADMX_MSS-legacy'
      machine.importText(registryFile({ Pol_MSS_KeepAliveTime: '"<enabled/>"' }, managed))
      const { code, stderr } = started('install.cmd')
      expect(code).toBe(4)
      expect(stderr).toContain('"MSS: (KeepAliveTime) How often keep-alive packets are sent" sets another value again')
      machine.put({ KeepAliveInterval: 'dword:00000007' })
      expect(started('install.cmd')).toMatchObject({ code: 3010, stderr: '' })
      machine.importText(`Windows Registry Editor Version 5.00\r\n\r\n[-${managed}]\r\n\r\n`)
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
      const { stdout } = machine.wine.run('cmd', ['/c', 'install.cmd'], { cwd: stick, env: { CMDCMDLINE: line } })
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
        const altered = text.replace('if exist "%REG%" "%REG%" import "%WORK%\\%1.reg"', instead)
        expect(altered).not.toBe(text)
        writeFileSync(join(copy, file), altered)
      }
      return copy
    }
    const NOTHING = 'rem'
    const ONLY_TIME = `reg add ${KEY} /v KeepAliveTime /t REG_DWORD /d 7 /f`
    /** The import, and then a security program that changes a value of the record or of the key back. */
    const THEN = (change: string) =>
      `if "%1"=="do" "%REG%" import "%WORK%\\do.reg" >nul 2>nul\r\nif "%1"=="do" ${change} >nul 2>nul\r\nif "%1"=="undo" "%REG%" import "%WORK%\\undo.reg"`

    it('changes nothing and keeps an earlier record', () => {
      machine.put(DEFAULTS)
      expect(started('install.cmd', withImport(stick, NOTHING)).code).toBe(1)
      expect(machine.held()).toEqual(DEFAULTS)
      expect(machine.hasRecordKey()).toBe(false)

      started('install.cmd')
      const { code, stderr } = started('install.cmd', withImport(otherStick, NOTHING))
      expect(code).toBe(1)
      expect(stderr).toContain('All changes are undone.')
      expect(started('uninstall.cmd', withImport(stick, NOTHING)).code).toBe(1)
      expect(started('uninstall.cmd /defaults', withImport(stick, NOTHING)).code).toBe(1)
      expect(machine.held()).toEqual(WANTED)
      expect(machine.recorded()).toEqual(installedOver(DEFAULTS))
    })

    it.each([
      ['a value', `reg add ${KEY} /v KeepAliveInterval /t REG_DWORD /d 7 /f`],
      ['the record', `reg delete ${RECORD} /v Record /f`],
      ['the beginning', `reg add ${RECORD}\\before /v KeepAliveTime /t REG_DWORD /d 7 /f`],
    ])('is undone with its record if %s reads back wrong', (_what, change) => {
      const record = {
        profile: 'beckhoff',
        previousProfile: 'line-4',
        before: { KeepAliveTime: '"20 s"', KeepAliveInterval: 'hex:01,02' },
        installed: WANTED,
        previous: DEFAULTS,
      }
      // After uninstall.cmd, a change of the record has no effect, because it is gone.
      for (const [script, folder] of [
        ['install.cmd', otherStick],
        ['uninstall.cmd /previous', stick],
        ['uninstall.cmd /defaults', stick],
        ...(change.includes(KEY) ? [['uninstall.cmd', stick] as const] : []),
      ] as const) {
        machine.put(WANTED)
        machine.putRecord(record)
        const { code, stderr } = started(script, withImport(folder, THEN(change)))
        expect({ script, code }).toEqual({ script, code: 1 })
        expect(stderr).toContain('All changes are undone.')
        expect(machine.held()).toEqual(WANTED)
        expect(machine.recorded()).toEqual(record)
      }
    })

    it('is reported, and the file with the old state kept, when the rollback fails too', () => {
      const { code, stderr } = started('install.cmd', withImport(stick, ONLY_TIME))
      expect(code).toBe(1)
      expect(stderr).toContain('The values or the record read back wrong: +dword:00000007+absent;')
      expect(stderr).toContain('This could not be undone. Import "C:\\windows\\keepalive-kit\\undo.reg"')
      machine.importText(readFileSync(machine.working('undo.reg'), 'latin1'))
      expect(machine.held()).toEqual(ABSENT)
    })
  })
})
