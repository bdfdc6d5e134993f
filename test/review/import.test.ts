import fc from 'fast-check'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import type { Artifact } from '../../src/core/artifact.ts'
import { inMilliseconds } from '../../src/core/setting.ts'
import { FIELDS, type DurationSetting, type Option, type Target } from '../../src/core/target.ts'
import { importOutput } from '../../src/review/import/import-output.ts'
import { outputOf as asOutput } from '../../src/review/import/outputs.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { buildBundle, diagnose, profileText, type TestProfile } from '../support/build.ts'
import { dword, importFrom, placed, reg, regAt, TCPIP } from '../support/captures.ts'
import { cover, edit, filesOf, outputOf, textOf, type Files } from '../support/outputs.ts'

/** Artifacts without values, and the code of the diagnostic for them. */
const WITHOUT_VALUES: Readonly<Record<string, string>> = {
  'keepalive-remove.reg': 'import/removes',
  'shared.sh': 'script/no-values',
  'uninstall.sh': 'script/no-values',
  'setup/SetupComplete.cmd': 'script/no-values',
}

const times = ({ range, step, ...setting }: DurationSetting) => {
  const most = Math.floor(range.max / step.size)
  return fc
    .oneof(...[100, Math.min(most, 10_000), most].map((max) => fc.integer({ min: 1, max })))
    .map((steps) => inMilliseconds({ range, step, ...setting }, steps * step.size))
}

function values({ settings: { idle, interval, probes, init, always } }: Target): fc.Arbitrary<TestProfile> {
  return fc.record(
    {
      idle: times(idle),
      interval: times(interval),
      ...(probes.kind === 'count' ? { probes: fc.integer({ min: 1, max: Math.min(probes.range.max, 1_000) }) } : {}),
      ...(init.kind === 'duration' ? { init: times(init) } : {}),
      ...(always.kind === 'switch' ? { always: fc.boolean() } : {}),
    },
    { requiredKeys: ['idle', 'interval'] },
  )
}

function optionValue(option: Option): fc.Arbitrary<string | number | boolean> {
  if (option.kind === 'switch') return fc.boolean()
  if (option.kind === 'number') return fc.integer(option.range)
  return fc
    .stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,30}$/)
    .filter((name) => !option.taken.includes(name.toUpperCase()) && /^[A-Za-z]/.test(name))
}

function profiles(target: Target): fc.Arbitrary<TestProfile> {
  const options = Object.entries(target.options).map(([name, option]) => [name, optionValue(option)] as const)
  return fc
    .tuple(values(target), fc.record(Object.fromEntries(options)))
    .map(([own, chosen]) => (options.length === 0 ? own : { ...own, options: { [target.id]: chosen } }))
}

const isRight = (profile: TestProfile, target: string) =>
  diagnose(profileText(profile), target).every(({ severity }) => severity !== 'error')

describe('a file of the kit becomes a profile that generates the same file, byte for byte', () => {
  describe.each([...TARGETS.values()])('$id:', (target) => {
    const made = (bundle: readonly Artifact[], path: string) =>
      Buffer.from(bundle.find((one) => one.path === `${target.id}/${path}`)?.bytes ?? [])

    it.each(target.outputs.map(({ path }) => path).filter((path) => !(path in WITHOUT_VALUES)))('%s', (path) => {
      fc.assert(
        fc.property(profiles(target), (profile) => {
          fc.pre(isRight(profile, target.id))
          const bytes = made(buildBundle(profileText(profile), target.id), path)
          const { profile: text } = importFrom({ [path]: bytes }, [target.id])
          expect(made(buildBundle(text ?? ''), path).toString('latin1')).toBe(bytes.toString('latin1'))
        }),
        { numRuns: 12 },
      )
    })

    const without = target.outputs.map(({ path }) => path).filter((path) => path in WITHOUT_VALUES)
    it.each(without.map((path) => [path, WITHOUT_VALUES[path]]))('%s says %s', (path, code) => {
      const bytes = made(buildBundle(profileText({}), target.id), path)
      const { profile, diagnostics } = importFrom({ [path]: bytes }, [target.id])
      expect(profile).toBeUndefined()
      expect(diagnostics.map((one) => one.code)).toEqual([code])
    })
  })
})

