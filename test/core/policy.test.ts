import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import rows from '../../src/data/policies.json' with { type: 'json' }
import { conflicts, findPolicy, judge, POLICIES, POLICY_FIELDS, type Policy } from '../../src/core/policy.ts'
import type { Bounds } from '../../src/core/sourced.ts'
import type { Target } from '../../src/core/target.ts'
import { check } from '../../src/source/check.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { profileText, type TestProfile } from '../support/build.ts'
import { NAME, SOURCED, TIME_BOUNDS } from '../support/sourced.ts'

const COUNT = z.int().min(1)
const RULE = z
  .strictObject({
    targets: z.array(z.enum([...TARGETS.keys()])).min(1),
    idle: TIME_BOUNDS.optional(),
    interval: TIME_BOUNDS.optional(),
    probes: z.strictObject({ least: COUNT.optional(), most: COUNT.optional() }).optional(),
    ...SOURCED,
  })
  .refine((rule) => POLICY_FIELDS.some((field) => rule[field] !== undefined), 'wants nothing')
const ROW = z.strictObject({ name: NAME, title: z.string().min(3), rules: z.array(RULE).min(1) })

const target = (id: string) => TARGETS.get(id) as Target
const policy = (name: string) => POLICIES.get(name) as Policy

/** A profile resolved for a target. */
function resolved(id: string, profile: TestProfile) {
  const { checked, diagnostics } = check(TARGETS, [{ file: 'p.yaml', source: Buffer.from(profileText(profile)) }], {
    targets: [id],
    strict: false,
  })
  const [one] = checked.flatMap((read) => read.resolved)
  if (one === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return one
}

/** A policy of the test's own, for one target. */
const own = (name: string, id: string, wants: Policy['rules'][number]['wants']): Policy => ({
  name,
  title: name,
  rules: [{ targets: [id], wants, source: { title: 'test', url: 'https://example.org/' }, read: '2026-11-25' }],
})

describe('every policy', () => {
  it.each(rows)('$name is a row with values, sources and dates', (row) => {
    expect(ROW.safeParse(row).error?.issues).toBeUndefined()
  })

  it.each([...POLICIES.values()])(
    '$name has one rule at most for a target, about settings that the target has',
    ({ rules }) => {
      const targets = rules.flatMap((rule) => rule.targets)
      expect(targets).toEqual([...new Set(targets)])
      const without = rules.flatMap(({ targets: ids, wants }) =>
        ids.filter((id) => wants.probes !== undefined && target(id).settings.probes.kind === 'unsupported'),
      )
      expect(without).toEqual([])
    },
  )

  it.each([...POLICIES.values()])('$name wants values that its targets can hold', (one) => {
    for (const { targets, wants } of one.rules)
      for (const side of ['least', 'most'] as const) {
        const { idle, interval, probes } = wants
        const values = Object.entries({ idle: idle?.[side], interval: interval?.[side], probes: probes?.[side] })
        const profile = Object.fromEntries(values.filter(([, value]) => value !== undefined))
        for (const id of targets)
          if (idle?.[side] !== undefined) expect(judge(one, resolved(id, profile)).verdict).toBe('passes')
      }
  })

  it('has a name of its own, in the order of names', () => {
    const names = rows.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)].toSorted())
  })
})

const MIN = 60_000
type Numbers = readonly [idle: number, interval: number, probes?: number]

