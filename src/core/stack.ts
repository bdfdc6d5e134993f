import type { Source } from './sourced.ts'

/** The numbers that decide when probes go out; times in ms. `probes` is left out where the system's count is not known. */
export interface Timing {
  readonly idle: number
  readonly interval: number
  readonly probes?: number | undefined
}

/** The behaviour of a system's TCP after an answered probe: the one difference between stacks with the same numbers. */
export interface Stack {
  /** The system, and the version from which on this holds. */
  readonly name: string
  /**
   * When the next probe goes out after an answered one.
   * - `timer`: the timer was armed with the interval when the probe was sent, and the answer does not touch it. When it
   *   fires, the quiet time is looked at: as long as idle or longer, and a probe goes out at once; else the timer is
   *   armed with what is left of idle. So an interval above idle takes the place of idle.
   * - `answer`: idle counts from the answer.
   */
  readonly afterAnswer: 'timer' | 'answer'
  readonly sources: readonly [Source, ...Source[]]
}

/**
 * The fate of the probes of one connection. Time 0 is the last sign of life of the peer when the timer was armed with
 * idle, as when the connection is made. An answer arrives as soon as its probe is sent: the time of packets on their way
 * is not counted.
 */
export interface Wire {
  /** How many probes in a row are lost before one is answered, and the same again for what follows. */
  readonly lost: readonly number[]
  /** Whether the peer vanishes then and all further probes are lost; else nobody looks any further. */
  readonly vanishes: boolean
}

/** An event on a connection, in ms since the peer's last sign of life at the beginning. */
export interface ProbeEvent {
  readonly kind: 'probe' | 'answer' | 'dropped'
  readonly at: number
  /** The same when every timer is as late as it may be; `at` when no lateness was given. */
  readonly latest: number
}

/** The most by which a timer of `ms` may fire late, in ms. */
export type Lateness = (ms: number) => number

const exact: Lateness = () => 0

/** A time in ms, with exact timers and with the latest ones. */
interface Wait {
  readonly ms: number
  readonly most: number
}

/**
 * Each probe, each answer, and the drop, in order. It is made piece by piece, as a system may send 2^31 probes; where
 * the number of probes is not known, a peer that vanished is probed without end.
 */
export function* timeline(
  timing: Timing,
  stack: Stack,
  wire: Wire,
  late: Lateness = exact,
): Generator<ProbeEvent, void> {
  let at = 0
  let latest = 0
  const pass = ({ ms, most }: Wait) => {
    at += ms
    latest += most
  }
  const interval = armed(timing.interval, late)
  let next = armed(timing.idle, late)
  for (const lost of wire.vanishes ? [...wire.lost, Infinity] : wire.lost) {
    for (let sent = 0; sent <= lost; sent++) {
      pass(sent === 0 ? next : interval)
      if (sent === timing.probes) {
        yield { kind: 'dropped', at, latest }
        return
      }
      yield { kind: 'probe', at, latest }
    }
    yield { kind: 'answer', at, latest }
    next = afterAnswer(timing, stack, late)
  }
}

/** The peer vanishes after its last sign of life at time 0: every probe, and the drop. */
export function vanished(timing: Timing, stack: Stack): Generator<ProbeEvent, void> {
  return timeline(timing, stack, { lost: [], vanishes: true })
}

/** The peer is there, but `lost` probes in a row are lost before each answer; too many of them end the connection. */
export function healthy(timing: Timing, stack: Stack, lost: readonly number[]): Generator<ProbeEvent, void> {
  return timeline(timing, stack, { lost, vanishes: false })
}

/**
 * When the connection is dropped, in ms after the last sign of life of a peer that vanished at the worst moment: just
 * after it answered a probe. `undefined` where the number of probes is not known.
 */
export function longestDetection(timing: Timing, stack: Stack): number | undefined {
  const { interval, probes } = timing
  return probes === undefined ? undefined : afterAnswer(timing, stack, exact).ms + probes * interval
}

/**
 * The longest time in ms in which no packet of a healthy, quiet connection gets through if `lostInARow` probes in a row are
 * lost. A middlebox between the two must keep the session that long. `undefined` where the connection is dropped before.
 */
export function longestSilence(timing: Timing, stack: Stack, lostInARow: number): number | undefined {
  const { interval, probes = Infinity } = timing
  return lostInARow < probes ? afterAnswer(timing, stack, exact).ms + lostInARow * interval : undefined
}

function armed(ms: number, late: Lateness): Wait {
  return { ms, most: ms + late(ms) }
}

/** From an answered probe to the next one. */
function afterAnswer({ idle, interval }: Timing, stack: Stack, late: Lateness): Wait {
  if (stack.afterAnswer === 'answer') return armed(idle, late)
  // A timer that is late itself may find that idle has passed already; else it leaves the rest to a second timer.
  const rest = Math.max(0, idle - interval)
  return { ms: interval + rest, most: Math.max(interval + late(interval), idle + late(rest)) }
}
