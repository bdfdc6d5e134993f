import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { describeWithOracle, itWhere } from '../support/oracle.ts'
import { missing, newWine, type Wine } from '../support/wine.ts'

// install.cmd and uninstall.cmd, run by Wine's cmd.exe against Wine's registry. Values are written as a .reg file has them
// behind the equals sign, and - where there is none.

const KEY = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'

/** A key that only an administrator can see, by which reg.exe tells whether the script is elevated. */
const ADMINISTRATORS_KEY = 'HKEY_USERS\\S-1-5-19'

interface Values {
  readonly KeepAliveTime: string
  readonly KeepAliveInterval: string
}

const ABSENT: Values = { KeepAliveTime: '-', KeepAliveInterval: '-' }
const DEFAULTS: Values = { KeepAliveTime: 'dword:006ddd00', KeepAliveInterval: 'dword:000003e8' }
const WANTED: Values = { KeepAliveTime: 'dword:00004e20', KeepAliveInterval: 'dword:00001388' }

/** The text of a registry file that makes the key hold these values. */
function registryFile(values: Partial<Values>, key = KEY): string {
  const entries = Object.entries(values).map(([name, value]) => `"${name}"=${value}`)
  return ['Windows Registry Editor Version 5.00', '', `[${key}]`, ...entries, '', ''].join('\r\n')
}

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

