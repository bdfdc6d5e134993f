import fc from 'fast-check'
import { timeline, type Timing, type Wire } from '../../src/core/stack.ts'
import { LINUX_STACK } from '../../src/targets/linux/stack.ts'
import { slack } from '../../src/targets/linux/timers.ts'
import type { Machine, Story } from './wires.ts'

/** The largest numbers of a profile, and the longest duration of a story; in seconds, probes as a count. */
export interface Range {
  readonly idle: number
  readonly interval: number
  readonly probes: number
  readonly longest: number
}

type Profile = Machine['profile']

/** `count` machines with different random profiles, and the stories of each; the same seed gives the same machines. */
export function machinesBy(seed: number, count: number, range: Range): readonly Machine[] {
  const upTo = (max: number) => fc.noBias(fc.integer({ min: 1, max }))
  const profile = fc.record({ idle: upTo(range.idle), interval: upTo(range.interval), probes: upTo(range.probes) })
  const machine = fc.tuple(profile, fc.array(fc.noBias(fc.nat(999)), { minLength: 40, maxLength: 40 }))
  const all = fc.uniqueArray(machine, {
    minLength: count,
    maxLength: count,
    selector: ([{ idle, interval, probes }]) => `${idle}/${interval}/${probes}`,
  })
  return fc
    .sample(all, { seed, numRuns: 1 })
    .flatMap((one) =>
      one.map(([its, chance], index) => ({ profile: its, stories: stories(its, chance, index, range) })),
    )
}

/** A profile in ms. */
export function timingOf({ idle, interval, probes }: Profile): Timing {
  return { idle: idle * 1_000, interval: interval * 1_000, probes }
}

function stories(profile: Profile, chance: readonly number[], index: number, range: Range): readonly Story[] {
  const { idle, probes } = profile
  const survived = chance.map((one) => one % probes)
  const asFits = (lost: readonly number[], end: Pick<Wire, 'vanishes'>, last: readonly number[] = []) =>
    lost.filter((_, at) => {
      const wire = { lost: [...lost.slice(0, at + 1), ...last], ...end }
      return length(profile, wire, () => 0) <= range.longest * 1_000
    })
  const before = asFits(survived.slice(0, 2), { vanishes: true })
  // The greeting must be over before the first probe, even on a busy machine.
  const greet = idle >= 3 && index % 2 === 0 ? 500 : 0
  const cable = index % 3 === 0 && idle >= 2
  const all: readonly Omit<Story, 'until'>[] = [
    { name: 'vanishes', lost: [], vanishes: true, cut: 'peer', greet: 0 },
    { name: 'vanishes later', lost: before, vanishes: true, cut: 'peer', greet },
    {
      name: 'loses all probes but one',
      lost: asFits([probes - 1, ...survived], { vanishes: false }),
      vanishes: false,
      cut: 'peer',
      greet,
    },
    { name: 'loses all probes once', lost: [...before, probes], vanishes: false, cut: 'peer', greet: 0 },
    ...(cable ? [{ name: 'cable is pulled', lost: [], vanishes: true, cut: 'cable', greet: 0 } as const] : []),
  ]
  return all.map((story) => ({ ...story, until: length(profile, story, slack) + 1_000 }))
}

function length(profile: Profile, wire: Wire, late: (ms: number) => number): number {
  return Array.from(timeline(timingOf(profile), LINUX_STACK, wire, late)).at(-1)?.latest ?? 0
}
