import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import * as cmd from '../support/cmd.ts'
import { ABSENT, DEFAULTS, OTHER, OTHER_PROFILE, WANTED, installedOver, registryFile } from '../support/cmd.ts'
import { itWhere } from '../support/oracle.ts'
import { someOf } from '../support/depth.ts'
import { describeInWine } from '../support/wine.ts'

// Wine's cmd.exe runs install.cmd and uninstall.cmd against Wine's registry. windows-cmd-record.depth.test.ts covers the ways
// back of uninstall.cmd, damaged records and warnings; windows-cmd-grid.depth.test.ts covers every type of prior value.

const MACHINES = [
  { target: 'windows', system: 'Windows 7 and later', withReg: true, data: 'C:\\ProgramData', thorough: true },
  {
    target: 'windows-xp',
    system: 'Windows XP',
    withReg: true,
    data: 'C:\\Documents and Settings\\All Users',
    thorough: false,
  },
  {
    target: 'windows-xp',
    system: 'Windows 2000, without reg.exe',
    withReg: false,
    data: 'C:\\Dokumente & All Users',
    thorough: false,
  },
] as const

describeInWine('the installers for cmd.exe', () => {
  describe.each(someOf(MACHINES, 2, 2))('$target on $system', ({ target, withReg, data, thorough }) => {
    /** Tests that depend on neither the target nor reg.exe run on one machine only, because Wine is slow. */
    const once = itWhere(thorough)
    let machine: cmd.CmdMachine
    let stick: string
    const started = (script: string, folder = stick) => machine.started(script, folder)

    beforeAll(() => {
      machine = cmd.newCmdMachine({ withReg, data })
    })
    afterAll(() => machine?.remove())
    beforeEach(() => {
      stick = buildTarget(target)
      machine.reset()
    })

    describe('install.cmd', () => {
      it('sets the values, asks for a restart, and exits with 3010', () => {
        const { code, stdout, stderr } = started('install.cmd')
        expect({ code, stderr }).toEqual({ code: 3010, stderr: '' })
        expect(stdout).toMatch(/^install\.cmd of the profile beckhoff, /)
        expect(stdout).toContain('KeepAliveTime is absent and becomes dword:00004e20.')
        expect(stdout).toContain(
          'Restart this machine to put it in force. Connections that are open keep their old times',
        )
        const query = machine.wine.run('test-reg', ['query', cmd.KEY]).stdout
        expect(query).toMatch(/KeepAliveTime +REG_DWORD +0x4e20\r\n/)
        expect(query).toMatch(/KeepAliveInterval +REG_DWORD +0x1388\r\n/)
        expect(existsSync(machine.working())).toBe(false)
      })

      it('records the prior values in the registry', () => {
        const before = { KeepAliveTime: '"20 (s), as told"', KeepAliveInterval: '-' }
        machine.put(before)
        started('install.cmd')
        expect(machine.recorded()).toEqual(installedOver(before))
      })

      once('changes nothing on a machine that has the values already, with or without a record', () => {
        machine.put(WANTED)
        const { code, stdout, stderr } = started('install.cmd')
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(stdout).toContain('Nothing to do.')
        expect(machine.hasRecordKey()).toBe(false)
        machine.putRecord(installedOver(DEFAULTS))
        expect(started('install.cmd')).toMatchObject({ code: 0, stderr: '' })
        expect(machine.recorded()).toEqual(installedOver(DEFAULTS))
      })

      once('keeps the beginning when another profile is installed, and records the previous one', () => {
        machine.put(DEFAULTS)
        expect(started('install.cmd').code).toBe(3010)
        expect(started('install.cmd', buildTarget(target, { ...OTHER_PROFILE, name: 'line-4' })).code).toBe(3010)
        expect(machine.held()).toEqual(OTHER)
        expect(machine.recorded()).toEqual({
          profile: 'line-4',
          previousProfile: 'beckhoff',
          before: DEFAULTS,
          installed: OTHER,
          previous: WANTED,
        })
      })

      once('replaces a value that somebody set by hand, and says so', () => {
        started('install.cmd')
        machine.put({ KeepAliveTime: 'dword:00000007' })
        const { code, stdout, stderr } = started('install.cmd')
        expect({ code, stderr }).toEqual({ code: 3010, stderr: '' })
        expect(stdout).toContain('This replaces a value that somebody set by hand: KeepAliveTime.')
        expect(machine.held()).toEqual(WANTED)
        expect(machine.recorded()).toEqual(installedOver(ABSENT))
      })

      once('reads only values with exactly these names in exactly this key', () => {
        machine.importText(
          registryFile({ KeepAliveTime: 'dword:00000007' }, `${cmd.KEY}\\Interfaces\\{1}`) +
            `[${cmd.KEY}]\r\n"AKeepAliveTime"=dword:00000001\r\n"KeepAliveTimeX"=dword:00000002\r\n"KeepAliveTime\\\\x"="3"\r\n` +
            '"KeepAliveTime=x"="4"\r\n"My Text"="[a \\"b\\" & c = d]"\r\n' +
            `"My Bytes"=hex:${'00,'.repeat(80)}00\r\n\r\n`,
        )
        const { code, stderr } = started('install.cmd')
        expect({ code, stderr }).toEqual({ code: 3010, stderr: '' })
        expect(machine.recorded()).toEqual(installedOver(ABSENT))
        expect(started('uninstall.cmd').code).toBe(3010)
        expect(machine.held()).toEqual(ABSENT)
      })

      once('finds a value in any spelling of its name', () => {
        machine.importText(registryFile({ keepalivetime: 'dword:00000007' }))
        started('install.cmd')
        expect(machine.recorded()?.before).toEqual({ KeepAliveTime: 'dword:00000007', KeepAliveInterval: '-' })
        machine.importText(registryFile({ keepalivetime: '-' }))
      })

      once.each(
        someOf(
          [
            ['text with a quotation mark', '"20\\"000"'],
            ['text with a backslash', '"20\\\\000"'],
            ['text with a command for cmd.exe', '"20&echo injected>C:\\\\injected.txt"'],
            ['text with an exclamation mark', '"20!000"'],
            ['text with an apostrophe', `"20'000"`],
            ['text with a caret', '"20^000"'],
            ['text with an equals sign', '"20=000"'],
            ['text with a plus sign', '"20+000"'],
            ['text that is not ASCII', '"20\u00a0000"'],
            ['a list of texts', 'hex(7):32,00,30,00,00,00,00,00'],
            ['bytes on several lines', `hex:${'00,'.repeat(80)}00`],
          ],
          4,
          4,
        ),
      )('refuses to replace %s, which it cannot write again', (_what, entry) => {
        machine.put({ KeepAliveTime: entry })
        const first = machine.exported()
        const { code, stdout, stderr } = started('install.cmd')
        expect(code).toBe(1)
        expect(stdout).toContain('KeepAliveTime is unreadable and becomes')
        expect(stderr).toContain('This script could not write that value again. Nothing is changed.')
        expect(machine.exported()).toBe(first)
        expect(machine.hasRecordKey()).toBe(false)
        expect(existsSync(machine.wine.driveC('injected.txt'))).toBe(false)
      })

      once.each(
        someOf(
          [
            ['a file has the name of its folder', '', (path: string) => writeFileSync(path, '')],
            ['the lock is a folder', 'lock.txt', (path: string) => mkdirSync(path, { recursive: true })],
            ['the export cannot be written', 'read.reg', (path: string) => mkdirSync(path, { recursive: true })],
            ['the import file cannot be written', 'do.reg', (path: string) => mkdirSync(path, { recursive: true })],
            ['the way back cannot be written', 'undo.reg', (path: string) => mkdirSync(path, { recursive: true })],
          ],
          3,
          3,
        ),
      )('changes nothing when %s', (_what, path, block) => {
        block(machine.working(path))
        const { code, stderr } = started('install.cmd')
        expect(code).toBe(1)
        expect(stderr).toContain('Nothing is changed')
        expect(machine.held()).toEqual(ABSENT)
        expect(machine.hasRecordKey()).toBe(false)
      })

      once('neither believes nor touches files in folders in which anybody can write', () => {
        const planted = ['ProgramData/keepalive-kit/beckhoff/before.reg', 'ProgramData/keepalive-kit/lock.txt'].map(
          (path) => machine.wine.driveC(path),
        )
        for (const file of planted) {
          mkdirSync(join(file, '..'), { recursive: true })
          writeFileSync(file, registryFile({ KeepAliveTime: 'dword:00000666', KeepAliveInterval: 'dword:00000666' }))
        }
        const text = planted.map((file) => readFileSync(file, 'latin1'))
        expect(started('uninstall.cmd')).toMatchObject({ code: 0, stderr: '' })
        expect(machine.held()).toEqual(ABSENT)
        expect(started('install.cmd')).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.recorded()).toEqual(installedOver(ABSENT))
        expect(started('uninstall.cmd')).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.held()).toEqual(ABSENT)
        expect(planted.map((file) => readFileSync(file, 'latin1'))).toEqual(text)
      })

      once.each(someOf(['Line 4 & (spare)!', '100% ^up^ %OS%', 'a;b,c=d'], 2, 2))(
        'runs from a folder named %s',
        (name) => {
          expect(started('install.cmd', cmd.copied(stick, name))).toMatchObject({ code: 3010, stderr: '' })
          expect(machine.held()).toEqual(WANTED)
          expect(started('uninstall.cmd', cmd.copied(stick, name))).toMatchObject({ code: 3010, stderr: '' })
          expect(machine.held()).toEqual(ABSENT)
        },
      )

      once('runs when another script calls it from another folder, and leaves no variables behind', () => {
        const folder = cmd.copied(stick, 'Line 4 (spare)').replaceAll('/', '\\')
        writeFileSync(
          machine.wine.driveC('caller.cmd'),
          `@call "Z:${folder}\\install.cmd"\r\n@set > C:\\variables.txt\r\n@echo the caller goes on\r\n`,
        )
        // The exit code is not checked: after a call of another script, Wine 8 always reports 1.
        const { stdout, stderr } = machine.wine.run('cmd', ['/c', 'C:\\caller.cmd'], { cwd: machine.wine.driveC('') })
        expect(stderr).toBe('')
        expect(stdout).toContain('the caller goes on')
        expect(machine.held()).toEqual(WANTED)
        expect(readFileSync(machine.wine.driveC('variables.txt'), 'latin1')).not.toMatch(
          /^(?:NOW|WANTED|KEY|RECORD|WORK)/m,
        )
      })
    })

    describe('uninstall.cmd', () => {
      it.each([
        ['none', ABSENT],
        ['one number', { KeepAliveTime: 'dword:ffffffff', KeepAliveInterval: '-' }],
        ['a text and bytes', { KeepAliveTime: '"20 s"', KeepAliveInterval: 'hex(b):88,13,00,00,00,00,00,00' }],
      ])('restores exactly the prior values: %s', (_what, values) => {
        machine.put(values)
        const first = machine.exported()
        expect(started('install.cmd').code).toBe(3010)
        expect(machine.held()).toEqual(WANTED)
        expect(started('uninstall.cmd')).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.exported()).toBe(first)
        expect(machine.hasRecordKey()).toBe(false)
        const { code, stdout, stderr } = started('uninstall.cmd')
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(stdout).toContain('There is no record, so there is nothing to undo.')
      })

      it('changes nothing if somebody set a value by hand, unless /force is given', () => {
        machine.put(DEFAULTS)
        started('install.cmd')
        machine.put({ KeepAliveTime: 'dword:00007530' })
        const { code, stdout, stderr } = started('uninstall.cmd')
        expect(code).toBe(1)
        expect(stdout).toContain('KeepAliveTime is dword:00007530 and becomes dword:006ddd00.')
        expect(stderr).toContain('Somebody set KeepAliveTime by hand. Nothing is changed.')
        expect(machine.held()).toEqual({ ...WANTED, KeepAliveTime: 'dword:00007530' })
        expect(machine.recorded()).toEqual(installedOver(DEFAULTS))

        expect(started('uninstall.cmd /force')).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.held()).toEqual(DEFAULTS)
        expect(machine.hasRecordKey()).toBe(false)
      })

      once('changes nothing if another profile is installed, unless /force is given', () => {
        machine.put(DEFAULTS)
        started('install.cmd', buildTarget(target, { ...OTHER_PROFILE, name: 'line-4' }))
        for (const way of ['', ' /previous', ' /defaults']) {
          const { code, stderr } = started(`uninstall.cmd${way}`)
          expect(code).toBe(1)
          if (way !== ' /previous')
            expect(stderr).toContain("The profile 'line-4' is installed, not 'beckhoff'. Nothing is")
        }
        expect(machine.held()).toEqual(OTHER)
        expect(started('uninstall.cmd /FORCE')).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.held()).toEqual(DEFAULTS)
      })

      once('names /defaults if the values are set without a record, as after a double click on keepalive.reg', () => {
        machine.put(WANTED)
        const { code, stderr } = started('uninstall.cmd')
        expect(code).toBe(1)
        expect(stderr).toContain('no record says what was there before. uninstall.cmd /defaults removes them.')
        expect(started('uninstall.cmd /defaults')).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.held()).toEqual(ABSENT)
        expect(started('uninstall.cmd')).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.held()).toEqual(WANTED)
      })

      once('removes the record when the prior values are back already', () => {
        started('install.cmd')
        machine.put(ABSENT)
        expect(started('uninstall.cmd').code).toBe(0)
        expect(machine.hasRecordKey()).toBe(false)
      })
    })

    describe('check.cmd', () => {
      it('prints the wanted and the found values, and changes nothing', () => {
        machine.put({ KeepAliveTime: WANTED.KeepAliveTime })
        const wrong = started('.\\check.cmd')
        expect({ ...wrong, stdout: wrong.stdout.split('\r\n') }).toEqual({
          code: 1,
          stdout: [
            'KeepAliveTime: wanted dword:00004e20, found dword:00004e20: ok',
            'KeepAliveInterval: wanted dword:00001388, found absent: WRONG',
            '',
          ],
          stderr: '',
        })
        started('install.cmd')
        const recorded = machine.recorded()
        expect(started('.\\check.cmd')).toMatchObject({ code: 0, stderr: '' })
        expect(machine.recorded()).toEqual(recorded)
      })
    })

    once.each(
      someOf(
        [
          ['install.cmd /x', 2],
          ['install.cmd /force', 2],
          ['install.cmd /? /x', 2],
          ['install.cmd "a & b"', 2],
          ['.\\check.cmd /x', 2],
          ['uninstall.cmd /x', 2],
          ['uninstall.cmd /force /x', 2],
          ['uninstall.cmd /defaults /previous', 2],
          ['uninstall.cmd /previous /force /defaults', 2],
          ['uninstall.cmd "a & b"', 2],
          ['install.cmd /?', 0],
          ['uninstall.cmd /?', 0],
          ['.\\check.cmd /?', 0],
        ],
        7,
        7,
      ),
    )('%s exits with %i and changes nothing', (script, code) => {
      expect(started(script).code).toBe(code)
      expect(machine.held()).toEqual(ABSENT)
      expect(machine.hasRecordKey()).toBe(false)
    })

    itWhere(withReg).each(['install.cmd', 'uninstall.cmd'])(
      '%s exits with 5 unless an administrator starts it',
      (script) => {
        machine.importText(`Windows Registry Editor Version 5.00\r\n\r\n[-${cmd.ADMINISTRATORS_KEY}]\r\n\r\n`)
        const { code, stderr } = started(script)
        expect(code).toBe(5)
        expect(stderr).toContain('Run as administrator')
        expect(machine.held()).toEqual(ABSENT)
        expect(machine.hasRecordKey()).toBe(false)
      },
    )
  })
})

describe.each(['windows', 'windows-xp'])('the scripts for %s', (target) => {
  const folder = buildTarget(target)
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.cmd'))
  it.each(scripts)('%s is plain ASCII with lines short enough for cmd.exe of Windows 2000', (file) => {
    const text = readFileSync(join(folder, file), 'latin1')
    expect(text).toMatch(/^[\n\r -~]*$/)
    expect(text.split('\r\n').join('')).not.toMatch(/[\n\r]/)
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThan(2047)
  })
})
