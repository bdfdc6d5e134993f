import { describe, expect, it } from 'vitest'
import { dropTime, probesText, timeline, timingSentence, type Timing } from '../../src/review/page/timeline.ts'

const before = (timing: Timing) => ({ kind: 'old', label: 'before', timing }) as const
const after = (timing: Timing) => ({ kind: 'new', label: 'after', timing }) as const
const labels = (...timings: readonly Timing[]) => timeline(timings.map(after)).ticks.map(({ label }) => label)

describe('the drop', () => {
  it.each([
    [{ idle: 20_000, interval: 5_000, probes: 10 }, 70_000],
    [{ idle: 20_000, interval: 5_000, probes: 1 }, 25_000],
    [{ idle: 20_000, interval: 5_000 }, undefined],
  ])('with %j is %s ms after the last data', (timing, wanted) => {
    expect(dropTime(timing)).toBe(wanted)
  })
})

describe('a timeline', () => {
  it('has each probe at its time: the first after the idle time, the drop one interval after the last', () => {
    const [line] = timeline([after({ idle: 50_000, interval: 10_000, probes: 5 })]).lines
    expect(line).toMatchObject({ firstProbe: 485, probes: [485, 582, 679, 776, 873], end: 970, dropped: true })
  })

  it('has one axis for both states', () => {
    const { toScale, lines } = timeline([
      before({ idle: 60_000, interval: 10_000, probes: 4 }),
      after({ idle: 30_000, interval: 5_000, probes: 4 }),
    ])
    expect(toScale).toBe(true)
    expect(lines.map(({ firstProbe, end }) => [firstProbe, end])).toEqual([
      [582, 970],
      [291, 485],
    ])
  })

  it.each([
    ['milliseconds', { idle: 300, interval: 100, probes: 4 }, ['0', '200 ms', '400 ms', '600 ms']],
    ['seconds', { idle: 20_000, interval: 5_000, probes: 10 }, ['0', '15 s', '30 s', '45 s', '60 s']],
    ['minutes', { idle: 240_000, interval: 60_000, probes: 3 }, ['0', '2 min', '4 min', '6 min']],
    ['minutes beyond an hour', { idle: 3_600_000, interval: 600_000, probes: 3 }, ['0', '30 min', '60 min', '90 min']],
    ['hours', { idle: 7_200_000, interval: 3_600_000, probes: 9 }, ['0', '5 h', '10 h']],
    [
      'years',
      { idle: 4_294_967_295, interval: 4_294_967_295, probes: 3 },
      ['0', '1000 h', '2000 h', '3000 h', '4000 h'],
    ],
  ])('to scale has round ticks in one unit: %s', (_unit, timing, wanted) => {
    expect(labels(timing)).toEqual(wanted)
  })

  it.each([
    ['2 h of quiet, probes 1 s apart', [{ idle: 7_200_000, interval: 1_000, probes: 10 }], ['0', '2 h', '2 h 10 s'], 1],
    [
      '2 h against 20 s',
      [
        { idle: 7_200_000, interval: 1_000, probes: 10 },
        { idle: 20_000, interval: 5_000, probes: 10 },
      ],
      ['0', '20 s', '70 s', '2 h', '2 h 10 s'],
      2,
    ],
    ['1 s of quiet, probes 2 h apart', [{ idle: 1_000, interval: 7_200_000, probes: 9 }], ['0', '1 s', '18 h 1 s'], 1],
    ['an unknown number of probes', [{ idle: 7_200_000, interval: 1_000 }], ['0', '2 h'], 1],
  ] as const)('not to scale has ticks at the times themselves: %s', (_what, timings, wanted, breaks) => {
    const drawn = timeline(timings.map(after))
    expect(drawn.toScale).toBe(false)
    expect(drawn.ticks.map(({ label }) => label)).toEqual(wanted)
    expect(drawn.breaks).toHaveLength(breaks)
  })

  it('gives each stretch between two times the same width, and keeps their order', () => {
    const { ticks, lines } = timeline([
      before({ idle: 7_200_000, interval: 1_000, probes: 10 }),
      after({ idle: 20_000, interval: 5_000, probes: 10 }),
    ])
    expect(ticks.map(({ at }) => at)).toEqual([0, 243, 485, 728, 970])
    expect(lines[1]?.probes).toEqual([243, 267, 291, 315, 340, 364, 388, 412, 437, 461])
  })

  it.each([
    [9, true],
    [50, true],
    [255, false],
    [4_294_967_295, false],
  ])('draws %i probes one by one: %s, otherwise as a band', (probes, oneByOne) => {
    const [line] = timeline([after({ idle: 1_000, interval: 1_000, probes })]).lines
    expect(line?.probes !== undefined).toBe(oneByOne)
  })

  it('continues after three probes if their number is unknown', () => {
    const [line] = timeline([after({ idle: 20_000, interval: 10_000 })]).lines
    expect(line).toMatchObject({ probes: [388, 582, 776], end: 970, dropped: false })
  })

  it.each([
    { idle: 0, interval: 0, probes: 0 },
    { idle: 0, interval: 0, probes: 10 },
    { idle: 0, interval: 1_000, probes: 10 },
    { idle: 1_000, interval: 0, probes: 10 },
    { idle: 1_000, interval: 1_000, probes: 0 },
    { idle: 0, interval: 0 },
  ])('is finite and in order for values of machines that no profile may have: %j', (timing) => {
    const { ticks, lines } = timeline([after(timing)])
    const places = [
      ...ticks.map(({ at }) => at),
      ...lines.flatMap((line) => [line.firstProbe, ...(line.probes ?? []), line.end]),
    ]
    expect(places.every((at) => Number.isInteger(at) && at >= 0 && at <= 1_000)).toBe(true)
    expect(lines.every(({ firstProbe, end }) => firstProbe <= end)).toBe(true)
  })
})

describe('a timing in words', () => {
  it.each([
    [
      { idle: 300_000, interval: 1_000, probes: 10 },
      'after: the first probe is sent 5 min after the last data, 10 probes, 1 s apart; if none is answered, the connection is dropped 5 min 10 s after the last data.',
    ],
    [
      { idle: 300_000, interval: 1_000 },
      'after: the first probe is sent 5 min after the last data, further probes 1 s apart; their number, and so the time of the drop, is not known.',
    ],
  ])('describes %j', (timing, wanted) => {
    expect(timingSentence(after(timing))).toBe(wanted)
  })

  it.each([
    [10, '10 probes, 5 s apart'],
    [1, '1 probe and 5 s'],
    [undefined, 'probes 5 s apart, number not known'],
  ])('names %s probes', (probes, wanted) => {
    expect(probesText(probes, 5_000)).toBe(wanted)
  })
})
