import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slack, LINUX_HZ } from '../../src/targets/linux/timers.ts'
import {
  healthy,
  longestDetection,
  longestSilence,
  timeline,
  vanished,
  type ProbeEvent,
  type Stack,
  type Timing,
  type Wire,
} from '../../src/core/stack.ts'
import { LINUX_STACK } from '../../src/targets/linux/stack.ts'
import { FREEBSD_STACK } from '../../src/targets/tcbsd/stack.ts'
import { WINDOWS_STACK } from '../../src/targets/windows/stack.ts'

/** `probe 20 25 dropped 30`: what happens, with times in seconds. */
function told(happenings: Iterable<ProbeEvent>): string {
  let kind = ''
  const words = Array.from(happenings, (one) => {
    const said = one.kind === kind ? `${one.at / 1_000}` : `${one.kind} ${one.at / 1_000}`
    kind = one.kind
    return said
  })
  return words.join(' ')
}
const seconds = (idle: number, interval: number, probes?: number): Timing => ({
  idle: idle * 1_000,
  interval: interval * 1_000,
  probes,
})

describe('a peer that vanished after its last sign of life', () => {
  it.each<[system: string, stack: Stack, timing: Timing, wanted: string]>([
    ['Linux', LINUX_STACK, seconds(3, 1, 4), 'probe 3 4 5 6 dropped 7'],
    ['Linux with one probe', LINUX_STACK, seconds(5, 2, 1), 'probe 5 dropped 7'],
    ['Linux, interval above idle', LINUX_STACK, seconds(1, 3, 2), 'probe 1 4 dropped 7'],
    ['TC/BSD with its own probes', FREEBSD_STACK, seconds(4, 4, 8), 'probe 4 8 12 16 20 24 28 32 dropped 36'],
    ['Windows 10', WINDOWS_STACK, seconds(20, 5, 10), 'probe 20 25 30 35 40 45 50 55 60 65 dropped 70'],
    ['Windows XP', WINDOWS_STACK, seconds(20, 5, 5), 'probe 20 25 30 35 40 dropped 45'],
    ['Windows, unset', WINDOWS_STACK, seconds(7_200, 1, 2), 'probe 7200 7201 dropped 7202'],
  ])('is probed and given up by %s', (_, stack, timing, wanted) => {
    expect(told(vanished(timing, stack))).toBe(wanted)
  })

  it('is probed without end if the number of probes is not known, and no detection time is given', () => {
    const happenings = vanished(seconds(20, 5), WINDOWS_STACK)
    expect(told(Array.from({ length: 30 }, () => happenings.next().value as ProbeEvent))).toMatch(
      /^probe 20 25 30 [0-9 ]*165$/,
    )
    expect(longestDetection(seconds(20, 5), WINDOWS_STACK)).toBeUndefined()
  })

  it('costs nothing to ask about, however many probes there are', () => {
    const [first] = vanished({ idle: 10, interval: 10, probes: 2 ** 31 - 1 }, FREEBSD_STACK)
    expect(first).toEqual({ kind: 'probe', at: 10, latest: 10 })
  })
})

describe('a healthy connection', () => {
  it.each<[what: string, stack: Stack, timing: Timing, lost: readonly number[], wanted: string]>([
    ['is probed after idle', LINUX_STACK, seconds(5, 2, 3), [0, 0], 'probe 5 answer 5 probe 10 answer 10'],
    [
      'outlives as many lost probes as one less than there are',
      LINUX_STACK,
      seconds(5, 2, 3),
      [2, 0],
      'probe 5 7 9 answer 9 probe 14 answer 14',
    ],
    ['is dropped when all are lost', LINUX_STACK, seconds(5, 2, 3), [3, 0], 'probe 5 7 9 dropped 11'],
    [
      'is dropped later when the last answer is later',
      LINUX_STACK,
      seconds(5, 2, 3),
      [1, 4],
      'probe 5 7 answer 7 probe 12 14 16 dropped 18',
    ],
    [
      'with one probe has no loss to spare',
      LINUX_STACK,
      seconds(5, 2, 1),
      [0, 1, 0],
      'probe 5 answer 5 probe 10 dropped 12',
    ],
    [
      'is probed each interval where that is above idle, as the timer is armed already',
      LINUX_STACK,
      seconds(1, 3, 2),
      [0, 1, 0],
      'probe 1 answer 1 probe 4 7 answer 7 probe 10 answer 10',
    ],
    ['of TC/BSD is probed likewise', FREEBSD_STACK, seconds(1, 3, 2), [0, 2], 'probe 1 answer 1 probe 4 7 dropped 10'],
    [
      'of Windows is probed idle after each answer, whatever the interval is',
      WINDOWS_STACK,
      seconds(1, 3, 10),
      [0, 1, 0],
      'probe 1 answer 1 probe 2 5 answer 5 probe 6 answer 6',
    ],
    ['where interval is idle', LINUX_STACK, seconds(4, 4, 8), [0, 1], 'probe 4 answer 4 probe 8 12 answer 12'],
    ['nothing is asked of', LINUX_STACK, seconds(4, 4, 8), [], ''],
  ])('%s', (_, stack, timing, lost, wanted) => {
    expect(told(healthy(timing, stack, lost))).toBe(wanted)
  })

  it('whose peer then vanishes is dropped as if the last answer were the last sign of life', () => {
    const wire: Wire = { lost: [0, 1], vanishes: true }
    expect(told(timeline(seconds(5, 2, 2), LINUX_STACK, wire))).toBe(
      'probe 5 answer 5 probe 10 12 answer 12 probe 17 19 dropped 21',
    )
  })
})

