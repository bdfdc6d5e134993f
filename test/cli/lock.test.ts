import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Desk, LINE4 } from '../support/cli.ts'

const LOCK = 'keepalive.lock.json'
const SLOW = LINE4.replace('20s', '30s')
const LINE5 = LINE4.replace('line4', 'line5')

/** The output of the commands for a change of line4's idle time on Linux. */
const CHANGED = [
  'line4 on linux:',
  '  net.ipv4.tcp_keepalive_time  20 s -> 30 s',
  '  A dead peer is noticed after 75 s instead of 65 s.',
  '  The settings take effect at once for new connections; existing connections keep their old timer.',
  '',
].join('\n')

describe('lock', () => {
  it('writes a line for each profile and target, names the file and the next step', async () => {
    const desk = new Desk({ 'a.yaml': LINE4, 'b.yaml': LINE5 })
    expect(await desk.type('lock b.yaml a.yaml --target linux --target windows')).toEqual({
      code: 0,
      out: `${LOCK}\n`,
      err: '2 profiles; next: commit it, and check with keepalive-kit verify --lock\n',
    })
    const lines = readFileSync(join(desk.folder, LOCK), 'utf8').split('\n')
    expect(lines.flatMap((line) => /^ {4}"([^"]+)"/.exec(line)?.[1] ?? [])).toEqual([
      'line4/linux',
      'line4/windows',
      'line5/linux',
      'line5/windows',
    ])
    expect(lines[3]).toMatch(/^ {4}"line4\/linux": \{"idle":"20s","interval":"5s","sha256":"[0-9a-f]{64}"\},$/)
  })

  it('does not touch a file that is up to date', async () => {
    const desk = new Desk({ 'a.yaml': LINE4 })
    await desk.type('lock a.yaml')
    const path = join(desk.folder, LOCK)
    utimesSync(path, 1_000_000, 1_000_000)
    const { ino } = statSync(path)
    const { code, err } = await desk.type('lock a.yaml')
    expect({ code, err }).toEqual({
      code: 0,
      err: '1 profile, unchanged; next: commit it, and check with keepalive-kit verify --lock\n',
    })
    expect(statSync(path)).toMatchObject({ ino, mtimeMs: 1_000_000_000 })
    writeFileSync(join(desk.folder, 'a.yaml'), SLOW)
    await desk.type('lock a.yaml')
    expect(statSync(path).mtimeMs).toBeGreaterThan(1_000_000_000)
  })

  it('is the same for any order of the profiles', async () => {
    const desk = new Desk({ 'a.yaml': LINE4, 'b.yaml': LINE5 })
    await desk.type('lock a.yaml b.yaml --lock one')
    await desk.type('lock b.yaml a.yaml --lock two')
    expect(readFileSync(join(desk.folder, 'one'))).toEqual(readFileSync(join(desk.folder, 'two')))
  })

  it.each([
    ['a wrong profile', 'lock bad.yaml', 1],
    ['a missing profile', 'lock nope.yaml', 2],
    ['one of each', 'lock a.yaml bad.yaml', 1],
  ])('writes nothing for %s', async (_what, line, code) => {
    const desk = new Desk({ 'a.yaml': LINE4, 'bad.yaml': 'name: bad\nidle: 20\n' })
    expect(await desk.type(line)).toMatchObject({ code, out: '' })
    expect(desk.files()).toEqual(['a.yaml', 'bad.yaml'])
  })
})

/** A desk with a lock of line4 and its output, both unchanged. */
async function locked(): Promise<Desk> {
  const desk = new Desk({ 'a.yaml': LINE4, 'b.yaml': LINE5 })
  await desk.type(`lock a.yaml`)
  await desk.type('generate a.yaml --out out')
  await desk.type('bundle a.yaml --out zips')
  return desk
}

