import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { tmpdir } from 'node:os'
import { beforeAll, describe, expect, it } from 'vitest'
import { Desk, LINE4 } from '../support/cli.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'

const SLOW = 'name: line4\nidle: 30s\ninterval: 5s\n'
const REG = (idle: string, interval = '00001388') =>
  [
    'Windows Registry Editor Version 5.00',
    '',
    '[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters]',
    `"KeepAliveTime"=dword:${idle}`,
    `"KeepAliveInterval"=dword:${interval}`,
    '',
  ].join('\r\n')
const SYSCTL = (idle: number) =>
  [
    'kernel.ostype = Linux',
    `net.ipv4.tcp_keepalive_intvl = 5`,
    'net.ipv4.tcp_keepalive_probes = 9',
    `net.ipv4.tcp_keepalive_time = ${idle}`,
    'vm.swappiness = 60',
    '',
  ].join('\n')

/** A desk with line4 in two states, and all outputs of them, made once. */
const MADE = made()
async function made(): Promise<string> {
  const desk = new Desk({ 'old.yaml': LINE4, 'new.yaml': SLOW, 'other.yaml': SLOW.replace('line4', 'line5') })
  for (const [profile, folder] of [
    ['old.yaml', 'old'],
    ['new.yaml', 'new'],
    ['other.yaml', 'other'],
  ] as const) {
    await desk.type(`generate ${profile} --out ${folder}`)
    await desk.type(`bundle ${profile} --out ${folder}-zips`)
    await desk.type(`lock ${profile} --lock ${folder}.lock.json`)
  }
  const files = {
    'old.reg': REG('00004e20'),
    'new.reg': REG('00007530'),
    'old.txt': SYSCTL(20),
    'new.txt': SYSCTL(30),
    'old-etc/etc/sysctl.d/60-keepalive.conf':
      'net.ipv4.tcp_keepalive_time = 20\nnet.ipv4.tcp_keepalive_intvl = 5\nnet.ipv4.tcp_keepalive_probes = 9\n',
    'new-etc/etc/sysctl.d/60-keepalive.conf':
      'net.ipv4.tcp_keepalive_time = 20\nnet.ipv4.tcp_keepalive_intvl = 5\nnet.ipv4.tcp_keepalive_probes = 9\n',
    'new-etc/etc/sysctl.d/99-local.conf': 'net.ipv4.tcp_keepalive_time = 30\n',
    'empty/README': '',
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(desk.folder, path)), { recursive: true })
    writeFileSync(join(desk.folder, path), text)
  }
  return desk.folder
}

async function deskOf(): Promise<Desk> {
  const desk = new Desk()
  cpSync(await MADE, desk.folder, { recursive: true })
  return desk
}

interface Told {
  readonly differences: readonly {
    readonly before: string
    readonly after: string
    readonly groups: readonly {
      readonly target: string
      readonly kind: string
      readonly profiles: readonly string[]
      readonly changes: readonly {
        readonly field: string
        readonly before: number | null
        readonly after: number | null
      }[]
    }[]
    readonly files: readonly { readonly files: readonly { readonly path: string; readonly how: readonly string[] }[] }[]
    readonly same: number
  }[]
  readonly diagnostics: readonly { readonly code: string; readonly severity: string }[]
}

/** The answer of `--format json`: exit code and, for each group, profiles, target and values. */
async function told(desk: Desk, line: string) {
  const { code, out } = await desk.type(`diff ${line} --format json`)
  const { differences, diagnostics } = JSON.parse(out) as Told
  const groups = (differences?.[0]?.groups ?? []).map(
    ({ target, kind, profiles, changes }) =>
      `${kind} ${profiles.join('+')} ${target} ${changes.map(({ field, before, after }) => `${field} ${before} ${after}`).join(', ')}`,
  )
  return { code, groups, files: differences?.[0]?.files ?? [], codes: diagnostics.map((one) => one.code) }
}

const ON_WINDOWS = 'windows idle 20000 30000'
const ON_LINUX = 'linux idle 20 30'

