import { describe, expect, it } from 'vitest'
import { canonicalProfile } from '../../../src/core/profile.ts'
import { check } from '../../../src/source/check.ts'
import { TARGETS } from '../../../src/targets/index.ts'

const read = (body: string) =>
  check(TARGETS, [{ file: 'a.yaml', source: Buffer.from(`name: line4\n${body}\n`) }], { targets: [], strict: false })

/** `line:column severity message` of each. */
const said = (body: string): readonly string[] =>
  read(body).diagnostics.map(
    ({ severity, message, location }) => `${location?.line}:${location?.column} ${severity} ${message}`,
  )

/** The values of one target, and which of them the kit chose. */
const made = (target: string, body: string) => {
  const { checked, diagnostics } = read(`targets: [${target}]\n${body}`)
  const [resolved] = checked[0]?.resolved ?? []
  return { values: resolved?.values, chosen: resolved?.chosen, codes: diagnostics.map(({ code }) => code) }
}

describe('a profile with goals', () => {
  it.each<[target: string, body: string, values: object, chosen: readonly string[]]>([
    ['windows', 'detect: 60s', { idle: 50_000, interval: 1_000 }, ['idle', 'interval']],
    ['windows-xp', 'detect: 60s', { idle: 55_000, interval: 1_000 }, ['idle', 'interval']],
    ['tcbsd', 'detect: 60s', { idle: 56_960, interval: 1_000, probes: 3 }, ['idle', 'interval', 'probes']],
    ['linux', 'detect: 60s', { idle: 51_000, interval: 1_000, probes: 3 }, ['idle', 'interval', 'probes']],
    ['linux', 'detect: 60s\ntolerate: 0', { idle: 53_000, interval: 1_000, probes: 1 }, ['idle', 'interval', 'probes']],
    ['linux', 'path: [azure-lb]', { idle: 221_000, interval: 1_000, probes: 9 }, ['idle', 'interval', 'probes']],
    [
      'linux',
      'path: [azure-lb, { name: plant firewall, idle-limit: 30s }]',
      { idle: 25_000, interval: 1_000, probes: 9 },
      ['idle', 'interval', 'probes'],
    ],
    ['linux', 'detect: 60s\nidle: 20s', { idle: 20_000, interval: 11_000, probes: 3 }, ['interval', 'probes']],
    ['linux', 'detect: 60s\nidle: 20s\ninterval: 5s\nprobes: 4', { idle: 20_000, interval: 5_000, probes: 4 }, []],
    [
      'linux',
      'detect: 60s\noverrides: { linux: { interval: 5s } }',
      { idle: 39_000, interval: 5_000, probes: 3 },
      ['idle', 'probes'],
    ],
    ['linux', 'idle: 20s\ninterval: 5s\ntolerate: 4', { idle: 20_000, interval: 5_000, probes: 9 }, ['probes']],
  ])('gets for %s: %j', (target, body, values, chosen) => {
    expect(made(target, body)).toEqual({ values, chosen, codes: [] })
  })

  it('keeps its goals in the form of the manifest, and not the chosen numbers', () => {
    const { checked } = read('detect: 60s\npath: [azure-lb, { name: fw, idle-limit: 1800s }]\ntolerate: 1\nidle: 20s')
    expect(canonicalProfile((checked[0] as (typeof checked)[number]).profile)).toEqual({
      name: 'line4',
      detect: '1min',
      path: ['azure-lb', { name: 'fw', 'idle-limit': '30min' }],
      tolerate: 1,
      idle: '20s',
      targets: [...TARGETS.keys()],
    })
  })

  it('gets promises about the path only if the number of probes is not known', () => {
    expect(made('windows-ce', 'detect: 60s\npath: [azure-lb]')).toEqual({
      values: { idle: 57_000, interval: 1_000 },
      chosen: ['idle', 'interval'],
      codes: ['intent/no-detection'],
    })
    expect(made('windows-ce', 'path: [azure-lb]').codes).toEqual([])
    expect(said('targets: [windows-ce]\ndetect: 60s\nidle: 50s\ninterval: 10s')).toEqual([
      '3:9 warning windows-ce: no source says how many probes it sends, so detect: 1min is not promised there',
    ])
  })
})

const XP = 'it sends 5 probes unless TcpMaxDataRetransmissions was changed, which governs lost data too'
const FLOOR = 'the kit chooses no idle and no interval below 1s'
const WHEEL = 'the timers of the kernel may be late by up to an eighth'