describe('the worst case', () => {
  it.each<[stack: Stack, timing: Timing, lost: number, silence: number | undefined, detection: number]>([
    [LINUX_STACK, seconds(60, 10, 5), 0, 60, 110],
    [LINUX_STACK, seconds(60, 10, 5), 2, 80, 110],
    [LINUX_STACK, seconds(60, 10, 5), 4, 100, 110],
    [LINUX_STACK, seconds(60, 10, 5), 5, undefined, 110],
    // The interval of Linux above idle: 75 s pass before a probe, not 60 s.
    [LINUX_STACK, seconds(60, 75, 9), 0, 75, 750],
    [FREEBSD_STACK, seconds(60, 75, 8), 1, 150, 675],
    [WINDOWS_STACK, seconds(60, 75, 10), 1, 135, 810],
  ])('%o %o with %i lost', (stack, timing, lost, silence, detection) => {
    const inSeconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1_000)
    expect(inSeconds(longestSilence(timing, stack, lost))).toBe(silence)
    expect(inSeconds(longestDetection(timing, stack))).toBe(detection)
  })
})

describe('the lateness of Linux timers', () => {
  // Slots of the timer wheel as the comment in kernel/time/timer.c lists them, and one tick.
  it.each([
    [250, 200, 4 + 4],
    [250, 244, 4 + 4],
    [250, 248, 32 + 4],
    [250, 1_000, 32 + 4],
    [250, 2_000, 32 + 4],
    [250, 2_048, 256 + 4],
    [250, 16_000, 256 + 4],
    [250, 20_000, 2_048 + 4],
    [1_000, 3_000, 64 + 1],
    [1_000, 5_000, 512 + 1],
    [100, 5_000, 80 + 10],
    [100, 7_200_000, 327_680 + 10],
  ])('at %i Hz, asked for %i ms: %i ms', (hz, ms, wanted) => {
    expect(slack(ms, hz)).toBe(wanted)
  })

  it('is at most 8/63 of the time and two ticks, and the maximum over all clocks if the clock is not known', () => {
    const times = fc.integer({ min: 1, max: 2_147_483_000 })
    fc.assert(
      fc.property(times, fc.constantFrom(...LINUX_HZ), (ms, hz) => {
        const tick = 1_000 / hz
        expect(slack(ms, hz)).toBeLessThanOrEqual(((ms + 2 * tick) * 8) / 63 + 2 * tick)
        expect(slack(ms)).toBeGreaterThanOrEqual(slack(ms, hz))
      }),
    )
  })

  it('adds up along a connection', () => {
    const at250 = (ms: number) => slack(ms, 250)
    const wire: Wire = { lost: [1, 0], vanishes: true }
    const latest = Array.from(timeline(seconds(3, 1, 2), LINUX_STACK, wire, at250), (one) => one.latest - one.at)
    // 3 s: 260; 1 s: 36; after an answer 1 s and what is left, 2 s: 36 at the most.
    expect(latest).toEqual([260, 296, 296, 332, 332, 368, 404, 440])
  })
})