describe('each kind of side against each other', async () => {
  const old = ['old.yaml', 'old', 'old/line4', 'old-zips', 'old-zips/line4.zip', 'old.lock.json']
  const others = old.map((side) => side.replaceAll('old', 'new'))
  const desk = await deskOf()
  it.each(old.flatMap((a) => others.map((b) => [a, b] as const)))(
    '%s and %s: the idle time of every target',
    async (a, b) => {
      const { code, groups } = await told(desk, `${a} ${b}`)
      expect({ code, groups }).toEqual({
        code: 1,
        groups: [
          `changed line4 ${ON_LINUX}`,
          'changed line4 tcbsd idle 20000 30000',
          `changed line4 ${ON_WINDOWS}`,
          'changed line4 windows-ce idle 20000 30000',
          'changed line4 windows-xp idle 20000 30000',
        ],
      })
    },
  )

  it.each(old.flatMap((a) => old.map((b) => [a, b] as const)))('%s and %s: no difference', async (a, b) => {
    expect(await told(desk, `${a} ${b}`)).toMatchObject({ code: 0, groups: [], files: [] })
  })

  const captures = [
    ['old.reg', 'new.reg', ON_WINDOWS],
    ['old.txt', 'new.txt', ON_LINUX],
    ['old-etc', 'new-etc', ON_LINUX],
  ] as const
  it.each(captures.flatMap(([a, , line]) => others.map((b) => [a, b, line] as const)))(
    '%s, which has one target only, and %s',
    async (a, b, line) => {
      const { groups, code } = await told(desk, `${a} ${b} --target ${line.replace(/ .*/, '')}`)
      const plain = await told(desk, `${a} ${b}`)
      // The 9 probes of the machine are the system's default, which the profile does not change.
      expect({ groups, code }).toEqual({ groups: [`changed line4 ${line}`], code: 1 })
      expect(plain.groups).toEqual(groups)
    },
  )

  it.each(captures)('%s and %s', async (a, b, line) => {
    expect((await told(desk, `${a} ${b}`)).groups).toEqual([`changed machine ${line}`])
    expect(await told(desk, `${a} ${a}`)).toMatchObject({ code: 0, groups: [] })
  })

  it('a list of sysctls and the files that should have set them', async () => {
    expect(await told(desk, 'old.txt old-etc')).toMatchObject({ code: 0, groups: [] })
    expect((await told(desk, 'old.txt new-etc')).groups).toEqual([`changed machine ${ON_LINUX}`])
  })

  it.each([
    ['a preset', 'preset:beckhoff old.yaml', 1],
    ['a preset and itself', 'preset:beckhoff preset:beckhoff', 0],
  ])('%s', async (_what, line, code) => {
    expect((await told(desk, line)).code).toBe(code)
  })

  it.each(['old.yaml', 'old.lock.json', 'old.reg', 'old.txt'])('%s from standard input', async (file) => {
    const stdin = readFileSync(join(desk.folder, file), 'utf8')
    const { code, out } = await desk.type('diff - new.yaml --target windows --target linux --format json', { stdin })
    expect(code).toBe(1)
    expect((JSON.parse(out) as Told).differences[0]?.before).toBe('<stdin>')
  })

  it('single profiles of both sides are compared, whatever their names', async () => {
    const all = ['other.yaml', 'other', 'other-zips', 'other.lock.json']
    for (const side of all)
      expect(await told(desk, `new.yaml ${side}`)).toMatchObject({ code: 0, groups: [], files: [] })
    const { groups } = await told(desk, 'old.yaml other.yaml --target linux')
    expect(groups).toEqual([`changed line5 ${ON_LINUX}`])
  })

  it('several profiles are matched by name: others are new or removed', async () => {
    const mixed = await deskOf()
    cpSync(join(mixed.folder, 'other/line5'), join(mixed.folder, 'new/line5'), { recursive: true })
    const { groups } = await told(mixed, 'old new --target linux')
    expect(groups).toEqual([`changed line4 ${ON_LINUX}`, 'added line5 linux idle null 30, interval null 5'])
  })
})

