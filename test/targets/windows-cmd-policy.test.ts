import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { WANTED, copied, newCmdMachine, type CmdMachine } from '../support/cmd.ts'
import { itWhere } from '../support/oracle.ts'
import { describeInWine } from '../support/wine.ts'

// Group policies that overrule KeepAliveTime. The patterns of install.cmd meet files in the formats of MS-GPREG and of
// security templates: here as regular expressions, on Windows with the real findstr.exe. findstr.exe of Wine 8 only
// ever exits with 0, and that of Wine 10 ends a line at a NUL, so a stand-in decides for the script that runs in Wine.

const PARAMETERS = String.raw`SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`
const utf16 = (text: string) => Buffer.from(text, 'utf16le')

/** Registry.pol with one value, a REG_DWORD of 300000. */
function policy(name: string, key = PARAMETERS): Buffer {
  const [type, size, data] = [4, 4, 300_000].map((number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(number)
    return bytes
  }) as [Buffer, Buffer, Buffer]
  const parts = [utf16(`[${key}\0;${name}\0;`), type, utf16(';'), size, utf16(';'), data, utf16(']')]
  return Buffer.concat([Buffer.from('PReg\u0001\0\0\0', 'latin1'), ...parts])
}
const template = (line: string) => utf16(`\uFEFF[Registry Values]\r\nMACHINE\\${PARAMETERS}\\${line}\r\n`)

const FILES: readonly (readonly [what: string, file: Buffer, sets: boolean])[] = [
  ['a policy for KeepAliveTime', policy('KeepAliveTime'), true],
  ['a policy in another spelling', policy('keepalivetime', PARAMETERS.toLowerCase()), true],
  [
    'a policy behind another one',
    Buffer.concat([policy('EnableICMPRedirect'), policy('KeepAliveTime').subarray(8)]),
    true,
  ],
  ['a policy that deletes KeepAliveTime', policy('**del.KeepAliveTime'), true],
  ['a template for KeepAliveTime', template('KeepAliveTime=4,300000'), true],
  ['a policy for another value', policy('KeepAliveInterval'), false],
  ['a policy for a value with a longer name', policy('KeepAliveTimeout'), false],
  ['a policy for a value with a name before it', policy('XKeepAliveTime'), false],
  ['a policy for another key', policy('KeepAliveTime', String.raw`SOFTWARE\Vendor`), false],
  ['a policy for a key below', policy('KeepAliveTime', String.raw`${PARAMETERS}\Interfaces`), false],
  ['a template for another value', template('TcpMaxDataRetransmissions=4,3'), false],
  ['an empty file', Buffer.alloc(0), false],
]

const script = readFileSync(join(buildTarget('windows'), 'install.cmd'), 'latin1')
const patterns = [...script.matchAll(/\/c:"([^"]*)"/g)].map(([, pattern = '']) => pattern)

describe('the patterns of install.cmd for group policies', () => {
  it('need nothing but dots, and fit into the shortest limit of findstr.exe', () => {
    expect(patterns).toHaveLength(3)
    for (const pattern of patterns) {
      expect(pattern).toMatch(/^[\w.;=]+$/)
      expect(pattern.length).toBeLessThan(127)
    }
  })

  it.each(FILES)('know %s', (_what, file, sets) => {
    const text = file.toString('latin1')
    expect(patterns.some((pattern) => new RegExp(pattern, 'i').test(text))).toBe(sets)
  })

  itWhere(process.platform === 'win32').each(FILES)('know %s, in findstr.exe', (_what, file, sets) => {
    const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-'))
    writeFileSync(join(folder, 'Registry.pol'), file)
    const words = ['/r', '/i', ...patterns.map((pattern) => `/c:${pattern}`), 'Registry.pol']
    expect(spawnSync('findstr.exe', words, { cwd: folder }).status).toBe(sets ? 0 : 1)
  })
})

describeInWine('a policy for KeepAliveTime', () => {
  let machine: CmdMachine
  let stick: string
  const path = () => machine.wine.driveC('windows/system32/GroupPolicy/Machine/Registry.pol')
  beforeAll(() => {
    machine = newCmdMachine()
    // The stand-in for findstr.exe finds something if the file is larger than a policy for a shorter name.
    const least = policy('KeepAlive').length
    writeFileSync(machine.wine.driveC('findstr.cmd'), `@if %~z2 GTR ${least} exit /b 0\r\n@exit /b 1\r\n`)
    stick = copied(buildTarget('windows'), 'altered')
    for (const file of ['install.cmd', 'uninstall.cmd', 'check.cmd']) {
      const text = readFileSync(join(stick, file), 'latin1')
      const altered = text.replace(/"%SystemRoot%\\System32\\findstr.exe" .* %1 /, 'cmd /c C:\\findstr.cmd findstr %1 ')
      expect(altered).not.toBe(text)
      writeFileSync(join(stick, file), altered)
    }
  })
  afterAll(() => machine?.remove())
  beforeEach(() => {
    machine.reset()
    rmSync(path(), { force: true })
    mkdirSync(dirname(path()), { recursive: true })
  })

  it('is named with exit code 4, before the change, and by check.cmd', () => {
    writeFileSync(path(), policy('KeepAliveTime'))
    const warning =
      'Warning: the policy "MSS: (KeepAliveTime) How often keep-alive packets are sent" sets another value'
    const checked = machine.started('.\\check.cmd', stick)
    expect(checked.code).toBe(1)
    expect(checked.stderr).toContain(warning)
    const { code, stdout, stderr } = machine.started('install.cmd', stick)
    expect(code).toBe(4)
    expect(stderr).toContain(warning)
    expect(stderr).toContain('Registry.pol')
    expect(stdout).toContain('Restart this machine')
    expect(machine.held()).toEqual(WANTED)
    expect(machine.started('.\\check.cmd', stick)).toMatchObject({ code: 0, stderr: '' })
    expect(machine.started('uninstall.cmd', stick).code).toBe(4)
  })

  it('is read from ntuser.pol, which any user can make, only if Group Policy has a history of registry values', () => {
    const history = String.raw`HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\History\{35378EAC-683F-11D2-A89A-00C04FBBCFA2}`
    const archive = machine.wine.driveC('ProgramData/ntuser.pol')
    writeFileSync(archive, policy('KeepAliveTime'))
    try {
      expect(machine.started('install.cmd', stick)).toMatchObject({ code: 3010, stderr: '' })
      expect(machine.wine.run('reg', ['add', history, '/f']).code).toBe(0)
      expect(machine.started('uninstall.cmd', stick)).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('ntuser.pol'),
      })
    } finally {
      rmSync(archive)
      machine.wine.run('reg', ['delete', history, '/f'])
    }
  })

  it('is not named if KeepAliveTime stays as it is, which is then what the policy sets', () => {
    writeFileSync(path(), policy('KeepAliveTime'))
    machine.put({ KeepAliveTime: WANTED.KeepAliveTime })
    expect(machine.started('install.cmd', stick)).toMatchObject({ code: 3010, stderr: '' })
  })

  it('is not seen in a file that findstr.exe finds nothing in', () => {
    writeFileSync(path(), policy('Other'))
    expect(machine.started('install.cmd', stick)).toMatchObject({ code: 3010, stderr: '' })
  })
})
