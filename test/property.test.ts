import fc from 'fast-check'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { readLinuxSysctl } from './readers/linux-sysctl.ts'
import { readReg } from './readers/reg.ts'
import { buildBundle, profileText, type TestProfile } from './support/build.ts'
import { readSysctlConf } from './support/freebsd-sysctl.ts'

const upTo = (max: number, step = 1) =>
  fc.oneof(fc.integer({ min: 1, max: Math.floor(max / step) }), fc.integer({ min: 1, max: 100 })).map((n) => n * step)

/** Valid profiles for each target, over the whole range. */
const PROFILES: Readonly<Record<string, fc.Arbitrary<TestProfile>>> = {
  windows: fc.record({ idle: upTo(0xffff_ffff), interval: upTo(0xffff_ffff) }),
  linux: fc.record({
    idle: upTo(2_147_483_000, 1_000),
    interval: upTo(2_147_483_000, 1_000),
    probes: fc.option(fc.integer({ min: 1, max: 255 }), { nil: undefined }),
  }) as fc.Arbitrary<TestProfile>,
  tcbsd: fc.record({
    idle: upTo(1_000_000_000, 10),
    interval: upTo(1_000_000, 10),
    probes: fc.integer({ min: 1, max: 1_000 }),
    init: upTo(2_147_483_640, 10),
    always: fc.boolean(),
  }),
}

function bytesOf(target: string, profile: TestProfile): Record<string, string> {
  const artifacts = buildBundle(profileText(profile), target)
  return Object.fromEntries(artifacts.map(({ path, bytes }) => [path, Buffer.from(bytes).toString('latin1')]))
}
const decimal = (text: string | undefined) =>
  [...(text ?? '').matchAll(/^ {4}KeepAlive\w+ = \[ordered\] @\{ Kind = 'DWord'; Data = \[uint32\] (\d+) \}$/gm)].map(
    ([, digits]) => Number(digits),
  )

const TCPIP = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'