describe('a profile judged by a policy', () => {
  it.each<[string, string, Numbers, string]>([
    ['cis', 'windows', [5 * MIN, 1_000], 'passes'],
    ['cis', 'windows', [5 * MIN - 1, 1_000], 'fails'],
    ['cis', 'windows', [5 * MIN + 1, 1_000], 'fails'],
    ['cis', 'linux', [5 * MIN, 1_000], 'silent'],
    ['cis', 'windows-ce', [5 * MIN, 1_000], 'silent'],
    ['stig', 'windows', [5 * MIN, 1_000], 'passes'],
    ['stig', 'windows', [1, 1_000], 'passes'],
    ['stig', 'windows', [5 * MIN + 1, 1_000], 'fails'],
    ['stig', 'windows-xp', [5 * MIN + 1, 1_000], 'fails'],
    ['exchange', 'windows', [15 * MIN - 1, 1_000], 'fails'],
    ['exchange', 'windows', [15 * MIN, 1_000], 'passes'],
    ['exchange', 'windows', [30 * MIN, 1_000], 'passes'],
    ['exchange', 'windows', [30 * MIN + 1, 1_000], 'fails'],
    ['sap', 'windows', [5 * MIN, 75_000], 'passes'],
    ['sap', 'windows', [5 * MIN, 1_000], 'fails'],
    ['sap', 'linux', [5 * MIN, 75_000, 9], 'passes'],
    ['sap', 'linux', [5 * MIN, 75_000, 8], 'fails'],
    // Nothing set is 9 on Linux.
    ['sap', 'linux', [5 * MIN, 75_000], 'passes'],
    ['google-cloud', 'linux', [MIN, MIN, 5], 'passes'],
    ['google-cloud', 'linux', [MIN, MIN], 'fails'],
    ['google-cloud', 'windows', [MIN, MIN], 'silent'],
    ['beckhoff', 'windows', [20_000, 5_000], 'passes'],
    ['beckhoff', 'windows-xp', [20_000, 5_000], 'passes'],
    ['beckhoff', 'windows-ce', [20_000, 5_000], 'passes'],
    ['beckhoff', 'tcbsd', [20_000, 5_000], 'fails'],
    ['beckhoff', 'tcbsd', [4_000, 4_000], 'passes'],
    ['beckhoff', 'linux', [20_000, 5_000], 'silent'],
  ])('%s on %s with %j: %s', (name, id, [idle, interval, probes], verdict) => {
    const profile = { idle, interval, ...(probes === undefined ? {} : { probes }) }
    expect(judge(policy(name), resolved(id, profile))).toMatchObject({ policy: name, target: id, verdict })
  })

  it('names for each number the wanted values, those of the profile, and the nearest that passes', () => {
    const judgement = judge(policy('sap'), resolved('linux', { idle: 7_200_000, interval: 75_000, probes: 3 }))
    expect(judgement).toEqual({
      policy: 'sap',
      title: 'SAP Note 1410736, recommended for application servers',
      target: 'linux',
      verdict: 'fails',
      source: policy('sap').rules[1]?.source,
      checks: [
        {
          field: 'idle',
          key: 'net.ipv4.tcp_keepalive_time',
          wanted: '300 s (5 min)',
          found: '7200 s (2 h)',
          passes: false,
          instead: '5min',
        },
        {
          field: 'interval',
          key: 'net.ipv4.tcp_keepalive_intvl',
          wanted: '75 s',
          found: '75 s',
          passes: true,
          instead: '75s',
        },
        {
          field: 'probes',
          key: 'net.ipv4.tcp_keepalive_probes',
          wanted: '9 probes',
          found: '3 probes',
          passes: false,
          instead: '9',
        },
      ],
    })
  })

  it.each<[Bounds, number, boolean, string, string]>([
    [{ least: 10_000 }, 9_999, false, 'at least 10000 ms (10 s)', '10s'],
    [{ least: 10_000 }, 10_000, true, 'at least 10000 ms (10 s)', '10s'],
    [{ most: 10_000 }, 10_000, true, 'at most 10000 ms (10 s)', '10s'],
    [{ most: 10_000 }, 10_001, false, 'at most 10000 ms (10 s)', '10s'],
    [{ least: 5_000, most: 10_000 }, 7_500, true, '5000 to 10000 ms (5 s to 10 s)', '7500ms'],
    [{ least: 5_000, most: 10_000 }, 4_000, false, '5000 to 10000 ms (5 s to 10 s)', '5s'],
    [{ least: 250, most: 250 }, 300, false, '250 ms', '250ms'],
  ])('wants %j of idle: %i ms, passes %s', (bounds, idle, passes, wanted, instead) => {
    const { checks } = judge(own('own', 'windows', { idle: bounds }), resolved('windows', { idle }))
    expect(checks).toMatchObject([{ key: 'KeepAliveTime', wanted, passes, instead }])
  })
})