describe('--target', async () => {
  const desk = await deskOf()
  it('leaves out all other targets', async () => {
    expect((await told(desk, 'old.yaml new.yaml --target windows')).groups).toEqual([`changed line4 ${ON_WINDOWS}`])
  })

  it('decides which of two systems a .reg file is for', async () => {
    expect((await told(desk, 'old.reg new.reg --target windows-xp')).groups).toEqual([
      'changed machine windows-xp idle 20000 30000',
    ])
  })

  it('treats a file without settings as a machine with defaults', async () => {
    writeFileSync(join(desk.folder, 'bare.reg'), REG('1', '1').replaceAll('KeepAlive', 'Other'))
    expect((await told(desk, 'bare.reg old.yaml --target windows')).groups).toEqual([
      'changed line4 windows idle null 20000, interval null 5000',
    ])
    const { code, err } = await desk.type('diff bare.reg old.yaml')
    expect(code).toBe(1)
    expect(err).toMatch(/"bare\.reg" sets no keep-alive value of .*windows.*--target \[diff\/nothing-set\]/)
  })

  it('is wrong usage for an unknown system', async () => {
    expect(await desk.type('diff old.yaml new.yaml --target solaris')).toMatchObject({ code: 2, out: '' })
  })
})

describe('files', async () => {
  const desk = await deskOf()
  it('that changed are listed after the settings', async () => {
    const script = join(desk.folder, 'old/line4/linux/install.sh')
    cpSync(join(desk.folder, 'old'), join(desk.folder, 'touched'), { recursive: true })
    writeFileSync(join(desk.folder, 'touched/line4/linux/install.sh'), `${readFileSync(script, 'utf8')}curl evil\n`)
    const { code, out } = await desk.type('diff old touched')
    expect(code).toBe(1)
    expect(out).toBe(
      [
        'line4 on linux:',
        '  The settings are the same; the files that set them differ.',
        '',
        'files of line4:',
        '  linux/install.sh: text: 0 lines out, 1 in',
        '',
      ].join('\n'),
    )
  })

  it('outside every target are a difference too', async () => {
    cpSync(join(desk.folder, 'old'), join(desk.folder, 'read'), { recursive: true })
    rmSync(join(desk.folder, 'read/line4/README.txt'))
    const { code, out, err } = await desk.type('diff old read')
    expect({ code, out }).toEqual({ code: 1, out: 'files of line4:\n  README.txt: removed\n' })
    expect(err).toContain('but files differ')
    expect((await desk.type('diff old read --format html')).out).not.toContain('There is no difference')
  })

  it('that are too large to read give no answer', async () => {
    cpSync(join(desk.folder, 'old'), join(desk.folder, 'large'), { recursive: true })
    writeFileSync(join(desk.folder, 'large/line4/linux/dump'), Buffer.alloc(17 * 1024 * 1024))
    const { code, out, err } = await desk.type('diff old large')
    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: expect.stringContaining('[verify/too-large]') as string,
    })
  })

  it('made by another version are not compared with those of this one', async () => {
    expect(await told(desk, 'old.yaml touched')).toMatchObject({ code: 0, groups: [], files: [] })
  })
})

