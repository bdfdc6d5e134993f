import { durationText } from '../../core/duration.ts'
import type { Timing } from '../../core/stack.ts'

export type { Timing }

/**
 * One line of a drawing. `old` is drawn dashed and hollow, `new` solid, so that colour is not needed to tell them
 * apart.
 */
export interface TimelineState {
  readonly kind: 'old' | 'new'
  /** A word or two, such as `before`. */
  readonly label: string
  readonly timing: Timing
}

/**
 * The data of a drawing. Places count from 0, the last data, to 1000, the right edge; all states share one time axis.
 *
 * The axis is to scale and has round ticks if each quiet time and each row of probes gets at least {@link MIN_PHASE} of
 * it. Otherwise (2 h of quiet and probes 1 s apart, or 2 h against 20 s) each stretch between two neighbouring events
 * gets the same width and a scale of its own, as in a data sheet, and the ticks are at the events.
 */
export interface Timeline {
  readonly toScale: boolean
  readonly ticks: readonly { readonly at: number; readonly label: string }[]
  /** The breaks of the axis: the middle of each stretch that is much more compressed than the finest one. */
  readonly breaks: readonly number[]
  readonly lines: readonly TimelineLine[]
}

/** The drawn parts of one state. */
export interface TimelineLine {
  readonly state: TimelineState
  readonly firstProbe: number
  /** The probes; `undefined` if they would be closer than {@link MIN_GAP}: a band is drawn in their place. */
  readonly probes: readonly number[] | undefined
  /** The drop; if the number of probes is not known, the end of the drawing. */
  readonly end: number
  readonly dropped: boolean
}

/** A narrower phase cannot be seen on a telephone. */
const MIN_PHASE = 50
/** Closer marks run together. */
const MIN_GAP = 8
/** The width of the drawing; the rest is for the mark of the drop. */
const WIDTH = 970
/** The probes drawn if their number is not known. */
const PROBES_DRAWN = 3
/** A stretch that is this many times more compressed than the finest is marked as broken. */
const MUCH = 3
/** The most steps of round ticks. */
const STEPS_SHOWN = 5

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DECADES = [1, 10, 100].flatMap((ten) => [ten, 2 * ten, 5 * ten])
const HOURS = Array.from({ length: 10 }, (_, power) => 10 ** power).flatMap((ten) => [ten, 2 * ten, 5 * ten])

/** Distances of round ticks, each with the unit of its multiples. */
const STEPS: readonly (readonly [step: number, unit: string, size: number])[] = [
  ...DECADES.map((step) => [step, 'ms', 1] as const),
  ...[1, 2, 5, 10, 15, 30].map((step) => [step * SECOND, 's', SECOND] as const),
  ...[1, 2, 5, 10, 15, 30].map((step) => [step * MINUTE, 'min', MINUTE] as const),
  ...HOURS.map((step) => [step * HOUR, 'h', HOUR] as const),
]

/** The time of the drop in ms since the last data; `undefined` if the number of probes is not known. */
export function dropTime({ idle, interval, probes }: Timing): number | undefined {
  return probes === undefined ? undefined : idle + probes * interval
}

/** Lays out a drawing of one state or more on one time axis. */
export function timeline(states: readonly TimelineState[]): Timeline {
  const ends = states.map(({ timing }) => drawnEnd(timing))
  const last = Math.max(...ends)
  const linear = (ms: number) => (last === 0 ? 0 : Math.round((ms / last) * WIDTH))
  const toScale = states.every(({ timing }, index) =>
    [timing.idle, (ends[index] as number) - timing.idle].every((ms) => ms === 0 || linear(ms) >= MIN_PHASE),
  )
  const happenings = [0, ...states.flatMap(({ timing }, index) => [timing.idle, ends[index] as number])]
  const times = [...new Set(happenings)].toSorted((a, b) => a - b)
  const place = toScale ? linear : (ms: number) => stretched(times, ms)
  const known = new Set([0, ...states.flatMap(({ timing }) => [timing.idle, dropTime(timing) ?? 0])])
  return {
    toScale,
    ticks: toScale
      ? roundTicks(last).map(({ ms, label }) => ({ at: place(ms), label }))
      : times.filter((ms) => known.has(ms)).map((ms) => ({ at: place(ms), label: ms === 0 ? '0' : durationText(ms) })),
    breaks: toScale ? [] : breaks(times),
    lines: states.map((state) => line(state, place)),
  }
}

function drawnEnd(timing: Timing): number {
  return dropTime(timing) ?? timing.idle + PROBES_DRAWN * timing.interval
}

/** Stretches of equal width; a time within a stretch is placed in proportion. */
function stretched(times: readonly number[], ms: number): number {
  const next = times.findIndex((time) => time >= ms)
  if (next <= 0) return 0
  const [from, to] = [times[next - 1] as number, times[next] as number]
  return Math.round(((next - 1 + (ms - from) / (to - from)) / (times.length - 1)) * WIDTH)
}

function breaks(times: readonly number[]): readonly number[] {
  const lengths = times.slice(1).map((time, index) => time - (times[index] as number))
  const finest = Math.min(...lengths)
  return lengths.flatMap((length, index) =>
    length > MUCH * finest ? [Math.round(((index + 0.5) / lengths.length) * WIDTH)] : [],
  )
}

function roundTicks(last: number): readonly { readonly ms: number; readonly label: string }[] {
  const found = STEPS.find(([step]) => last / step <= STEPS_SHOWN)
  if (found === undefined || last === 0) return [{ ms: 0, label: '0' }]
  const [step, unit, size] = found
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => ({
    ms: index * step,
    label: index === 0 ? '0' : `${(index * step) / size} ${unit}`,
  }))
}

function line(state: TimelineState, place: (ms: number) => number): TimelineLine {
  const { idle, interval, probes: count = PROBES_DRAWN } = state.timing
  const base = {
    state,
    firstProbe: place(idle),
    end: place(drawnEnd(state.timing)),
    dropped: state.timing.probes !== undefined,
  }
  if (count > WIDTH / MIN_GAP) return { ...base, probes: undefined }
  const at = Array.from({ length: count }, (_, index) => place(idle + index * interval))
  const crowded = [...at, base.end].some((one, index, all) => index > 0 && one - (all[index - 1] as number) < MIN_GAP)
  return { ...base, probes: crowded ? undefined : at }
}

/** The same facts as a sentence, for readers who do not see the drawing. */
export function timingSentence({ label, timing }: TimelineState): string {
  const { idle, interval, probes } = timing
  const begin = `${label}: the first probe is sent ${durationText(idle)} after the last data`
  const drop = dropTime(timing)
  return drop === undefined
    ? `${begin}, further probes ${durationText(interval)} apart; their number, and so the time of the drop, is not known.`
    : `${begin}, ${probesText(probes, interval)}; if none is answered, the connection is dropped ${durationText(drop)} after the last data.`
}

/** `10 probes, 1 s apart`. */
export function probesText(probes: number | undefined, interval: number): string {
  if (probes === undefined) return `probes ${durationText(interval)} apart, number not known`
  return probes === 1 ? `1 probe and ${durationText(interval)}` : `${probes} probes, ${durationText(interval)} apart`
}
