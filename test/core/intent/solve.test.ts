import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conflictOf } from '../../../src/core/intent/conflict.ts'
import { ASKED, type Ask } from '../../../src/core/intent/ask.ts'
import { solve } from '../../../src/core/intent/solve.ts'
import { inOwnUnit } from '../../../src/core/setting.ts'
import type { DurationSetting, Target } from '../../../src/core/target.ts'
import { TARGETS } from '../../../src/targets/index.ts'
import { bruteForce, type Answer, type Asked } from './brute-force.ts'
import { timesOf } from '../../support/depth.ts'

const find = (id: string): Target => TARGETS.get(id) as Target

describe('the numbers that are chosen', () => {
  it.each<[target: string, ask: Ask, wanted: readonly [idle: number, interval: number, probes: number | undefined]]>([
    ['windows', { detect: 60_000, tolerate: 2 }, [50_000, 1_000, 10]],
    ['windows-xp', { detect: 60_000, tolerate: 2 }, [55_000, 1_000, 5]],
    ['windows-ce', { detect: 60_000, tolerate: 2 }, [57_000, 1_000, undefined]],
    ['tcbsd', { detect: 60_000, tolerate: 2 }, [56_960, 1_000, 3]],
    ['linux', { detect: 60_000, tolerate: 2 }, [51_000, 1_000, 3]],
    ['linux', { detect: 60_000, tolerate: 4 }, [49_000, 1_000, 5]],
    ['windows', { path: 240_000, tolerate: 2 }, [237_999, 1_000, 10]],
    ['linux', { path: 240_000, tolerate: 2 }, [221_000, 1_000, 9]],
    ['windows', { path: 240_000, detect: 60_000, tolerate: 2 }, [50_000, 1_000, 10]],
    ['linux', { path: 240_000, tolerate: 2, interval: 30_000 }, [159_000, 30_000, 9]],
    ['linux', { detect: 60_000, tolerate: 2, idle: 20_000 }, [20_000, 11_000, 3]],
    ['linux', { detect: 60_000, tolerate: 2, idle: 20_000, probes: 9 }, [20_000, 3_000, 9]],
    ['windows', { detect: 60_000, tolerate: 2, idle: 20_000, interval: 4_000 }, [20_000, 4_000, 10]],
    ['windows', { detect: 11_000, tolerate: 2 }, [1_000, 1_000, 10]],
  ])('%s, asked for %j', (target, ask, [idle, interval, probes]) => {
    expect(solve(find(target), ask)).toEqual({ idle, interval, probes })
  })

  it.each<[target: string, ask: Ask]>([
    ['windows', { detect: 10_999, tolerate: 2 }],
    ['windows', { tolerate: 10, detect: 600_000 }],
    ['windows-xp', { tolerate: 5, path: 600_000 }],
    ['linux', { tolerate: 255, path: 600_000 }],
    ['linux', { path: 3 * 1_090, tolerate: 2 }],
    ['windows', { path: 1_000, tolerate: 0 }],
  ])('are none for %s, asked for %j', (target, ask) => {
    expect(solve(find(target), ask)).toBeUndefined()
  })
})

/** A target on whose grid a brute-force search comes to an end: the same rules, fewer values. */
function onGrid(target: Target, step: number, most: number): Target {
  const cut = (setting: DurationSetting): DurationSetting => {
    const own = (ms: number) => inOwnUnit(setting, ms)
    return { ...setting, range: { min: own(step), max: own(most) }, step: { ...setting.step, size: own(step) } }
  }
  const { idle, interval } = target.settings
  return { ...target, settings: { ...target.settings, idle: cut(idle), interval: cut(interval) } }
}

const grids = fc.constantFrom([1_000, 12_000], [1_000, 30_000], [2_000, 40_000], [500, 9_000])
/** Linux counts whole seconds. */
const gridFor = (target: Target, step: number) => (target.id === 'linux' ? Math.ceil(step / 1_000) * 1_000 : step)