describe('a profile is made of', () => {
  const UNIX = 'net.ipv4.tcp_keepalive_time = 60\nnet.ipv4.tcp_keepalive_intvl = 5\nnet.ipv4.tcp_keepalive_probes = 4\n'

  it.each([
    [
      'a file of Windows and one of Linux, with differences as overrides',
      { 'a.reg': reg(dword('KeepAliveTime', 20_000), dword('KeepAliveInterval', 5_000)), 'b.conf': UNIX },
      [],
      {
        idle: '1min',
        interval: '5s',
        targets: ['linux', 'windows'],
        overrides: { linux: { probes: 4 }, windows: { idle: '20s' } },
      },
    ],
    [
      'two files of one machine, each with its own value',
      { 'a.reg': reg(dword('KeepAliveTime', 20_000)), 'b.reg': reg(dword('KeepAliveInterval', 5_000)) },
      [],
      { idle: '20s', interval: '5s', targets: ['windows'] },
    ],
    [
      'two files of one machine that set the same value: the later counts',
      {
        'a.reg': reg(dword('KeepAliveTime', 20_000), dword('KeepAliveInterval', 5_000)),
        'b.reg': reg(dword('KeepAliveTime', 30_000)),
      },
      [],
      { idle: '30s', interval: '5s', targets: ['windows'] },
    ],
    [
      'one file for two targets that were named',
      { 'a.reg': reg(dword('KeepAliveTime', 20_000), dword('KeepAliveInterval', 5_000)) },
      ['windows', 'windows-xp'],
      { idle: '20s', interval: '5s', targets: ['windows', 'windows-xp'] },
    ],
    [
      'the idle time alone, with the default interval of the system',
      { 'a.conf': 'net.inet.tcp.keepidle=60000\n' },
      [],
      { idle: '1min', interval: '75s', targets: ['tcbsd'] },
    ],
    [
      'the interval alone, with the default idle time of the system',
      { 'a.reg': reg(dword('KeepAliveInterval', 5_000)) },
      [],
      { idle: '2h', interval: '5s', targets: ['windows'] },
    ],
    [
      'a switch that is 2, which is on',
      { 'a.conf': 'net.inet.tcp.keepidle=60000\nnet.inet.tcp.keepintvl=5000\nnet.inet.tcp.always_keepalive=2\n' },
      [],
      { idle: '1min', interval: '5s', always: true, targets: ['tcbsd'] },
    ],
    [
      'the running control set of an export, not its copies',
      {
        'a.reg': `${regAt('HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\Tcpip\\Parameters', dword('KeepAliveTime', 1_000))}\r\n[${TCPIP}]\r\n${dword('KeepAliveTime', 20_000)}\r\n`,
      },
      [],
      { idle: '20s', interval: '1s', targets: ['windows'] },
    ],
    [
      'an export of an image under the name SYSTEM, which gets the hive name of the kit',
      {
        'a.reg': regAt(
          'HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet002\\Services\\Tcpip\\Parameters',
          dword('KeepAliveTime', 20_000),
          dword('KeepAliveInterval', 5_000),
        ),
      },
      [],
      { idle: '20s', interval: '5s', targets: ['windows'], options: { windows: { 'control-set': 2 } } },
    ],
    [
      'values after a deletion of the key',
      {
        'a.reg': `${reg(dword('KeepAliveTime', 1_000))}[-${TCPIP}]\r\n[${TCPIP}]\r\n${dword('KeepAliveInterval', 5_000)}\r\n`,
      },
      [],
      { idle: '2h', interval: '5s', targets: ['windows'] },
    ],
  ])('%s', (_what, files, targets, wanted) => {
    const { profile } = importFrom(files, targets)
    expect(load(profile ?? '')).toEqual({ name: 'beckhoff', ...wanted })
  })
})

describe('a value that a profile cannot hold is an error at its line', () => {
  it.each([
    [
      '0 on Windows',
      reg('"KeepAliveInterval"=dword:00001388', '"KeepAliveTime"=dword:00000000'),
      'profile/zero',
      '5:17',
    ],
    ['0 on Linux', 'net.ipv4.tcp_keepalive_time = 0\n', 'profile/zero', '1:31'],
    ['0 on one of two systems', 'net.ipv4.tcp_keepalive_time = 60\nnet.inet.tcp.keepidle=0\n', 'profile/zero', '2:23'],
    ['no probes', '# x\nnet.ipv4.tcp_keepalive_probes=0\n', 'profile/zero', '2:31'],
    ['less than 0', 'net.ipv4.tcp_keepalive_intvl = -1\n', 'profile/bad-duration', '1:32'],
    ['more than Linux has', 'net.ipv4.tcp_keepalive_time = 2147484\n', 'setting/out-of-range', '1:31'],
    ['more probes than Linux has in a list', 'net.ipv4.tcp_keepalive_probes = 256\n', 'setting/out-of-range', '1:33'],
    ['5 ms on FreeBSD', 'net.inet.tcp.keepidle=60005\n', 'setting/not-representable', '1:23'],
    [
      'a hive whose name begins with a digit',
      regAt('HKEY_LOCAL_MACHINE\\1ST\\ControlSet001\\Services\\Tcpip\\Parameters', '"KeepAliveTime"=dword:00004e20'),
      'profile/bad-option',
      '4:17',
    ],
  ])('%s', (_what, content, code, place) => {
    const { profile, diagnostics } = importFrom({ file: content })
    expect(profile).toBeUndefined()
    expect(placed(diagnostics.filter(({ severity }) => severity === 'error'))).toEqual([`${code} file:${place}`])
  })
})