describe('verify --lock', () => {
  it.each(['a.yaml', 'out', 'out/line4', 'zips', 'zips/line4.zip', 'a.yaml out zips'])(
    'finds that %s matches the lock',
    async (paths) => {
      const desk = await locked()
      expect(await desk.type(`verify --lock ${LOCK} ${paths}`)).toEqual({
        code: 0,
        out: `${LOCK}: as it should be (5 entries)\n`,
        err: '',
      })
    },
  )

  it.each([
    ['a.yaml', ''],
    ['out', ''],
    ['a.yaml zips, one of them unchanged', ''],
    ['zips a.yaml, one of them unchanged', ''],
  ])('shows the differences of a changed profile: %s', async (paths) => {
    const desk = await locked()
    writeFileSync(join(desk.folder, 'a.yaml'), SLOW)
    if (paths === 'out') await desk.type('generate a.yaml --out out')
    const { code, out, err } = await desk.type(`verify --lock ${LOCK} ${paths.replace(/,.*/, '')}`)
    expect(code).toBe(1)
    expect(out).toContain(CHANGED)
    expect(err).toBe(
      `${LOCK}: error: 5 entries do not match this lock; see the differences, and write the lock again if they are intended [lock/differs]\n`,
    )
  })

  it('finds a changed file with the same settings', async () => {
    const desk = await locked()
    const script = join(desk.folder, 'out/line4/linux/install.sh')
    writeFileSync(script, `${readFileSync(script, 'utf8')}# mine\n`)
    const { code, out, err } = await desk.type(`verify --lock ${LOCK} out`)
    expect({ code, out }).toEqual({
      code: 1,
      out: 'line4 on linux:\n  The settings are the same; the files that set them differ.\n',
    })
    expect(err).toContain('one entry does not match this lock')
  })

  it('is a file: a folder is wrong usage, and the message suggests a file in it', async () => {
    const { code, err } = await new Desk({ 'a.yaml': LINE4, 'locks/.keep': '' }).type('lock a.yaml --lock locks')
    expect({ code, err }).toEqual({
      code: 2,
      err: 'keepalive-kit: --lock "locks" is a folder; name a file in it, such as "locks/keepalive.lock.json"\n',
    })
  })

  it('reports locked entries that are not given, and given ones that are not locked', async () => {
    const desk = await locked()
    const { code, out } = await desk.type(`verify --lock ${LOCK} b.yaml`)
    expect(code).toBe(1)
    expect(out).toContain('line4 on linux, no longer there:\n')
    expect(out).toContain('line5 on linux, new:\n')
  })

  it('has the difference in JSON', async () => {
    const desk = await locked()
    writeFileSync(join(desk.folder, 'a.yaml'), SLOW)
    const { code, out, err } = await desk.type(`verify --lock ${LOCK} a.yaml --format json`)
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(JSON.parse(out)).toMatchObject({
      diagnostics: [{ code: 'lock/differs', file: LOCK }],
      differences: [{ same: 0, groups: [{ target: 'linux', kind: 'changed', profiles: ['line4'] }, {}, {}, {}, {}] }],
    })
  })

  it.each([
    ['a missing lock', 'nope.json', 'a.yaml', 2, 'input/no-such-file'],
    ['a missing path', LOCK, 'nope', 2, 'input/no-such-file'],
    ['a folder without output', LOCK, '.', 2, 'diff/no-output'],
    ['another file', 'b.yaml', 'a.yaml', 1, 'this lock cannot be used: it is no lock'],
    [
      'the settings of a machine',
      LOCK,
      'machine.conf',
      1,
      '"machine.conf" comes from a machine, but a lock covers files',
    ],
    ['a truncated lock', 'cut.json', 'a.yaml', 1, 'this lock cannot be used: it is not JSON'],
  ])('refuses %s', async (_what, lock, path, code, words) => {
    const desk = await locked()
    writeFileSync(join(desk.folder, 'cut.json'), readFileSync(join(desk.folder, LOCK)).subarray(0, 300))
    writeFileSync(join(desk.folder, 'machine.conf'), SYSCTL(20))
    const empty = path === '.' ? new Desk({ [LOCK]: readFileSync(join(desk.folder, LOCK)) }) : desk
    const answer = await empty.type(`verify --lock ${lock} ${path}`)
    expect({ code: answer.code, out: answer.out }).toEqual({ code, out: '' })
    expect(answer.err).toContain(words)
  })
})

const REG = (idle: string) =>
  `Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters]\r\n"KeepAliveTime"=dword:${idle}\r\n"KeepAliveInterval"=dword:00001388\r\n`
const SYSCTL = (idle: number, probes = 9) =>
  `net.ipv4.tcp_keepalive_intvl = 5\nnet.ipv4.tcp_keepalive_probes = ${probes}\nnet.ipv4.tcp_keepalive_time = ${idle}\n`
const NINE = `${LINE4}probes: 9\ntargets: [linux]\n`

