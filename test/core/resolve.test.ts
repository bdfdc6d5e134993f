import { describe, expect, it } from 'vitest'
import { problem } from '../../src/core/diagnostic.ts'
import { resolve } from '../../src/core/resolve.ts'
import type { Target } from '../../src/core/target.ts'
import { readProfile } from '../../src/source/profile.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { diagnose, profileText, type TestProfile } from '../support/build.ts'

function values(target: string, profile: TestProfile): Record<string, number> {
  const { read } = readProfile(TARGETS, Buffer.from(profileText(profile)), 'test.yaml')
  if (read === undefined) throw new Error('the profile of the test is wrong')
  const { assignments } = resolve(read.profile, TARGETS.get(target) as Target)
  return Object.fromEntries(assignments.map(({ setting, value }) => [setting.key, value]))
}

const codes = (target: string, profile: TestProfile) => diagnose(profileText(profile), target).map(({ code }) => code)

describe('the native values of each system', () => {
  const p1 = { idle: 60_000, interval: 10_000, probes: 5, init: 30_000, always: true }
  it.each<[string, TestProfile, Record<string, number>]>([
    ['windows', p1, { KeepAliveTime: 60_000, KeepAliveInterval: 10_000 }],
    ['windows-xp', p1, { KeepAliveTime: 60_000, KeepAliveInterval: 10_000 }],
    ['windows-ce', p1, { KeepAliveTime: 60_000, KeepAliveInterval: 10_000 }],
    [
      'tcbsd',
      p1,
      {
        'net.inet.tcp.keepidle': 60_000,
        'net.inet.tcp.keepintvl': 10_000,
        'net.inet.tcp.keepcnt': 5,
        'net.inet.tcp.keepinit': 30_000,
        'net.inet.tcp.always_keepalive': 1,
      },
    ],
    [
      'tcbsd',
      { always: false },
      { 'net.inet.tcp.keepidle': 20_000, 'net.inet.tcp.keepintvl': 5_000, 'net.inet.tcp.always_keepalive': 0 },
    ],
    [
      'linux',
      { idle: 300_000, interval: 75_000, probes: 9 },
      { 'net.ipv4.tcp_keepalive_time': 300, 'net.ipv4.tcp_keepalive_intvl': 75, 'net.ipv4.tcp_keepalive_probes': 9 },
    ],
  ])('%s reads %o as %o', (target, profile, wanted) => {
    expect(values(target, profile)).toEqual(wanted)
  })
})

describe('a value that a system cannot hold', () => {
  it.each<[string, TestProfile, readonly string[]]>([
    ['windows', { idle: 1, interval: 1 }, []],
    ['windows', { idle: 4_294_967_000 }, []],
    ['windows', { idle: 4_294_967_295 }, ['windows/largest-dword']],
    ['windows', { idle: 4_294_967_296 }, ['setting/out-of-range']],
    ['windows', { idle: 4_294_968_000 }, ['setting/out-of-range']],
    ['windows-xp', { interval: 4_294_967_296 }, ['setting/out-of-range']],
    ['windows-ce', { interval: 4_294_967_296 }, ['setting/out-of-range']],
    ['tcbsd', { idle: 10, interval: 10 }, []],
    ['tcbsd', { idle: 5 }, ['setting/out-of-range']],
    ['tcbsd', { idle: 15 }, ['setting/not-representable']],
    ['tcbsd', { idle: 999 }, ['setting/not-representable']],
    ['tcbsd', { idle: 4_005 }, ['setting/not-representable']],
    ['tcbsd', { idle: 12_345 }, ['setting/not-representable']],
    ['tcbsd', { idle: 1_500 }, []],
    ['tcbsd', { idle: 32_768_000 }, []],
    ['tcbsd', { idle: 2_147_443_640, interval: 5_000 }, []],
    ['tcbsd', { idle: 2_147_443_650, interval: 5_000 }, ['tcbsd/detection-too-long']],
    ['tcbsd', { idle: 2_147_483_650 }, ['setting/out-of-range']],
    ['tcbsd', { idle: 2_147_484_000 }, ['setting/out-of-range']],
    ['tcbsd', { idle: 4_294_967_300 }, ['setting/out-of-range']],
    ['tcbsd', { probes: 128 }, []],
    ['tcbsd', { probes: 256 }, []],
    ['tcbsd', { interval: 1_000_000_000, probes: 3 }, ['tcbsd/detection-too-long']],
    ['tcbsd', { init: 9_990 }, ['tcbsd/short-init']],
    ['tcbsd', { init: 10_000 }, []],
    ['linux', { idle: 1_500 }, ['setting/not-representable']],
    ['linux', { idle: 12_345 }, ['setting/not-representable']],
    ['linux', { idle: 5 }, ['setting/out-of-range']],
    ['linux', { idle: 32_767_000 }, []],
    ['linux', { idle: 32_768_000 }, ['linux/above-socket-limit']],
    ['linux', { idle: 2_147_483_000 }, ['linux/above-socket-limit']],
    ['linux', { idle: 2_147_484_000 }, ['setting/out-of-range']],
    ['linux', { probes: 127 }, []],
    ['linux', { probes: 128 }, ['linux/above-socket-limit']],
    ['linux', { probes: 255 }, ['linux/above-socket-limit']],
    ['linux', { probes: 256 }, ['setting/out-of-range']],
  ])('%s, %o: %o', (target, profile, wanted) => {
    expect(codes(target, profile)).toEqual(wanted)
  })
})