it('a value that most systems cannot hold is an error at their line', () => {
  const files = { 'a.conf': 'net.ipv4.tcp_keepalive_time = 60\n', 'b.reg': reg(dword('KeepAliveTime', 0)) }
  const { diagnostics } = importFrom(files, ['linux', 'windows', 'windows-xp'])
  expect(placed(diagnostics.filter(({ severity }) => severity === 'error'))).toEqual(['profile/zero b.reg:4:17'])
})

describe('a value that the profile lacks is named:', () => {
  it.each([
    ['a time that is not set', reg(dword('KeepAliveTime', 20_000)), ['import/default-taken']],
    [
      'a switch that is neither 0 nor 1',
      'net.inet.tcp.keepidle=60000\nnet.inet.tcp.keepintvl=5000\nnet.inet.tcp.always_keepalive=2\n',
      ['import/odd-switch f:3:31'],
    ],
    [
      'a removed value beside a set one',
      reg('"KeepAliveTime"=-', dword('KeepAliveInterval', 5_000)),
      ['import/default-taken', 'import/removes f:4:17'],
    ],
  ])('%s', (_what, content, wanted) => {
    const { profile, diagnostics } = importFrom({ f: content })
    expect(profile).toBeDefined()
    expect(placed(diagnostics)).toEqual(wanted)
    expect(diagnostics.map(({ severity }) => severity)).not.toContain('error')
  })

  it('a file that only removes values gives no profile', () => {
    const { profile, diagnostics } = importFrom({ f: reg('"KeepAliveTime"=-') })
    expect(profile).toBeUndefined()
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['import/removes', 'error']])
  })

  it('the names of other settings at the same places', () => {
    const { findings } = importFrom({
      f: `${reg(dword('KeepAliveTime', 20_000), '"EnableICMPRedirect"=dword:00000000')}[HKEY_LOCAL_MACHINE\\SOFTWARE\\X]\r\n"Y"=dword:00000001\r\n`,
    })
    expect(findings.others).toEqual(['EnableICMPRedirect'])
  })
})

describe('case matters in names of sysctls, and not in names of the registry', () => {
  it.each([
    [
      'f.conf',
      'net.ipv4.tcp_keepalive_time = 60\n# x\nNET.IPV4.TCP_KEEPALIVE_TIME = 90\n',
      { idle: '1min', interval: '75s' },
    ],
    [
      'f.reg',
      regAt(TCPIP.toLowerCase(), '"KEEPALIVETIME"=dword:4e20', '"keepaliveinterval"=dword:1388'),
      { idle: '20s', interval: '5s' },
    ],
  ])('%s', (file, content, wanted) => {
    expect(load(importFrom({ [file]: content }).profile ?? '')).toMatchObject(wanted)
  })
})

describe('an output of the kit', () => {
  const PROFILE =
    '# for line 4\nname: line4\ntitle: Line 4\nidle: 20s # short\ninterval: 5s\nprobes: 4\noptions:\n  windows-ce: { ipv6: true }\n  windows: { hive: PLANT_7, control-set: 2 }\n'
  const imported = (files: Files) => importOutput(TARGETS, asOutput('line4', files), 'out/line4')

  it('becomes its profile.yaml, word for word', () => {
    const { text, diagnostics } = imported(filesOf(outputOf(PROFILE)))
    expect(text).toBe(PROFILE)
    expect(diagnostics).toEqual([])
  })

  it.each(FIELDS.filter((field) => field === 'idle' || field === 'probes'))(
    'becomes a profile of its data files, with a diagnostic, if these have another %s',
    (field) => {
      const files = filesOf(outputOf(PROFILE))
      const [before, after] = field === 'idle' ? ['_time = 20', '_time = 21'] : ['_probes = 4', '_probes = 5']
      edit(files, 'linux/60-keepalive.conf', (text) => text.replace(before, after))
      cover(files)
      const { text, diagnostics } = imported(files)
      expect(placed(diagnostics)).toEqual(['import/profile-differs out/line4/profile.yaml'])
      expect(load(text ?? '')).toEqual({
        name: 'line4',
        title: 'Line 4',
        idle: '20s',
        interval: '5s',
        targets: [...TARGETS.keys()],
        overrides: { tcbsd: { probes: 4 }, linux: field === 'idle' ? { idle: '21s', probes: 4 } : { probes: 5 } },
        options: { 'windows-ce': { ipv6: true }, windows: { hive: 'PLANT_7', 'control-set': 2 } },
      })
    },
  )

  it('becomes a profile of its data files if its profile.yaml cannot be read', () => {
    const files = filesOf(outputOf(PROFILE, ['linux']))
    edit(files, 'profile.yaml', () => '}{')
    expect(textOf(files, 'profile.yaml')).toBe('}{')
    const { text } = imported(files)
    expect(load(text ?? '')).toEqual({ name: 'line4', idle: '20s', interval: '5s', probes: 4, targets: ['linux'] })
  })
})