describe('verify --profile', () => {
  const desk = new Desk({
    'a.yaml': LINE4,
    'nine.yaml': NINE,
    'good.reg': REG('00004e20'),
    'drifted.reg': REG('00007530'),
    'good.txt': SYSCTL(20),
    'drifted.txt': SYSCTL(30, 4),
    'bare.txt': 'vm.swappiness = 60\n',
    'gone.txt': 'ERROR: The system was unable to find the specified registry key or value.\r\n',
    'few.txt': SYSCTL(20, 5),
    'plain.yaml': `${LINE4}targets: [linux]\n`,
    'bsd.yaml': `${LINE4}targets: [tcbsd]\n`,
    'bsd.txt':
      'net.inet.tcp.keepidle: 20000\nnet.inet.tcp.keepintvl: 5000\nnet.inet.tcp.keepcnt: 8\nnet.inet.tcp.keepinit: 75000\nnet.inet.tcp.always_keepalive: 1\n',
  })

  it.each([
    ['a.yaml', 'good.reg'],
    ['nine.yaml', 'good.txt'],
    // A running machine shows every value; those that the profile does not set have their default.
    ['plain.yaml', 'good.txt'],
    ['bsd.yaml', 'bsd.txt'],
  ])('finds that the settings of a machine match a profile: %s, %s', async (profile, capture) => {
    expect(await desk.type(`verify --profile ${profile} ${capture}`)).toEqual({
      code: 0,
      out: `${capture}: as ${profile} says\n`,
      err: '',
    })
  })

  it('reads standard input, once', async () => {
    const { code, out } = await desk.type('verify --profile nine.yaml -', { stdin: SYSCTL(20) })
    expect({ code, out }).toEqual({ code: 0, out: '<stdin>: as nine.yaml says\n' })
  })

  it('shows the drift of a .reg file', async () => {
    expect(await desk.type('verify --profile a.yaml drifted.reg')).toEqual({
      code: 1,
      out: [
        'line4 on windows:',
        '  KeepAliveTime: wanted 20000 ms (20 s, 0x4e20), found 30000 ms (30 s, 0x7530)',
        '  A dead peer is noticed after 80 s instead of 70 s.',
        '  The settings take effect when the machine restarts.',
        '',
      ].join('\n'),
      err: 'drifted.reg: error: this does not match "a.yaml"; see the differences [verify/drift]\n',
    })
  })

  it('shows the drift of a list of sysctls, and continues with the next path', async () => {
    const { code, out, err } = await desk.type('verify --profile nine.yaml drifted.txt good.txt')
    expect(code).toBe(1)
    expect(out).toContain(
      '  net.ipv4.tcp_keepalive_time: wanted 20 s, found 30 s\n  net.ipv4.tcp_keepalive_probes: wanted 9, found 4\n',
    )
    expect(out).toContain('good.txt: as nine.yaml says\n')
    expect(err).toBe('drifted.txt: error: this does not match "nine.yaml"; see the differences [verify/drift]\n')
  })

  it('shows a setting without its default that the profile does not set', async () => {
    const { code, out } = await desk.type('verify --profile plain.yaml few.txt')
    expect({ code, out }).toMatchObject({
      code: 1,
      out: expect.stringContaining('net.ipv4.tcp_keepalive_probes: wanted not set (default 9), found 5') as string,
    })
  })

  it.each([
    ['an unknown format', 'a.yaml', 'gone.txt', 1, 'import/unknown-kind'],
    ['a file without settings', 'a.yaml', 'bare.txt', 1, 'sets no keep-alive value'],
    ['a missing profile, once', 'nope.yaml', 'good.reg good.txt', 2, 'input/no-such-file'],
    ['a missing capture', 'a.yaml', 'nope.reg', 2, 'input/no-such-file'],
  ])('refuses %s', async (_what, profile, paths, code, words) => {
    const answer = await desk.type(`verify --profile ${profile} ${paths}`)
    expect({ code: answer.code, out: answer.out }).toEqual({ code, out: '' })
    expect(answer.err.split(words)).toHaveLength(2)
  })

  it('and --lock exclude each other', async () => {
    const { code, err } = await desk.type(`verify --profile a.yaml --lock ${LOCK} good.reg`)
    expect(code).toBe(2)
    expect(err).toContain('--profile and --lock both say what to compare with; give one of them')
  })
})