describe('any valid profile is read back unchanged', () => {
  it.each([
    ['windows', TCPIP],
    ['windows-xp', TCPIP],
    ['windows-ce', 'HKEY_LOCAL_MACHINE\\Comm\\TcpIp\\Parms'],
  ])('from the .reg files of %s', (target, key) => {
    fc.assert(
      fc.property(PROFILES['windows'] as fc.Arbitrary<TestProfile>, (profile) => {
        const files = bytesOf(target, profile)
        const set = readReg(Buffer.from(files[`${target}/keepalive.reg`] ?? '', 'latin1'))
        expect([...set]).toEqual([
          [`${key}\\KeepAliveTime`, profile.idle],
          [`${key}\\KeepAliveInterval`, profile.interval],
        ])
        const removed = readReg(Buffer.from(files[`${target}/keepalive-remove.reg`] ?? '', 'latin1'))
        expect([...removed]).toEqual([
          [`${key}\\KeepAliveTime`, 'delete'],
          [`${key}\\KeepAliveInterval`, 'delete'],
        ])
      }),
      { numRuns: 60 },
    )
  })

  it('from the PowerShell scripts', () => {
    fc.assert(
      fc.property(PROFILES['windows'] as fc.Arbitrary<TestProfile>, (profile) => {
        const files = bytesOf('windows', profile)
        for (const script of ['install', 'check'])
          expect(decimal(files[`windows/${script}.ps1`])).toEqual([profile.idle, profile.interval])
      }),
      { numRuns: 40 },
    )
  })

  it('from the sysctl file of Linux, and from the script that carries it', () => {
    fc.assert(
      fc.property(PROFILES['linux'] as fc.Arbitrary<TestProfile>, (profile) => {
        const files = bytesOf('linux', profile)
        const conf = files['linux/60-keepalive.conf'] ?? ''
        expect(readLinuxSysctl(conf)).toEqual({
          'net.ipv4.tcp_keepalive_time': (profile.idle as number) / 1_000,
          'net.ipv4.tcp_keepalive_intvl': (profile.interval as number) / 1_000,
          ...(profile.probes === undefined ? {} : { 'net.ipv4.tcp_keepalive_probes': profile.probes }),
        })
        for (const script of ['install', 'uninstall', 'check'])
          expect(files[`linux/${script}.sh`]?.includes(conf)).toBe(script !== 'uninstall')
      }),
      { numRuns: 60 },
    )
  })

  it.each([100, 1_000])('from the sysctl file of TC/BSD, with a clock of %i Hz', (hz) => {
    fc.assert(
      fc.property(PROFILES['tcbsd'] as fc.Arbitrary<TestProfile>, (profile) => {
        const { values, problems } = readSysctlConf(bytesOf('tcbsd', profile)['tcbsd/keepalive.sysctl.conf'] ?? '', hz)
        expect(problems).toEqual([])
        expect(values).toMatchObject({
          'net.inet.tcp.keepidle': profile.idle,
          'net.inet.tcp.keepintvl': profile.interval,
          'net.inet.tcp.keepcnt': profile.probes,
          'net.inet.tcp.keepinit': profile.init,
          'net.inet.tcp.always_keepalive': Number(profile.always),
        })
      }),
      { numRuns: 60 },
    )
  })

  it('and no file ever has an unfilled value', () => {
    const any = fc.oneof(
      ...Object.entries(PROFILES).map(([target, profiles]) => profiles.map((profile) => [target, profile] as const)),
    )
    fc.assert(
      fc.property(any, ([target, profile]) => {
        for (const [path, text] of Object.entries(bytesOf(target, profile)))
          expect(/undefined|NaN|\[object|\{\{|\}\}/.exec(text.replaceAll('\0', ''))?.[0], path).toBeUndefined()
      }),
      { numRuns: 60 },
    )
  })
})

const HOSTILE = [
  `it's "quoted" \`back\` $(reboot) %PATH% \${HOME} !x! ^&|<>`,
  'first\nnet.inet.ip.forwarding=1\r\n[HKEY_LOCAL_MACHINE\\SYSTEM]\n',
  ']\r\n[-HKEY_LOCAL_MACHINE\\SYSTEM]\r\n; \'@\n"@\n#> $(x)',
  'END_OF_DATA\nreboot\n',
  'Línea 4 — ライン \u{1f527}',
  '\u202egnp.exe\u202c \u200b\ufeff \u2028 \u0007 \u001b[31m',
  '{{name}} {{{x}}} \\{{x}}',
  '\u2019; Write-Host x; \u2018',
  ' leading and trailing ',
  'x'.repeat(4096),
  '',
]

describe('a title', () => {
  const plain = new Map(
    buildBundle(profileText({ title: 'x' })).map(({ path, bytes }) => [path, Buffer.from(bytes).toString('hex')]),
  )
  const PEOPLE = new Set(['README.txt', 'manifest.json', 'profile.yaml', 'SHA256SUMS'])

  function expectHarmless(title: string): void {
    const artifacts = buildBundle(profileText({ title }))
    for (const { path, bytes } of artifacts)
      if (!PEOPLE.has(path)) expect(Buffer.from(bytes).toString('hex'), path).toBe(plain.get(path))
    const text = (name: string) =>
      Buffer.from(artifacts.find(({ path }) => path === name)?.bytes ?? []).toString('utf8')
    expect((JSON.parse(text('manifest.json')) as { profile: { title: string } }).profile.title).toBe(title)
    expect(text('manifest.json')).toMatch(/^[\n -~]*$/)
    expect((load(text('profile.yaml')) as { title: string }).title).toBe(title)
    expect(text('README.txt').split('\r\n')).toHaveLength(readmeLines)
    expect(text('README.txt').slice(1).replaceAll('\r\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  }
  const readmeLines = Buffer.from(
    buildBundle(profileText({ title: 'x' })).find(({ path }) => path === 'README.txt')?.bytes ?? [],
  )
    .toString('utf8')
    .split('\r\n').length

  it.each(HOSTILE)(
    'of hostile text %# reaches README.txt, manifest.json and profile.yaml only, and is harmless there',
    (title) => {
      expectHarmless(title)
    },
  )

  it('does the same with any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }).filter((title) => title.isWellFormed()),
        expectHarmless,
      ),
      { numRuns: 40 },
    )
  })
})