describe('a field that a system cannot set', () => {
  it.each<[string, TestProfile, readonly string[]]>([
    ['windows', { probes: 9 }, ['it always sends 10 probes']],
    ['windows', { probes: 10 }, []],
    ['windows-xp', { probes: 5 }, []],
    ['windows-xp', { probes: 10 }, ['it sends 5 probes unless']],
    ['windows-ce', { probes: 10 }, ['no source says how many']],
    ['windows', { init: 75_000 }, ['stays as it is']],
    ['windows', { always: true }, ['only sockets whose program sets SO_KEEPALIVE are probed']],
    ['windows', { always: false }, []],
    ['linux', { always: true }, ['only sockets whose program sets SO_KEEPALIVE are probed']],
    ['linux', { always: false, init: 75_000 }, ['tcp_syn_retries']],
  ])('%s, %o: a warning says what it does instead', (target, profile, wanted) => {
    const found = diagnose(profileText(profile), target)
    expect(found.map(({ severity }) => severity)).toEqual(wanted.map(() => 'warning'))
    wanted.forEach((text, index) => expect(found[index]?.message).toContain(text))
  })
})

describe('when a dead peer is noticed', () => {
  it.each<[string, TestProfile, number | undefined]>([
    ['windows', { idle: 20_000, interval: 5_000 }, 70_000],
    ['windows-xp', { idle: 20_000, interval: 5_000 }, 45_000],
    ['windows-ce', { idle: 20_000, interval: 5_000 }, undefined],
    ['tcbsd', { idle: 4_000, interval: 4_000 }, 36_000],
    ['tcbsd', { idle: 60_000, interval: 10_000, probes: 5 }, 110_000],
    ['linux', { idle: 20_000, interval: 5_000 }, 65_000],
    ['linux', { idle: 60_000, interval: 10_000, probes: 5 }, 110_000],
  ])('%s, %o: %s ms', (target, profile, wanted) => {
    const { read } = readProfile(TARGETS, Buffer.from(profileText(profile)), 'test.yaml')
    if (read === undefined) throw new Error('the profile of the test is wrong')
    expect(resolve(read.profile, TARGETS.get(target) as Target).detection).toBe(wanted)
  })
})

describe('an override', () => {
  it('holds for its target only, and its problems point at it', () => {
    const text = '{"name":"a","idle":"20s","interval":"5s","overrides":{"linux":{"idle":"1500ms"}}}'
    expect(diagnose(text, 'tcbsd')).toEqual([])
    expect(diagnose(text, 'linux')).toMatchObject([
      { code: 'setting/not-representable', location: { line: 1, column: 71 } },
    ])
  })

  it('says what could be written instead', () => {
    const [found] = diagnose(profileText({ idle: 1_500 }), 'linux')
    expect(found?.message).toBe(
      problem('setting/not-representable', {
        target: 'linux',
        key: 'net.ipv4.tcp_keepalive_time',
        value: '1500ms',
        step: '1s',
        why: 'the kernel reads whole seconds',
        instead: ['1s', '2s'],
      }).message,
    )
  })
})