describe('each format', async () => {
  const desk = await deskOf()
  it('text', async () => {
    const { code, out, err } = await desk.type('diff old.yaml new.yaml --target windows')
    expect({ code, out, err }).toEqual({
      code: 1,
      out: [
        'line4 on windows:',
        '  KeepAliveTime  20000 ms (20 s, 0x4e20) -> 30000 ms (30 s, 0x7530)',
        '  A dead peer is noticed after 80 s instead of 70 s.',
        '  The settings take effect when the machine restarts.',
        '',
      ].join('\n'),
      err: '1 kind of change in 1 pair of profile and target; 0 the same\n',
    })
  })

  it('text without a difference is empty', async () => {
    const { code, out, err } = await desk.type('diff old.yaml old')
    expect({ code, out, err }).toEqual({
      code: 0,
      out: '',
      err: 'no difference (5 pairs of profile and target compared)\n',
    })
    expect((await desk.type('diff old.yaml old --quiet')).err).toBe('')
  })

  it('json names both sides', async () => {
    const { out, err } = await desk.type('diff old.lock.json new --format json')
    const { differences } = JSON.parse(out) as Told
    expect(differences).toMatchObject([{ before: 'old.lock.json', after: 'new', same: 0 }])
    expect(err).toBe('')
  })

  it('markdown', async () => {
    const { out } = await desk.type('diff old.yaml new.yaml --format markdown')
    expect(out).toContain(
      '**`old.yaml` → `new.yaml`**: 5 kinds of change in 5 pairs of profile and target; 0 the same\n',
    )
    expect(out.match(/^### line4 on /gm)).toHaveLength(5)
  })

  it('html', async () => {
    const { out, err } = await desk.type('diff old.yaml new.yaml --format html')
    expect(out).toMatch(/^<!doctype html>[^]*<h1>Changes<\/h1>[^]*<\/html>\n?$/i)
    expect(err).toBe('')
  })

  it('unified, over files, whatever the profile is called', async () => {
    const { code, out } = await desk.type('diff old.yaml other --format unified')
    expect(code).toBe(1)
    expect(out).toContain('--- a/line5/windows/keepalive.reg\n+++ b/line5/windows/keepalive.reg\n')
    expect(out).toContain('-"KeepAliveTime"=dword:00004e20\n+"KeepAliveTime"=dword:00007530\n')
  })

  it('unified, over the files of one target', async () => {
    const { out } = await desk.type('diff old.yaml new.yaml --format unified --target windows')
    const folders = [...out.matchAll(/^\+\+\+ b\/line4\/([^/\n]+)\//gm)].map(([, folder]) => folder)
    expect(new Set(folders)).toEqual(new Set(['windows']))
  })

  it.each(['old.reg', 'old.lock.json'])('unified has no files to compare in %s', async (side) => {
    const { code, out, err } = await desk.type(`diff ${side} new.yaml --format unified`)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`${side} has none; give profiles, folders or zips of the kit`)
  })

  it('sarif: a result for each group, and the suspects of both sides at their lines', async () => {
    writeFileSync(join(desk.folder, 'typed.reg'), REG('30000'))
    const { code, out, err } = await desk.type('diff old.yaml typed.reg --format sarif')
    const { runs } = JSON.parse(out) as { runs: { results: { ruleId: string; locations?: object[] }[] }[] }
    expect({
      code,
      err,
      results: runs[0]?.results.map(({ ruleId, locations }) => [ruleId, locations?.length ?? 0]),
    }).toEqual({
      code: 1,
      err: '',
      results: [
        ['suspect/decimal-as-hex', 1],
        ['diff/changed', 0],
      ],
    })
  })

  it('github: a warning for each group, on one line', async () => {
    const { code, out, err } = await desk.type('diff old.yaml new.yaml --target windows --format github')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe(
      '::warning title=diff/changed::line4 on windows. KeepAliveTime: 20000 ms (20 s, 0x4e20) -> 30000 ms (30 s, 0x7530). A dead peer is noticed after 80 s instead of 70 s. The settings take effect when the machine restarts.\n',
    )
  })
})

describe('diff with --target', () => {
  const desk = new Desk({
    'a.yaml': 'name: a\ndetect: 60s\n',
    'b.yaml': 'name: b\ndetect: 70s\n',
    'ce.yaml': 'name: c\nidle: 20s\ninterval: 5s\ntargets: [windows-ce]\n',
  })

  it('ignores other targets', async () => {
    const { code, out, err } = await desk.type('diff -t linux a.yaml b.yaml --quiet')
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(out).toContain('net.ipv4.tcp_keepalive_time  51 s -> 61 s')
  })

  it('reports a target that only one side has', async () => {
    const { code, out, err } = await desk.type('diff -t linux a.yaml ce.yaml --quiet')
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(out).toContain('a on linux, no longer there:\n')
  })
})

describe('an input that cannot be compared', async () => {
  const desk = await deskOf()
  writeFileSync(join(desk.folder, 'bad.yaml'), 'name: bad\nidle: 20\n')
  writeFileSync(join(desk.folder, 'note.txt'), 'buy milk\n')
  writeFileSync(join(desk.folder, 'merge.json'), '{\n  "keepalive-kit-lock": 1,\n<<<<<<< a\n')
  writeFileSync(
    join(desk.folder, 'later.json'),
    '{\n  "keepalive-kit-lock": 1,\n  "entries": {\n    "a/plan9": {}\n  }\n}\n',
  )
  writeFileSync(join(desk.folder, 'cut.zip'), readFileSync(join(desk.folder, 'old-zips/line4.zip')).subarray(0, 5_000))
  it.each([
    ['a missing file', 'nope.yaml', 2, '"nope.yaml"', 'input/no-such-file'],
    ['an unknown preset', 'preset:nope', 2, 'nope', 'input/no-such-preset'],
    ['a folder without output', 'empty', 2, '"empty" holds no output of the kit', 'diff/no-output'],
    ['a wrong profile', 'bad.yaml', 1, '20s', 'profile/'],
    ['a text', 'note.txt', 1, '', ''],
    ['a lock in the middle of a merge', 'merge.json', 1, 'it has the conflict marks', 'lock/unusable'],
    ['a lock of a later version', 'later.json', 1, '"a/plan9" is for a system', 'lock/unusable'],
    ['half a zip', 'cut.zip', 1, '', 'zip/truncated'],
  ])('%s', async (_what, side, code, words, diagnostic) => {
    for (const line of [`${side} old.yaml`, `old.yaml ${side}`]) {
      const answer = await desk.type(`diff ${line}`)
      expect({ code: answer.code, out: answer.out }).toEqual({ code, out: '' })
      expect(answer.err).toContain(words)
      expect(answer.err).toContain(diagnostic)
      expect((await told(desk, line)).code).toBe(code)
    }
  })

  it.each([
    ['one side only', 'diff old.yaml'],
    ['three sides', 'diff old.yaml new.yaml old'],
    ['standard input twice', 'diff - -'],
    ['an unknown format', 'diff old.yaml new.yaml --format xml'],
  ])('%s is wrong usage', async (_what, line) => {
    expect(await desk.type(line)).toMatchObject({ code: 2, out: '' })
  })

  it('lines that a machine skips are reported, and the others compared', async () => {
    writeFileSync(join(desk.folder, 'odd.reg'), `${REG('00007530')}"KeepAliveTime"=dword:123456789\r\n`)
    const { code, groups, codes } = await told(desk, 'old.yaml odd.reg')
    expect({ code, groups }).toEqual({ code: 1, groups: [`changed line4 ${ON_WINDOWS}`] })
    expect(codes).toEqual([expect.stringMatching(/^reg\//)])
  })
})

/** Does something with a PATH without programs: no process can be started then. */
async function withoutPrograms<T>(work: () => Promise<T>): Promise<T> {
  const { PATH } = process.env
  process.env['PATH'] = mkdtempSync(join(tmpdir(), 'keepalive-kit-no-programs-'))
  try {
    return await work()
  } finally {
    process.env['PATH'] = PATH
  }
}

describe('without any program on PATH', async () => {
  const desk = await deskOf()
  it.each(['old.yaml new.yaml', 'old new', 'old-zips new.lock.json', 'old.reg new.yaml', 'old-etc new.txt'])(
    'files are compared: %s',
    async (line) => {
      expect((await withoutPrograms(() => told(desk, line))).code).toBe(1)
    },
  )

  it('a revision cannot be read, and the error gives the reason', async () => {
    const { code, err } = await withoutPrograms(() => desk.type('diff HEAD:old.yaml new.yaml'))
    expect(code).toBe(2)
    expect(err).toBe('error: git cannot give "HEAD:old.yaml": there is no git on this machine [diff/git]\n')
  })
})

describeWithOracle('GITREV:PATH', missingPrograms('git'), () => {
  /** A repository with line4 in its old state committed, and in its new one on disk. */
  const repository = async (...setup: readonly string[]) => {
    const desk = await deskOf()
    const git = (...args: readonly string[]) => {
      const ran = run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: desk.folder })
      if (ran.code !== 0) throw new Error(ran.stderr)
      return ran.stdout
    }
    git('init', '-q')
    for (const line of setup) await desk.type(line)
    git('add', '.')
    git('commit', '-q', '-m', 'one')
    return { desk, git }
  }
  type Repository = Awaited<ReturnType<typeof repository>>
  let desk: Repository['desk']
  let git: Repository['git']
  beforeAll(async () => {
    ;({ desk, git } = await repository())
    writeFileSync(join(desk.folder, 'old.yaml'), SLOW)
  })

  it.each([
    ['a profile', 'HEAD:old.yaml old.yaml'],
    ['an output', 'HEAD:old/line4 old.yaml'],
    ['a folder of outputs', 'HEAD:old new'],
    ['a zip', 'HEAD:old-zips/line4.zip new'],
    ['a lock', 'HEAD:old.lock.json new.lock.json'],
    ['a .reg file', 'HEAD:old.reg new.reg'],
    ['a tree of sysctl files', 'HEAD:old-etc new-etc'],
    ['two revisions', 'HEAD:old HEAD:new'],
  ])('is %s', async (_what, line) => {
    const { code, codes } = await told(desk, line)
    expect({ code, codes: codes.filter((one) => !one.startsWith('suspect/')) }).toEqual({ code: 1, codes: [] })
    const [side] = line.split(' ')
    expect(await told(desk, `${side} ${side}`)).toMatchObject({ code: 0, groups: [] })
  })

  it('is relative to the current folder, and may be all of it', async () => {
    const below = new Desk()
    Object.assign(below, { folder: join(desk.folder, 'old') })
    expect(await told(below, 'HEAD:line4 line4')).toMatchObject({ code: 0, groups: [] })
    expect(await told(below, 'HEAD: .')).toMatchObject({ code: 0, groups: [] })
  })

  it.each([
    ['an unknown revision', 'nope:old.yaml', /git cannot give "nope:old\.yaml": .*nope/],
    ['a missing path', 'HEAD:nope', /git cannot give "HEAD:nope": .*nope/],
    ['a pattern, which is not expanded', 'HEAD:*.yaml', /git cannot give "HEAD:\*\.yaml": .*\.yaml/],
    ['an option', '--output=x:y', /no option/],
  ])('is refused: %s', async (_what, side, words) => {
    const { code, err } = await desk.type(`diff ${side} new.yaml`)
    expect(code).toBe(2)
    expect(err).toMatch(words)
  })

  it('is refused outside of a repository', async () => {
    const { code, err } = await new Desk({ 'a.yaml': LINE4 }).type('diff HEAD:a.yaml a.yaml')
    expect(code).toBe(2)
    expect(err).toMatch(/git cannot give "HEAD:a\.yaml": .*not a git repository/)
  })

  it('has the encoding and the line ends of .gitattributes', async () => {
    const encoded = await repository('git-setup --out old --write --quiet')
    expect(encoded.git('show', 'HEAD:old/line4/windows/keepalive.reg')).toContain('"KeepAliveTime"=dword:00004e20\n')
    expect(await told(encoded.desk, 'HEAD:old old')).toMatchObject({ code: 0, groups: [], files: [] })
    expect(await told(encoded.desk, 'HEAD:old/line4/windows/keepalive.reg old.reg')).toMatchObject({
      code: 0,
      codes: [],
    })
  })

  it('has them in a folder too, and files that an archive would leave out', async () => {
    const encoded = await repository('git-setup --out old --write --quiet')
    appendFileSync(join(encoded.desk.folder, '.gitattributes'), 'old/** export-ignore\n')
    encoded.git('add', '.')
    encoded.git('commit', '-q', '-m', 'attributes')
    const below = new Desk()
    Object.assign(below, { folder: join(encoded.desk.folder, 'old') })
    expect(await told(below, 'HEAD:line4 line4')).toMatchObject({ code: 0, groups: [], files: [] })
    const { code, err } = await below.type('diff HEAD:../../x line4')
    expect(code).toBe(2)
    expect(err).toMatch(/git cannot give "HEAD:\.\.\/\.\.\/x": .* lies outside of the repository/)
  })

  it('is read where objects have names of SHA-256', async () => {
    const other = new Desk({ 'old.yaml': LINE4, 'new.yaml': SLOW })
    const inOther = (...args: readonly string[]) =>
      run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: other.folder })
    inOther('init', '-q', '--object-format=sha256')
    inOther('add', '.')
    inOther('commit', '-q', '-m', 'one')
    expect((await told(other, 'HEAD:old.yaml new.yaml')).code).toBe(1)
    expect((await told(other, 'HEAD:old.yaml old.yaml')).code).toBe(0)
  })

  describe('of a repository whose configuration names programs', () => {
    /** A repository with a signed commit, and a program in every setting that could start one. */
    const hostile = async (config: Readonly<Record<string, string>>) => {
      const one = await repository()
      const { folder } = one.desk
      writeFileSync(join(folder, '.gitattributes'), '*.yaml filter=ours diff=ours export-subst\n')
      one.git('add', '.gitattributes')
      one.git('commit', '-q', '-m', 'two')
      const unsigned = one
        .git('cat-file', 'commit', 'HEAD')
        .replace('\n\n', '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n')
      writeFileSync(join(folder, 'commit'), unsigned)
      one.git('update-ref', 'HEAD', one.git('hash-object', '-t', 'commit', '-w', 'commit').trim())
      writeFileSync(join(folder, 'program'), `#!/bin/sh\necho "$0" >>'${folder}/ran'\ncat\n`, { mode: 0o755 })
      mkdirSync(join(folder, 'hooks'))
      for (const hook of ['post-index-change', 'fsmonitor-watchman', 'reference-transaction', 'post-checkout'])
        cpSync(join(folder, 'program'), join(folder, 'hooks', hook))
      for (const [key, value] of Object.entries(config))
        one.git('config', key, value.replace('PROGRAM', join(folder, 'program')))
      return one
    }

    it('runs none of them', async () => {
      const { desk: here } = await hostile({
        'filter.ours.smudge': 'PROGRAM',
        'filter.ours.clean': 'PROGRAM',
        'filter.ours.process': 'PROGRAM',
        'filter.ours.required': 'true',
        'diff.ours.textconv': 'PROGRAM',
        'diff.external': 'PROGRAM',
        'gpg.program': 'PROGRAM',
        'core.fsmonitor': 'PROGRAM',
        'core.pager': 'PROGRAM',
        'core.sshCommand': 'PROGRAM',
        'core.hooksPath': 'hooks',
        'alias.archive': '!PROGRAM',
        'alias.rev-parse': '!PROGRAM',
        'tar.zip.command': 'PROGRAM',
      })
      expect(await told(here, 'HEAD:old.yaml old.yaml')).toMatchObject({ code: 0, codes: [] })
      expect(existsSync(join(here.folder, 'ran'))).toBe(false)
    })

    it('fetches nothing that is missing', async () => {
      const { desk: here, git: inHere } = await hostile({
        'core.repositoryFormatVersion': '1',
        'extensions.partialClone': 'origin',
        'remote.origin.url': 'ext::PROGRAM',
        'remote.origin.promisor': 'true',
        'protocol.ext.allow': 'always',
      })
      const blob = inHere('rev-parse', 'HEAD:old.yaml').trim()
      rmSync(join(here.folder, '.git/objects', blob.slice(0, 2), blob.slice(2)))
      expect((await here.type('diff HEAD:old.yaml old.yaml')).code).toBe(2)
      const tree = inHere('rev-parse', 'HEAD^{tree}').trim()
      rmSync(join(here.folder, '.git/objects', tree.slice(0, 2), tree.slice(2)))
      expect((await here.type('diff HEAD:old.yaml old.yaml')).code).toBe(2)
      expect(existsSync(join(here.folder, 'ran'))).toBe(false)
    })
  })

  it('may be the outputs of a whole plant', async () => {
    for (let index = 0; index < 30; index += 1) {
      const name = `press-${index}`
      cpSync(join(desk.folder, 'old/line4'), join(desk.folder, 'plant', name), { recursive: true })
      const manifest = join(desk.folder, 'plant', name, 'manifest.json')
      writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"name": "line4"', `"name": "${name}"`))
    }
    git('add', 'plant')
    git('commit', '-q', '-m', 'plant')
    const { code, groups, codes } = await told(desk, 'HEAD:plant plant')
    expect({ code, groups, codes }).toEqual({ code: 0, groups: [], codes: [] })
    const { out } = await desk.type('diff HEAD:plant plant --format json')
    expect((JSON.parse(out) as Told).differences[0]?.same).toBe(150)
  })
})
