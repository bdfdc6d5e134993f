import type { Target } from '../../../src/core/target.ts'

/** Goals for a system, in ms; the rules are written out here once more, apart from the solver. */
export interface Asked {
  readonly detect?: number
  readonly path?: number
  readonly tolerate: number
  readonly idle?: number
  readonly interval?: number
  readonly probes?: number
}

export interface Answer {
  readonly idle: number
  readonly interval: number
  readonly probes: number
}

/** The number of probes that a system sends; a range if it can be set; `undefined` if nobody knows. */
const PROBES: Readonly<Record<string, number | readonly [number, number] | undefined>> = {
  windows: 10,
  'windows-xp': 5,
  'windows-ce': undefined,
  tcbsd: [8, 2_147_483_647],
  linux: [9, 255],
}

/** How late a timer may be: on Linux a slot of the wheel, 8^level ticks for times from 63 x 8^(level - 1) ticks on, and a tick. */
const late: Readonly<Record<string, (ms: number) => number>> = {
  linux: (ms) =>
    Math.max(
      ...[100, 250, 300, 1_000].map((hz) => {
        const ticks = Math.ceil((ms * hz) / 1_000) + 1
        const level = [63, 504, 4_032, 32_256, 258_048, 2_064_384].filter((start) => ticks >= start).length
        return ((8 ** level + 1) * 1_000) / hz
      }),
    ),
  tcbsd: () => 10,
}

/** Every time that may be chosen, from the longest: multiples of the step from a second on, up to the most. */
function times(step: number, most: number): number[] {
  const all: number[] = []
  for (let time = step; time <= most; time += step) if (time >= 1_000) all.unshift(time)
  return all
}

/** Tries every value up to the ends of the grid, the best first; `undefined` if none keeps what is asked. */
export function bruteForce({ id }: Target, asked: Asked, step: number, most: number): Answer | undefined {
  const own = PROBES[id]
  const after = (ms: number) => ms + (late[id]?.(ms) ?? 0)
  const standard = Array.isArray(own) ? (own[0] as number) : 0
  const counts =
    typeof own === 'number'
      ? [own]
      : own === undefined
        ? [asked.tolerate + 1]
        : asked.probes !== undefined
          ? [asked.probes]
          : Array.from({ length: 40 }, (_, index) => index + 1).filter(
              (count) => asked.detect !== undefined || count >= standard,
            )
  for (const idle of asked.idle === undefined ? times(step, most) : [asked.idle])
    for (const probes of counts)
      for (const interval of asked.interval === undefined ? times(step, most) : [asked.interval]) {
        if (probes <= asked.tolerate) continue
        if (asked.interval === undefined && interval > idle && interval > 1_000) continue
        const quiet = after(id === 'linux' || id === 'tcbsd' ? Math.max(idle, interval) : idle)
        if (asked.detect !== undefined && quiet + probes * after(interval) > asked.detect) continue
        const silence = quiet + asked.tolerate * after(interval)
        if (asked.path !== undefined && silence >= asked.path) continue
        return { idle, interval, probes }
      }
  return undefined
}
