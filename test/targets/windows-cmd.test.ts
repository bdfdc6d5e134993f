import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import * as cmd from '../support/cmd.ts'
import { ABSENT, DEFAULTS, KEY, OTHER, OTHER_PROFILE, WANTED, recordFile, registryFile } from '../support/cmd.ts'
import { itWhere } from '../support/oracle.ts'
import { describeInWine } from '../support/wine.ts'

// install.cmd and uninstall.cmd, run by Wine's cmd.exe against Wine's registry. What uninstall.cmd can be told, what the
// record may hold, and warnings: windows-cmd-record.test.ts. Every kind of value that was there: windows-cmd-grid.test.ts.

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
  describe.each(MACHINES)('$target on $system', ({ target, withReg, data, thorough }) => {
    /** What does not depend on the target and on reg.exe is tried on one machine only: Wine takes its time. */
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
      it('sets the values, says that a restart is needed, and ends with 3010', () => {
        const { code, stdout, stderr } = started('install.cmd')
        expect({ code, stderr }).toEqual({ code: 3010, stderr: '' })
        expect(stdout).toMatch(/^install\.cmd of the profile beckhoff, /)
        expect(stdout).toContain('KeepAliveTime is absent, to become dword:00004e20, 20 s.')
        expect(stdout).toContain(
          'Restart this machine to put it in force. Connections that are open keep their old times',
        )
        const query = machine.wine.run('test-reg', ['query', KEY]).stdout
        expect(query).toMatch(/KeepAliveTime +REG_DWORD +0x4e20\r\n/)
        expect(query).toMatch(/KeepAliveInterval +REG_DWORD +0x1388\r\n/)
      })

      it('records what was there before, as a registry file that puts it back', () => {
        machine.put({ KeepAliveTime: 'dword:006ddd00' })
        started('install.cmd')
        expect(machine.recorded()).toEqual({
          'before.reg': recordFile({ KeepAliveTime: 'dword:006ddd00', KeepAliveInterval: '-' }),
          'installed.reg': recordFile(WANTED),
        })
      })

      once('does nothing on a machine that has the values', () => {
        machine.put(WANTED)
        const { code, stdout, stderr } = started('install.cmd')
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(stdout).toContain('Nothing to do.')
        expect(existsSync(machine.record('..'))).toBe(false)
      })

      once('keeps the first record when another version of the profile is installed, and notes the one before', () => {
        machine.put(DEFAULTS)
        expect(started('install.cmd').code).toBe(3010)
        expect(started('install.cmd').code).toBe(0)
        expect(started('install.cmd', buildTarget(target, OTHER_PROFILE)).code).toBe(3010)
        expect(machine.held()).toEqual(OTHER)
        expect(machine.recorded()).toEqual({
          'before.reg': recordFile(DEFAULTS),
          'installed.reg': recordFile(OTHER),
          'previous.reg': recordFile(WANTED),
        })
        expect(started('uninstall.cmd').code).toBe(3010)
        expect(machine.held()).toEqual(DEFAULTS)
        expect(existsSync(machine.record('..'))).toBe(false)
      })

      once('looks at values of exactly these names, in exactly this key', () => {
        machine.importText(
          registryFile({ KeepAliveTime: 'dword:00000007' }, `${KEY}\\Interfaces\\{1}`) +
            `[${KEY}]\r\n"AKeepAliveTime"=dword:00000001\r\n"KeepAliveTimeX"=dword:00000002\r\n"KeepAliveTime\\\\x"="3"\r\n` +
            '"KeepAliveTime=x"="4"\r\n"My Text"="[a \\"b\\" & c = d]"\r\n' +
            `"My Bytes"=hex:${'00,'.repeat(80)}00\r\n\r\n`,
        )
        const { code, stderr } = started('install.cmd')
        expect({ code, stderr }).toEqual({ code: 3010, stderr: '' })
        expect(machine.recorded()['before.reg']).toBe(recordFile(ABSENT))
        expect(started('uninstall.cmd').code).toBe(3010)
        expect(machine.held()).toEqual(ABSENT)
      })

      once('knows a value under any spelling of its name', () => {
        machine.importText(registryFile({}).trimEnd() + '\r\n"keepalivetime"=dword:00000007\r\n\r\n')
        started('install.cmd')
        expect(machine.recorded()['before.reg']).toBe(
          recordFile({ KeepAliveTime: 'dword:00000007', KeepAliveInterval: '-' }),
        )
        machine.importText(registryFile({}).trimEnd() + '\r\n"keepalivetime"=-\r\n\r\n')
      })

      once.each([
        ['text with a quotation mark', '"20\\"000"'],
        ['text with a backslash', '"20\\\\000"'],
        ['text with what cmd.exe acts on', '"20&echo injected>C:\\\\injected.txt"'],
        ['text with an exclamation mark', '"20!000"'],
        ['text with an apostrophe', `"20'000"`],
        ['text with a caret', '"20^000"'],
        ['text with an equals sign', '"20=000"'],
        ['text that is not ASCII', '"20\u00a0000"'],
        ['several texts that are not ASCII', 'hex(7):32,00,e4,00,00,00,00,00'],
      ])('refuses to replace %s, which it cannot record exactly', (_what, entry) => {
        machine.put({ KeepAliveTime: entry })
        const first = machine.exported()
        const { code, stderr } = started('install.cmd')
        expect(code).toBe(1)
        expect(stderr).toContain('KeepAliveTime holds what this script cannot record exactly. Nothing is changed.')
        expect(stderr).toContain('install.ps1", which can.')
        expect(machine.exported()).toBe(first)
        expect(existsSync(machine.record())).toBe(false)
        expect(existsSync(machine.wine.driveC('injected.txt'))).toBe(false)
      })

      once.each([
        ['the folder cannot be made', '..', (path: string) => writeFileSync(path, 'a file where the folder would be')],
        ['the lock is a folder', 'lock.txt', (path: string) => mkdirSync(path, { recursive: true })],
        ['before.reg cannot be written', 'before.reg.new', (path: string) => mkdirSync(path, { recursive: true })],
        [
          'installed.reg cannot be written',
          'installed.reg.new',
          (path: string) => mkdirSync(path, { recursive: true }),
        ],
      ])('changes nothing when what is there cannot be recorded, since %s', (_what, path, block) => {
        block(machine.record(path))
        const { code, stderr } = started('install.cmd')
        expect(code).toBe(1)
        expect(stderr).toContain('Nothing is changed.')
        expect(machine.held()).toEqual(ABSENT)
        expect(existsSync(machine.record('before.reg'))).toBe(false)
      })

      once.each(['Line 4 & (spare)!', '100% ^up^ %OS%', 'a;b,c=d'])('runs from a folder called %s', (name) => {
        expect(started('install.cmd', cmd.copied(stick, name))).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.held()).toEqual(WANTED)
        expect(started('uninstall.cmd', cmd.copied(stick, name))).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.held()).toEqual(ABSENT)
      })

      once('works from another folder and from another script, and leaves no variables there', () => {
        const folder = cmd.copied(stick, 'Line 4 (spare)').replaceAll('/', '\\')
        writeFileSync(
          machine.wine.driveC('caller.cmd'),
          `@call "Z:${folder}\\install.cmd"\r\n@set > C:\\variables.txt\r\n@echo the caller goes on\r\n`,
        )
        // Not the code: after a call of another script, Wine 8 says 1 whatever that script ended with.
        const { stdout, stderr } = machine.wine.run('cmd', ['/c', 'C:\\caller.cmd'], { cwd: machine.wine.driveC('') })
        expect(stderr).toBe('')
        expect(stdout).toContain('the caller goes on')
        expect(machine.held()).toEqual(WANTED)
        expect(readFileSync(machine.wine.driveC('variables.txt'), 'latin1')).not.toMatch(
          /^(?:NOW|WANTED|KEY|RECORD|SCRATCH)/m,
        )
      })
    })

    describe('uninstall.cmd', () => {
      it.each([
        ['nothing', ABSENT],
        ['one number', { KeepAliveTime: 'dword:ffffffff', KeepAliveInterval: '-' }],
        ['text and several texts', { KeepAliveTime: '"20 s"', KeepAliveInterval: 'hex(7):35,00,00,00,00,00' }],
      ])('puts back exactly what was there before: %s', (_what, values) => {
        machine.put(values)
        const first = machine.exported()
        expect(started('install.cmd').code).toBe(3010)
        expect(machine.held()).toEqual(WANTED)
        expect(started('uninstall.cmd')).toMatchObject({ code: 3010, stderr: '' })
        expect(machine.exported()).toBe(first)
        expect(existsSync(machine.record('..'))).toBe(false)
        const { code, stdout, stderr } = started('uninstall.cmd')
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(stdout).toContain('there is nothing to undo')
      })

      it('leaves and names what somebody changed since the install, unless it is forced', () => {
        machine.put(DEFAULTS)
        started('install.cmd')
        machine.put({ KeepAliveTime: 'dword:00007530' })
        const { code, stdout, stderr } = started('uninstall.cmd')
        expect({ code, stderr }).toEqual({ code: 3010, stderr: '' })
        expect(stdout).toContain(
          'KeepAliveTime is dword:00007530, which somebody set since the install. It is left so.',
        )
        const left = { KeepAliveTime: 'dword:00007530', KeepAliveInterval: DEFAULTS.KeepAliveInterval }
        expect(machine.held()).toEqual(left)

        expect(started('uninstall.cmd').code).toBe(0)
        expect(machine.held()).toEqual(left)
        expect(started('uninstall.cmd /force').code).toBe(3010)
        expect(machine.held()).toEqual(DEFAULTS)
        expect(existsSync(machine.record())).toBe(false)
      })

      once('removes the record when everything is as before already', () => {
        started('install.cmd')
        machine.put(ABSENT)
        expect(started('uninstall.cmd').code).toBe(0)
        expect(existsSync(machine.record())).toBe(false)
      })

      once('leaves what is not its own in the folder of the record', () => {
        started('install.cmd')
        writeFileSync(machine.record('note.txt'), 'J.D. was here')
        expect(started('uninstall.cmd').code).toBe(3010)
        expect(readdirSync(machine.record())).toEqual(['note.txt'])
      })
    })

    describe('verify.cmd', () => {
      it('says what should be and what is, and changes nothing', () => {
        machine.put({ KeepAliveTime: WANTED.KeepAliveTime })
        const wrong = started('.\\verify.cmd')
        expect({ ...wrong, stdout: wrong.stdout.split('\r\n') }).toEqual({
          code: 1,
          stdout: [
            'KeepAliveTime: wanted dword:00004e20 (20000 milliseconds, 20 s), found dword:00004e20: ok',
            'KeepAliveInterval: wanted dword:00001388 (5000 milliseconds, 5 s), found absent: WRONG',
            '',
          ],
          stderr: '',
        })
        started('install.cmd')
        const recorded = machine.recorded()
        expect(started('.\\verify.cmd')).toMatchObject({ code: 0, stderr: '' })
        expect(machine.recorded()).toEqual(recorded)
      })
    })

    once.each([
      ['install.cmd /x', 2],
      ['install.cmd /force', 2],
      ['install.cmd /? /x', 2],
      ['install.cmd "a & b"', 2],
      ['.\\verify.cmd /x', 2],
      ['uninstall.cmd /x', 2],
      ['uninstall.cmd /force /x', 2],
      ['uninstall.cmd /defaults /previous', 2],
      ['uninstall.cmd /previous /force /defaults', 2],
      ['uninstall.cmd "a & b"', 2],
      ['install.cmd /?', 0],
      ['uninstall.cmd /?', 0],
      ['.\\verify.cmd /?', 0],
    ])('%s ends with %i and changes nothing', (script, code) => {
      expect(started(script).code).toBe(code)
      expect(machine.held()).toEqual(ABSENT)
      expect(existsSync(machine.record())).toBe(false)
    })

    itWhere(withReg).each(['install.cmd', 'uninstall.cmd'])(
      '%s ends with 5 unless an administrator starts it',
      (script) => {
        machine.importText(`Windows Registry Editor Version 5.00\r\n\r\n[-${cmd.ADMINISTRATORS_KEY}]\r\n\r\n`)
        const { code, stderr } = started(script)
        expect(code).toBe(5)
        expect(stderr).toContain('Run as administrator')
        expect(machine.held()).toEqual(ABSENT)
        expect(existsSync(machine.record())).toBe(false)
      },
    )
  })
})

describe.each(['windows', 'windows-xp'])('the scripts for %s', (target) => {
  const folder = buildTarget(target)
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.cmd'))
  it.each(scripts)('%s is plain ASCII in lines that cmd.exe of Windows 2000 can hold', (file) => {
    const text = readFileSync(join(folder, file), 'latin1')
    expect(text).toMatch(/^[\n\r -~]*$/)
    expect(text.split('\r\n').join('')).not.toMatch(/[\n\r]/)
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThan(2047)
  })
})