describe('for any settings', () => {
  const timings = fc.record({
    idle: fc.integer({ min: 1, max: 100_000 }),
    interval: fc.integer({ min: 1, max: 100_000 }),
    probes: fc.integer({ min: 1, max: 20 }),
  })
  const stacks = fc.constantFrom(LINUX_STACK, FREEBSD_STACK, WINDOWS_STACK)
  const losses = fc.array(fc.integer({ min: 0, max: 25 }), { maxLength: 8 })
  const wires: fc.Arbitrary<Wire> = fc.record({ lost: losses, vanishes: fc.boolean() })

  it('a peer that vanished gets all probes and is dropped after idle and probes x interval', () => {
    fc.assert(
      fc.property(timings, stacks, (timing, stack) => {
        const all = [...vanished(timing, stack)]
        expect(all.filter(({ kind }) => kind === 'probe')).toHaveLength(timing.probes)
        expect(all.at(-1)).toMatchObject({ kind: 'dropped', at: timing.idle + timing.probes * timing.interval })
      }),
    )
  })

  it('a healthy connection is dropped exactly when as many probes in a row are lost as there are', () => {
    fc.assert(
      fc.property(timings, stacks, losses, (timing, stack, lost) => {
        const all = [...healthy(timing, stack, lost)]
        const fatal = lost.findIndex((count) => count >= timing.probes)
        expect(all.at(-1)?.kind === 'dropped').toBe(fatal >= 0)
        expect(all.filter(({ kind }) => kind === 'answer')).toHaveLength(fatal < 0 ? lost.length : fatal)
      }),
    )
  })

  // The steps of the two kernels when their one timer fires; each decides otherwise when it is over.
  const over = {
    [LINUX_STACK.name]: ({ sent, probes }: Fired) => sent >= probes,
    [FREEBSD_STACK.name]: ({ quiet, idle, interval, probes }: Fired) => quiet >= idle + probes * interval,
  }
  interface Fired extends Timing {
    readonly probes: number
    readonly sent: number
    readonly quiet: number
  }
  function fired(timing: Timing & { probes: number }, isOver: (fired: Fired) => boolean, wire: Wire): string {
    const lost = wire.vanishes ? [...wire.lost, Infinity] : [...wire.lost]
    const said: ProbeEvent[] = []
    let [now, life, sent, timer] = [0, 0, 0, timing.idle]
    while (lost.length > 0) {
      now += timer
      const quiet = now - life
      timer = timing.idle - quiet
      if (timer > 0) continue
      if (isOver({ ...timing, sent, quiet })) return told([...said, { kind: 'dropped', at: now, latest: now }])
      said.push({ kind: 'probe', at: now, latest: now })
      sent++
      timer = timing.interval
      if (sent <= (lost[0] as number)) continue
      said.push({ kind: 'answer', at: now, latest: now })
      lost.shift()
      ;[life, sent] = [now, 0]
    }
    return told(said)
  }
  it.each([LINUX_STACK, FREEBSD_STACK])('the timer of $name, fired step by step, says the same', (stack) => {
    fc.assert(
      fc.property(timings, wires, (timing, wire) => {
        const step = fired(timing, over[stack.name] as (fired: Fired) => boolean, wire)
        expect(told(timeline(timing, stack, wire))).toBe(step)
      }),
      { numRuns: 1_000 },
    )
  })

  it('time does not run backwards, and nothing follows the drop', () => {
    fc.assert(
      fc.property(timings, stacks, wires, (timing, stack, wire) => {
        const all = [...timeline(timing, stack, wire, slack)]
        for (const [index, { at, latest }] of all.entries()) {
          expect(latest).toBeGreaterThanOrEqual(at)
          expect(at).toBeGreaterThanOrEqual(all[index - 1]?.at ?? 0)
        }
        expect(all.slice(0, -1).every(({ kind }) => kind !== 'dropped')).toBe(true)
      }),
    )
  })

  it('no silence is longer and no drop later than the longest', () => {
    fc.assert(
      fc.property(timings, stacks, wires, (timing, stack, wire) => {
        const all = [...timeline(timing, stack, wire)]
        const lives = [0, ...all.filter(({ kind }) => kind === 'answer').map(({ at }) => at)]
        const most = Math.max(0, ...wire.lost.filter((count) => count < timing.probes))
        const silence = longestSilence(timing, stack, most) ?? 0
        for (const [index, at] of lives.entries()) expect(at - (lives[index - 1] ?? 0)).toBeLessThanOrEqual(silence)
        const end = all.at(-1)
        if (end?.kind === 'dropped')
          expect(end.at - (lives.at(-1) as number)).toBeLessThanOrEqual(longestDetection(timing, stack) as number)
      }),
    )
  })

  it('the longest silence and the longest detection do happen', () => {
    fc.assert(
      fc.property(timings, stacks, fc.nat(19), (timing, stack, lost) => {
        const silence = longestSilence(timing, stack, lost)
        const lives = [...healthy(timing, stack, [0, lost])].filter(({ kind }) => kind === 'answer')
        expect(silence).toBe(lives.length === 2 ? (lives[1]?.at ?? 0) - (lives[0]?.at ?? 0) : undefined)
        const [, answer, ...rest] = [...timeline(timing, stack, { lost: [0], vanishes: true })]
        expect((rest.at(-1)?.at ?? 0) - (answer?.at ?? 0)).toBe(longestDetection(timing, stack))
      }),
    )
  })
})