describe('conflicting goals are refused with the smallest conflicting set and the closest alternatives', () => {
  it.each<[body: string, says: readonly string[]]>([
    [
      'detect: 5s\ntargets: [windows]',
      [
        `2:9 error windows cannot keep detect: 5s: it always sends 10 probes; ${FLOOR}; the closest that it can keep is detect: 11s`,
      ],
    ],
    [
      'path: [azure-lb, { name: fw, idle-limit: 1s }]\ntargets: [windows, linux]',
      [
        `2:18 error linux cannot keep an idle limit of 1s (fw): ${FLOOR}; ${WHEEL}; the closest that it can keep is an idle limit of 3271ms (fw)`,
        `2:18 error windows cannot keep an idle limit of 1s (fw): ${FLOOR}; the closest that it can keep is an idle limit of 3001ms (fw)`,
      ],
    ],
    [
      'tolerate: 10\ndetect: 10min\ntargets: [windows, windows-xp]',
      [
        '2:11 error windows cannot keep tolerate: 10: it always sends 10 probes; the closest that it can keep is tolerate: 9',
        `2:11 error windows-xp cannot keep tolerate: 10: ${XP}; the closest that it can keep is tolerate: 4`,
      ],
    ],
    [
      'idle: 2min\ninterval: 10s\npath: [{ name: fw, idle-limit: 90s }]\ntargets: [windows]',
      [
        '4:8 error windows cannot keep an idle limit of 90s (fw) and idle: 2min together; the closest that it can keep is an idle limit of 140001ms (fw), or idle: 69999ms',
      ],
    ],
    [
      'detect: 1min\nidle: 50s\ninterval: 5s\ntargets: [windows]',
      [
        '2:9 error windows cannot keep detect: 1min and idle: 50s and interval: 5s together: it always sends 10 probes; the closest that it can keep is detect: 100s, or idle: 10s, or interval: 1s',
      ],
    ],
    [
      'path: [{ name: fw, idle-limit: 3s }]\ntargets: [linux]',
      [
        `2:8 error linux cannot keep an idle limit of 3s (fw) and tolerate: 2 (when left out) together: ${FLOOR}; ${WHEEL}; the closest that it can keep is an idle limit of 3271ms (fw), or tolerate: 1`,
      ],
    ],
    [
      'detect: 1min\noverrides: { linux: { idle: 100s } }\ntargets: [linux]',
      [
        `2:9 error linux cannot keep detect: 1min and idle: 100s together: the kit chooses no interval below 1s; ${WHEEL}; the closest that it can keep is detect: 108400ms, or idle: 51s`,
      ],
    ],
  ])('%j', (body, says) => {
    expect(said(body)).toEqual(says)
  })

  it.each<[body: string, says: string]>([
    ['path: [azure]\n', '2:8 error there is no middlebox "azure"; middleboxes: aws-'],
    ['path: [azur-lb]\n', '2:8 error there is no middlebox "azur-lb"; did you mean azure-lb? Middleboxes: '],
    ['path: []', '2:7 error the path cannot hold "[]": name at least one thing on it, or leave the line out'],
    ['path: azure-lb', '2:7 error path must be a list, such as [azure-lb], not text'],
    ['path: [{ name: fw }]', '2:8 error the path cannot hold "fw": its idle-limit is missing, or no time'],
    ['path: [{ idle-limit: 3s }]', '2:8 error the path cannot hold "name": it is missing, or no text'],
    [
      'path: [{ name: fw, idle-limit: 3s, x: 1 }]',
      '2:8 error the path cannot hold "x": it has a name and an idle-limit',
    ],
    ['path: [{ name: fw, idle-limit: 30 }]', '2:8 error idle-limit has no unit; write 30s for seconds'],
    ['path: [5]', '2:8 error the path cannot hold "5"'],
    ['detect: 30', '2:9 error detect has no unit; write 30s for seconds or 30ms for milliseconds'],
    ['detect: 0s', '2:9 error detect cannot be 0: nothing is noticed in no time'],
    ['detect: 60s\ntolerate: -1', '3:11 error tolerate cannot be "-1"; write a whole number from 0 on, such as 2'],
    ['tolerate: 2', '1:1 error idle is missing'],
  ])('a slip in %j', (body, says) => {
    expect(said(`${body}\ntargets: [linux]`)[0]).toContain(says)
  })
})
