/** The idle limit of something on the path between the machines, in ms. */
export interface PathLimit {
  /** As the profile calls it. */
  readonly name: string
  readonly limit: number
}

/** The goals of a profile beside or instead of numbers; times in ms. */
export interface Intent {
  /** A dead peer is noticed at the latest after this. */
  readonly detect: number | undefined
  /** Devices on the path that forget connections which are silent for too long. */
  readonly path: readonly PathLimit[]
  /** The number of lost probes in a row that must not end a healthy connection. */
  readonly tolerate: number | undefined
}

/**
 * Lost probes that a connection survives where the profile does not say: one lost packet is everyday, two are no reason to
 * stop a plant.
 */
export const TOLERATE = 2

/** No time that the kit chooses is shorter, in ms: an answer needs its way, and Linux holds whole seconds only. */
export const LEAST = 1_000

/**
 * The goals for one system, and the numbers that are fixed. Times in ms; a number that is left out is free, a goal that
 * is left out is not wanted.
 */
export interface Ask {
  readonly detect?: number | undefined
  /** The shortest idle limit on the path. */
  readonly path?: number | undefined
  /** 0 when left out. */
  readonly tolerate?: number | undefined
  readonly idle?: number | undefined
  readonly interval?: number | undefined
  readonly probes?: number | undefined
}

/** Every part of an {@link Ask}, in the order in which they are named. */
export const ASKED = ['detect', 'path', 'tolerate', 'idle', 'interval', 'probes'] as const
export type Asked = (typeof ASKED)[number]

/** Whether a profile leaves numbers to the kit. */
export function hasIntent({ detect, path, tolerate }: Intent): boolean {
  return detect !== undefined || path.length > 0 || tolerate !== undefined
}