describeWithOracle('the installers for cmd.exe', missing, () => {
  describe.each(MACHINES)('$target on $system', ({ target, withReg, data, thorough }) => {
    /** What does not depend on the target and on reg.exe is tried on one machine only: Wine takes its time. */
    const once = itWhere(thorough)
    let wine: Wine
    let stick: string
    const record = () => wine.driveC(`${data.slice(3).replaceAll('\\', '/')}/keepalive-kit/beckhoff`)
    const before = () => readFileSync(join(record(), 'before.reg'), 'latin1')
    const installed = () => readFileSync(join(record(), 'installed.reg'), 'latin1')

    beforeAll(() => {
      wine = newWine()
      const system = wine.driveC('windows/system32')
      cpSync(join(system, 'reg.exe'), join(system, 'test-reg.exe'))
      if (!withReg) renameSync(join(system, 'reg.exe'), join(system, 'hidden-reg.exe'))
    })
    afterAll(() => wine?.remove())

    beforeEach(() => {
      stick = buildTarget(target)
      rmSync(join(record(), '..'), { recursive: true, force: true })
      mkdirSync(join(record(), '../..'), { recursive: true })
      importText(`${registryFile(ABSENT)}[${ADMINISTRATORS_KEY}]\r\n\r\n`)
    })

    function importText(text: string): void {
      writeFileSync(wine.driveC('put.reg'), `\uFEFF${text}`, 'utf16le')
      const { code, stderr } = wine.run('test-reg', ['import', 'C:\\put.reg'])
      if (code !== 0) throw new Error(stderr)
    }

    function put(values: Partial<Values>): void {
      importText(registryFile(values))
    }

    function held(): Values {
      wine.run('test-reg', ['export', KEY, 'C:\\held.reg', '/y'])
      const [, section = ''] = readFileSync(wine.driveC('held.reg'), 'utf16le').split(`[${KEY}]\r\n`)
      const value = (name: string) => new RegExp(`^"${name}"=(.*)\r$`, 'm').exec(section.split('\r\n[')[0] ?? '')?.[1]
      return { KeepAliveTime: value('KeepAliveTime') ?? '-', KeepAliveInterval: value('KeepAliveInterval') ?? '-' }
    }

    function started(script: string, folder = stick): { code: number; stdout: string; stderr: string } {
      const folders = `set "ProgramData=${data}"& set "ALLUSERSPROFILE=${data}"`
      const line = `@${folders}\r\n@cmd /c ${script}\r\n@echo code=%errorlevel%\r\n`
      writeFileSync(wine.driveC('start.cmd'), line)
      const { stdout, stderr } = wine.run('cmd', ['/c', 'C:\\start.cmd'], { cwd: folder })
      const [, said = '', code] = /^([^]*)code=(\d+)\r\n$/.exec(stdout) ?? []
      expect(readdirSync(wine.driveC('users')).flatMap((user) => temporaryFiles(user))).toEqual([])
      return { code: Number(code), stdout: said, stderr }
    }

    function temporaryFiles(user: string): string[] {
      const folder = wine.driveC(`users/${user}/Temp`)
      return existsSync(folder) ? readdirSync(folder).filter((file) => file.startsWith('keepalive-kit')) : []
    }

    describe('install.cmd', () => {
      it('sets the values, says that a restart is needed, and ends with 3010', () => {
        const { code, stdout, stderr } = started('install.cmd')
        expect({ code, stderr }).toEqual({ code: 3010, stderr: '' })
        expect(stdout).toContain('KeepAliveTime is absent, to become dword:00004e20, 20 s.')
        expect(stdout).toContain(
          'Restart this machine to put it in force. Connections that are open keep their old times',
        )
        const query = wine.run('test-reg', ['query', KEY]).stdout
        expect(query).toMatch(/KeepAliveTime +REG_DWORD +0x4e20\r\n/)
        expect(query).toMatch(/KeepAliveInterval +REG_DWORD +0x1388\r\n/)
      })

      it('records what was there before, as a registry file that puts it back', () => {
        put({ KeepAliveTime: 'dword:006ddd00' })
        started('install.cmd')
        expect(before()).toBe(registryFile({ KeepAliveTime: 'dword:006ddd00', KeepAliveInterval: '-' }))
        expect(installed()).toBe(registryFile(WANTED))
        expect(readdirSync(record()).toSorted()).toEqual(['before.reg', 'installed.reg'])
      })

      once('does nothing on a machine that has the values', () => {
        put(WANTED)
        const { code, stdout, stderr } = started('install.cmd')
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(stdout).toContain('Nothing to do.')
        expect(existsSync(record())).toBe(false)
      })

      it('does nothing the second time', () => {
        expect(started('install.cmd').code).toBe(3010)
        expect(started('install.cmd').code).toBe(0)
      })

      it('keeps the first record when another version of the profile is installed', () => {
        put(DEFAULTS)
        started('install.cmd')
        expect(started('install.cmd', buildTarget(target, { idle: 4_294_967_295, interval: 2_147_483_648 })).code).toBe(
          3010,
        )
        const second = { KeepAliveTime: 'dword:ffffffff', KeepAliveInterval: 'dword:80000000' }
        expect(held()).toEqual(second)
        expect(before()).toBe(registryFile(DEFAULTS))
        expect(installed()).toBe(registryFile(second))
        expect(started('uninstall.cmd').code).toBe(3010)
        expect(held()).toEqual(DEFAULTS)
      })

      once('looks at values of exactly these names, in exactly this key', () => {
        importText(
          registryFile({ KeepAliveTime: 'dword:00000007' }, `${KEY}\\Interfaces\\{1}`) +
            `[${KEY}]\r\n"AKeepAliveTime"=dword:00000001\r\n"KeepAliveTimeX"=dword:00000002\r\n"KeepAliveTime\\\\x"="3"\r\n` +
            '"KeepAliveTime=x"="4"\r\n"My Text"="[a \\"b\\" & c = d]"\r\n' +
            `"My Bytes"=hex:${'00,'.repeat(80)}00\r\n\r\n`,
        )
        const { code, stderr } = started('install.cmd')
        expect({ code, stderr }).toEqual({ code: 3010, stderr: '' })
        expect(before()).toBe(registryFile(ABSENT))
        expect(started('uninstall.cmd').code).toBe(3010)
        expect(held()).toEqual(ABSENT)
      })

      once('knows a value under any spelling of its name', () => {
        importText(registryFile({}).trimEnd() + '\r\n"keepalivetime"=dword:00000007\r\n\r\n')
        started('install.cmd')
        expect(before()).toBe(registryFile({ KeepAliveTime: 'dword:00000007', KeepAliveInterval: '-' }))
        importText(registryFile({}).trimEnd() + '\r\n"keepalivetime"=-\r\n\r\n')
      })

      once.each([
        ['text with a quotation mark', '"20\\"000"'],
        ['text with a backslash', '"20\\\\000"'],
        ['text with what cmd.exe acts on', '"20&echo injected>C:\\\\injected.txt"'],
        ['text with an exclamation mark', '"20!000"'],
        ['text with a caret', '"20^000"'],
        ['text with an equals sign', '"20=000"'],
        ['text that is not ASCII', '"20\u00a0000"'],
        ['several texts', 'hex(7):32,00,30,00,00,00,00,00'],
        ['text with variables', 'hex(2):25,00,41,00,25,00,00,00'],
        ['bytes on several lines', `hex:${'00,'.repeat(80)}00`],
      ])('refuses to replace %s, which it cannot record exactly', (_what, entry) => {
        put({ KeepAliveTime: entry })
        const first = held()
        const { code, stderr } = started('install.cmd')
        expect(code).toBe(1)
        expect(stderr).toContain('KeepAliveTime holds what this script cannot record exactly. Nothing is changed.')
        expect(stderr).toContain('install.ps1", which can.')
        expect(held()).toEqual(first)
        expect(existsSync(record())).toBe(false)
        expect(existsSync(wine.driveC('injected.txt'))).toBe(false)
      })

      it.each([
        [
          'is not a registry file, since its byte order mark is lost',
          () => writeFileSync(join(stick, 'keepalive.reg'), readFileSync(join(stick, 'keepalive.reg')).subarray(2)),
        ],
        ['is empty', () => writeFileSync(join(stick, 'keepalive.reg'), '')],
        [
          'sets something else',
          () =>
            writeFileSync(join(stick, 'keepalive.reg'), registryFile({ ...WANTED, KeepAliveTime: 'dword:00020000' })),
        ],
        [
          'has a line that is skipped',
          () =>
            writeFileSync(join(stick, 'keepalive.reg'), registryFile({ ...WANTED, KeepAliveTime: 'dword:000004e20' })),
        ],
      ])('undoes everything when keepalive.reg %s', (_what, damage) => {
        put({ KeepAliveTime: 'dword:006ddd00' })
        damage()
        const { code, stderr } = started('install.cmd')
        expect(code).toBe(1)
        expect(stderr).toContain('All changes are undone.')
        expect(held()).toEqual({ ...ABSENT, KeepAliveTime: 'dword:006ddd00' })
        expect(existsSync(join(record(), '..'))).toBe(false)
      })

      it('leaves an earlier record as it was when the import fails', () => {
        put(DEFAULTS)
        started('install.cmd')
        const other = buildTarget(target, { idle: 30_000 })
        writeFileSync(join(other, 'keepalive.reg'), '')
        expect(started('install.cmd', other).code).toBe(1)
        expect(held()).toEqual(WANTED)
        expect(before()).toBe(registryFile(DEFAULTS))
        expect(installed()).toBe(registryFile(WANTED))
        expect(readdirSync(record()).toSorted()).toEqual(['before.reg', 'installed.reg'])
      })

      once('changes nothing when keepalive.reg is missing', () => {
        rmSync(join(stick, 'keepalive.reg'))
        const { code, stderr } = started('install.cmd')
        expect(code).toBe(1)
        expect(stderr).toContain('keepalive.reg" is missing. Nothing is changed.')
        expect(held()).toEqual(ABSENT)
        expect(existsSync(record())).toBe(false)
      })

      once.each([
        ['the folder cannot be made', '..', (path: string) => writeFileSync(path, 'a file where the folder would be')],
        ['before.reg cannot be written', 'before.reg.new', (path: string) => mkdirSync(path, { recursive: true })],
        [
          'installed.reg cannot be written',
          'installed.reg.new',
          (path: string) => mkdirSync(path, { recursive: true }),
        ],
      ])('changes nothing when what is there cannot be recorded, since %s', (_what, path, block) => {
        block(join(record(), path))
        const { code, stderr } = started('install.cmd')
        expect(code).toBe(1)
        expect(stderr).toContain('cannot be recorded')
        expect(held()).toEqual(ABSENT)
        expect(existsSync(join(record(), 'before.reg'))).toBe(false)
      })

      it('finds keepalive.reg beside itself, whatever its folder is called', () => {
        const folder = join(mkdtempSync(join(tmpdir(), 'keepalive-kit-')), 'Line 4 & (spare)!')
        cpSync(stick, folder, { recursive: true })
        expect(started('install.cmd', folder)).toMatchObject({ code: 3010, stderr: '' })
        expect(held()).toEqual(WANTED)
      })

      once('works from another folder and from another script, and leaves no variables there', () => {
        const folder = join(mkdtempSync(join(tmpdir(), 'keepalive-kit-')), 'Line 4 (spare)')
        cpSync(stick, folder, { recursive: true })
        writeFileSync(
          wine.driveC('caller.cmd'),
          `@call "Z:${folder.replaceAll('/', '\\')}\\install.cmd"\r\n@set > C:\\variables.txt\r\n@echo the caller goes on\r\n`,
        )
        // Not the code: after a call of another script, Wine 8 says 1 whatever that script ended with.
        const { stdout, stderr } = wine.run('cmd', ['/c', 'C:\\caller.cmd'], { cwd: wine.driveC('') })
        expect(stderr).toBe('')
        expect(stdout).toContain('the caller goes on')
        expect(held()).toEqual(WANTED)
        expect(readFileSync(wine.driveC('variables.txt'), 'latin1')).not.toMatch(/^(?:NOW|WANTED|KEY|RECORD|SCRATCH)/m)
        importText(registryFile(ABSENT))
        rmSync(wine.driveC('ProgramData/keepalive-kit'), { recursive: true, force: true })
      })
    })

    describe('uninstall.cmd', () => {
      it.each([
        ['nothing', ABSENT],
        ['other numbers', DEFAULTS],
        ['one of them', { KeepAliveTime: 'dword:ffffffff', KeepAliveInterval: '-' }],
        ['text', { KeepAliveTime: '"20000"', KeepAliveInterval: '"5 s, as told by J.D."' }],
        ['empty text', { KeepAliveTime: '""', KeepAliveInterval: '-' }],
        ['numbers of 64 bits', { ...ABSENT, KeepAliveTime: 'hex(b):20,4e,00,00,00,00,00,00' }],
        ['bytes', { KeepAliveTime: 'hex:20,4e', KeepAliveInterval: 'hex:' }],
      ])('puts back exactly what was there before: %s', (_what, values) => {
        put(values)
        expect(started('install.cmd').code).toBe(3010)
        expect(held()).toEqual(WANTED)
        expect(before()).toBe(registryFile(values))
        const { code, stderr } = started('uninstall.cmd')
        expect({ code, stderr }).toEqual({ code: 3010, stderr: '' })
        expect(held()).toEqual(values)
        expect(existsSync(join(record(), '..'))).toBe(false)
      })

      it('does nothing without a record, and so the second time', () => {
        started('install.cmd')
        expect(started('uninstall.cmd').code).toBe(3010)
        const { code, stdout, stderr } = started('uninstall.cmd')
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(stdout).toContain('there is nothing to undo')
      })

      it('leaves and names what somebody changed since the install, unless it is forced', () => {
        put(DEFAULTS)
        started('install.cmd')
        put({ KeepAliveTime: 'dword:00007530' })
        const { code, stdout, stderr } = started('uninstall.cmd')
        expect({ code, stderr }).toEqual({ code: 3010, stderr: '' })
        expect(stdout).toContain(
          'KeepAliveTime is dword:00007530, which somebody set since the install. It is left so.',
        )
        expect(held()).toEqual({ KeepAliveTime: 'dword:00007530', KeepAliveInterval: DEFAULTS.KeepAliveInterval })

        expect(started('uninstall.cmd').code).toBe(0)
        expect(started('uninstall.cmd /force').code).toBe(3010)
        expect(held()).toEqual(DEFAULTS)
        expect(existsSync(record())).toBe(false)
      })

      once('removes the record when everything is as before already', () => {
        started('install.cmd')
        put(ABSENT)
        expect(started('uninstall.cmd').code).toBe(0)
        expect(existsSync(record())).toBe(false)
      })

      once('leaves what is not its own in the folder of the record', () => {
        started('install.cmd')
        writeFileSync(join(record(), 'note.txt'), 'J.D. was here')
        expect(started('uninstall.cmd').code).toBe(3010)
        expect(readdirSync(record())).toEqual(['note.txt'])
      })

      once.each([
        ['begins otherwise', 'before.reg', () => registryFile(DEFAULTS).replace('Version 5.00', 'Version 6.00')],
        ['is about another key', 'before.reg', () => registryFile(DEFAULTS, `${KEY}\\Interfaces`)],
        ['lacks a value', 'before.reg', () => registryFile({ KeepAliveTime: '-' })],
        ['lacks the data of a value', 'before.reg', () => registryFile({ ...DEFAULTS, KeepAliveTime: '' })],
        ['is cut off in a value', 'before.reg', () => registryFile({ ...DEFAULTS, KeepAliveTime: '"20' })],
        [
          'holds what nobody recorded',
          'before.reg',
          () => registryFile({ ...DEFAULTS, KeepAliveTime: '& echo hello' }),
        ],
        ['is empty', 'before.reg', () => ''],
        ['is empty', 'installed.reg', () => ''],
      ])('changes nothing when the record %s: %s', (_what, file, text) => {
        started('install.cmd')
        writeFileSync(join(record(), file), text())
        const { code, stderr } = started('uninstall.cmd')
        expect(code).toBe(1)
        expect(stderr).toContain(`${file}" is damaged`)
        expect(stderr).toContain('Nothing is changed.')
        expect(held()).toEqual(WANTED)
        expect(readdirSync(record()).toSorted()).toEqual(['before.reg', 'installed.reg'])
      })

      once.each(['before.reg', 'installed.reg'])('changes nothing when %s is gone from the record', (file) => {
        started('install.cmd')
        rmSync(join(record(), file))
        const { code, stderr } = started('uninstall.cmd')
        expect(code).toBe(1)
        expect(stderr).toContain(`${file}" is gone`)
        expect(held()).toEqual(WANTED)
      })
    })

    once.each([
      ['install.cmd /x', 2],
      ['install.cmd /force', 2],
      ['install.cmd /? /x', 2],
      ['install.cmd "a & b"', 2],
      ['uninstall.cmd /x', 2],
      ['uninstall.cmd /force /x', 2],
      ['install.cmd /?', 0],
      ['uninstall.cmd /?', 0],
    ])('%s ends with %i and changes nothing', (script, code) => {
      expect(started(script).code).toBe(code)
      expect(held()).toEqual(ABSENT)
      expect(existsSync(record())).toBe(false)
    })

    itWhere(withReg).each(['install.cmd', 'uninstall.cmd'])(
      '%s ends with 5 unless an administrator starts it',
      (script) => {
        importText(`Windows Registry Editor Version 5.00\r\n\r\n[-${ADMINISTRATORS_KEY}]\r\n\r\n`)
        const { code, stderr } = started(script)
        expect(code).toBe(5)
        expect(stderr).toContain('Run as administrator')
        expect(held()).toEqual(ABSENT)
      },
    )
  })
})

describe.each(['windows', 'windows-xp'])('the scripts for %s', (target) => {
  it.each(['install.cmd', 'uninstall.cmd'])(
    '%s is plain ASCII in lines that cmd.exe of Windows 2000 can hold',
    (file) => {
      const text = readFileSync(join(buildTarget(target), file), 'latin1')
      expect(text).toMatch(/^[\n\r -~]*$/)
      expect(text.split('\r\n').join('')).not.toMatch(/[\n\r]/)
      expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThan(2047)
    },
  )
})