const ms = (max: number) => fc.integer({ min: 1, max: max * 10 }).map((tenths) => tenths * 100)
const wishes = fc.record(
  {
    detect: fc.option(ms(90), { nil: undefined }),
    path: fc.option(ms(70), { nil: undefined }),
    idle: fc.option(
      fc.integer({ min: 1, max: 15 }).map((count) => count * 2_000),
      { nil: undefined, freq: 3 },
    ),
    interval: fc.option(
      fc.integer({ min: 1, max: 6 }).map((count) => count * 2_000),
      { nil: undefined, freq: 3 },
    ),
    probes: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 3 }),
    tolerate: fc.integer({ min: 0, max: 11 }),
  },
  { requiredKeys: ['tolerate'] },
)
const given = (ask: Ask): Asked => ({
  tolerate: 0,
  ...Object.fromEntries(ASKED.flatMap((key) => (ask[key] === undefined ? [] : [[key, ask[key]]]))),
})
const RUNS = timesOf(10_000, 1_000)

describe(`a search through all values finds nothing better, in ${RUNS} wishes`, () => {
  it.each([...TARGETS.keys()])(
    'of %s',
    (id) => {
      let [kept, refused] = [0, 0]
      fc.assert(
        fc.property(grids, wishes, ([step = 0, most = 0], ask) => {
          const size = gridFor(find(id), step)
          const target = onGrid(find(id), size, most)
          const own = target.settings.probes.kind === 'count' ? ask : { ...ask, probes: undefined }
          const wanted = bruteForce(target, given(own), size, most)
          const answer = solve(target, own)
          const known: Answer | undefined = answer && { ...answer, probes: answer.probes ?? ask.tolerate + 1 }
          expect(known).toEqual(wanted)
          if (answer === undefined) refused += 1
          else kept += 1
        }),
        { numRuns: RUNS, seed: 6 },
      )
      expect(Math.min(kept, refused)).toBeGreaterThan(RUNS / 20)
    },
    600_000,
  )
})

describe(`what contradicts each other is the smallest set, and what is named instead works, in ${RUNS} wishes`, () => {
  it.each([...TARGETS.keys()])(
    'of %s',
    (id) => {
      const target = find(id)
      let suggested = 0
      fc.assert(
        fc.property(wishes, (wish) => {
          const ask = target.settings.probes.kind === 'count' ? wish : { ...wish, probes: undefined }
          if (solve(target, ask) !== undefined) return
          const { between, nearest } = conflictOf(target, ask)
          const asked = ASKED.filter((key) => ask[key] !== undefined)
          const only = (keys: readonly string[]): Ask =>
            Object.fromEntries(asked.filter((key) => keys.includes(key)).map((key) => [key, ask[key]]))
          const solvable = (keys: readonly string[]) => solve(target, only(keys)) !== undefined
          expect(solvable(between)).toBe(false)
          for (let set = 0; set < 2 ** asked.length; set += 1) {
            const keys = asked.filter((_, index) => (set >> index) % 2 === 1)
            if (keys.length < between.length) expect([keys, solvable(keys)]).toEqual([keys, true])
          }
          for (const [key, value] of Object.entries(nearest)) {
            suggested += 1
            const all = solve(target, { ...ask, [key]: value }) !== undefined
            expect(all || solve(target, { ...only(between), [key]: value }) !== undefined).toBe(true)
            if (key === 'detect' || key === 'path')
              expect(solve(target, { ...(all ? ask : only(between)), [key]: value - 1 })).toBeUndefined()
            if (key === 'tolerate')
              expect(solve(target, { ...(all ? ask : only(between)), [key]: value + 1 })).toBeUndefined()
          }
        }),
        { numRuns: RUNS, seed: 7 },
      )
      expect(suggested).toBeGreaterThan(RUNS / 20)
    },
    600_000,
  )
})

describe('on the real ranges', () => {
  it.each([...TARGETS.values()].map((target) => [target.id, target] as const))(
    'the next longer idle of %s keeps no promise, nor does the next longer interval',
    (_, target) => {
      const step = (setting: DurationSetting) => setting.step.size * (setting.unit === 's' ? 1_000 : 1)
      const { idle, interval } = target.settings
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 10_000_000 }),
          fc.boolean(),
          fc.integer({ min: 0, max: 4 }),
          (time, isPath, tolerate) => {
            const ask: Ask = { [isPath ? 'path' : 'detect']: time, tolerate }
            const found = solve(target, ask)
            if (found === undefined) return
            expect(solve(target, { ...ask, idle: found.idle + step(idle) })).toBeUndefined()
            const longer = found.interval + step(interval)
            if (longer <= found.idle)
              expect(solve(target, { ...ask, idle: found.idle, interval: longer })).toBeUndefined()
          },
        ),
        { numRuns: 2_000 },
      )
    },
  )
})
