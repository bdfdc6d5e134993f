import { durationText } from './duration.ts'
import { hasIntent } from './intent/ask.ts'
import { noticedAtLatest, silentAtMost } from './intent/solve.ts'
import { MIDDLEBOXES } from './middlebox.ts'
import type { Profile } from './profile.ts'
import { probeCount } from './resolve.ts'
import { longestSilence, vanished } from './stack.ts'
import type { Source } from './sourced.ts'
import type { Resolved } from './target.ts'

/** The consequences of the numbers on one target, for people. Times in ms. */
export interface Implications {
  /** Fields whose values the kit chose. */
  readonly chosen: readonly string[]
  /** When probes go out to a peer that vanished: the first ones, as many as fit a line. */
  readonly firstProbesMs: readonly number[]
  /** The number of probes; `null` if it is not known. */
  readonly probes: number | null
  /** When the last of them goes out. */
  readonly lastProbeMs: number | null
  /** The detection time if every timer of the system is as late as it may be. */
  readonly detectionAtLatestMs: number | null
  /** Why timers may be late. */
  readonly timers: string
  /** Probes and answers a day on a healthy connection without other traffic. */
  readonly packetsPerDay: number
  /** Devices on the path that forget the connection before a probe comes: those of the profile, else all that the kit knows. */
  readonly forgottenBy: readonly Forgetful[]
  /** Devices on the profile's path that remember it. */
  readonly rememberedBy: readonly Forgetful[]
  /** Sockets that the numbers do not affect, a sentence each. */
  readonly limitations: readonly string[]
  /** Sources for the system's timers and probes, the sockets it affects, and when values take effect. */
  readonly sources: readonly Source[]
}

/** A device that forgets a connection after a time without a packet. */
export interface Forgetful {
  readonly name: string
  readonly limitMs: number
}

/** The number of probes that are named one by one. */
const NAMED = 3
const DAY = 86_400_000

/** The consequences of a resolved profile's values on its target. */
export function implications({ intent }: Profile, { target, values, chosen }: Resolved): Implications {
  const { idle, interval } = values
  const probes = probeCount(target, values)
  const timing = { idle, interval, probes }
  const lost = hasIntent(intent) ? (intent.tolerate ?? 0) : 0
  const silence = silentAtMost(target, timing, lost)
  const onPath = intent.path.map(({ name, limit }) => ({ name, limitMs: limit }))
  const known = [...MIDDLEBOXES.values()].map(({ name, idleLimit }) => ({ name, limitMs: idleLimit }))
  const probed = take(vanished(timing, target.stack), Math.min(NAMED, probes ?? NAMED))
  return {
    chosen,
    firstProbesMs: probed,
    probes: probes ?? null,
    lastProbeMs: probes === undefined ? null : idle + (probes - 1) * interval,
    detectionAtLatestMs: probes === undefined ? null : noticedAtLatest(target, { idle, interval, probes }),
    timers: target.timers.why,
    packetsPerDay: 2 * Math.floor(DAY / (longestSilence(timing, target.stack, 0) ?? idle)),
    forgottenBy: (onPath.length > 0 ? onPath : known).filter(({ limitMs }) => limitMs <= silence),
    rememberedBy: onPath.filter(({ limitMs }) => limitMs > silence),
    limitations: target.limitations.map(({ text }) => text),
    sources: [target.stack, target.timers, ...target.limitations, target.activation].flatMap(({ sources }) => sources),
  }
}

/** The consequences of the numbers beside the detection time, a sentence each. */
export function implicationSentences({
  packetsPerDay,
  forgottenBy,
  rememberedBy,
  limitations,
}: Implications): readonly string[] {
  const names = (all: readonly Forgetful[]) =>
    all.map(({ name, limitMs }) => `${name} (${durationText(limitMs)})`).join(', ')
  return [
    `A connection on which nothing else is sent costs ${packetsPerDay === 0 ? 'less than a probe' : `${packetsPerDay} packets`} a day${packetsPerDay === 0 ? '' : ', probes and answers'}.`,
    ...(forgottenBy.length === 0 ? [] : [`It is forgotten before a probe comes by ${names(forgottenBy)}.`]),
    ...(rememberedBy.length === 0 ? [] : [`It is remembered by ${names(rememberedBy)}.`]),
    ...limitations,
  ]
}

function take(happenings: Iterable<{ readonly at: number }>, count: number): readonly number[] {
  const found: number[] = []
  for (const { at } of happenings) {
    if (found.length === count) break
    found.push(at)
  }
  return found
}