describe('policies that contradict each other', () => {
  const all = [...TARGETS.values()]

  it('are named by target and field, with the bounds of each', () => {
    expect(conflicts([policy('cis'), policy('exchange')], all)).toEqual([
      {
        target: 'windows',
        field: 'idle',
        policies: ['cis', 'exchange'],
        wanted: ['300000 ms (5 min)', '900000 to 1800000 ms (15 min to 30 min)'],
      },
    ])
  })

  it.each<[readonly string[], readonly string[]]>([
    [['cis'], []],
    [['cis', 'stig'], []],
    [['cis', 'sap'], []],
    [['stig', 'exchange'], ['windows idle stig exchange']],
    [['exchange', 'stig'], ['windows idle exchange stig']],
    [['sap', 'google-cloud'], ['interval', 'idle', 'probes'].map((field) => `linux ${field} sap google-cloud`)],
    [
      ['sap', 'beckhoff', 'cis'],
      ['windows idle sap beckhoff', 'windows idle beckhoff cis', 'windows interval sap beckhoff'],
    ],
  ])('%j: %j', (names, wanted) => {
    const found = conflicts(names.map(policy), all).map((one) => [one.target, one.field, ...one.policies].join(' '))
    expect(found.toSorted()).toEqual(wanted.toSorted())
  })

  it('are not reported for a target outside the profile', () => {
    expect(conflicts([policy('cis'), policy('exchange')], [target('linux'), target('windows-xp')])).toEqual([])
  })

  it('do not include bounds that touch, and include bounds that miss by one', () => {
    const a = own('a', 'windows', { idle: { most: 1_000 } })
    expect(conflicts([a, own('b', 'windows', { idle: { least: 1_000 } })], all)).toEqual([])
    expect(conflicts([a, own('b', 'windows', { idle: { least: 1_001 } })], all)).toHaveLength(1)
    expect(conflicts([a, own('b', 'windows', { interval: { least: 1_001 } })], all)).toEqual([])
  })

  it('are exactly the pairs that no number satisfies', () => {
    const policies = [...POLICIES.values()]
    const wantsOf = ({ rules }: Policy, id: string, field: (typeof POLICY_FIELDS)[number]) =>
      rules.find(({ targets }) => targets.includes(id))?.wants[field]
    const fits = (value: number, bounds: Bounds | undefined) =>
      value >= (bounds?.least ?? 1) && value <= (bounds?.most ?? Number.MAX_SAFE_INTEGER)
    // Where two ranges meet at all, they meet at an end of one of them.
    const ends = (bounds: Bounds | undefined) => [bounds?.least ?? 1, bounds?.most ?? Number.MAX_SAFE_INTEGER]
    const wanted = all.flatMap(({ id }) =>
      POLICY_FIELDS.flatMap((field) =>
        policies.flatMap((one, index) =>
          policies.slice(index + 1).flatMap((other) => {
            const [a, b] = [wantsOf(one, id, field), wantsOf(other, id, field)]
            const possible = [...ends(a), ...ends(b)].some((value) => fits(value, a) && fits(value, b))
            return possible ? [] : [`${id} ${field} ${one.name} ${other.name}`]
          }),
        ),
      ),
    )
    const found = conflicts(policies, all).map((one) => [one.target, one.field, ...one.policies].join(' '))
    expect(found).toEqual(wanted)
    expect(found.length).toBeGreaterThan(5)
  })
})

describe('a policy that the kit does not know', () => {
  it.each(['ciss', 'CIS', '', 'constructor'])('%j is not a name of one', (name) => {
    expect(findPolicy(name)).toBeUndefined()
  })
})
