import { parseDuration } from './duration.ts'

/** The source of a number or a claim. */
export interface Source {
  readonly title: string
  readonly url: `https://${string}`
}

/** The source of a row of `src/data/`, and the day on which it was read. */
export interface Sourced {
  readonly source: { readonly title: string; readonly url: string }
  /** The day on which the page, or a copy of it, was read: YYYY-MM-DD. */
  readonly read: string
}

/** Numbers from `least` to `most`, both included; a side that is left out is open. Times are in ms. */
export interface Bounds {
  readonly least?: number | undefined
  readonly most?: number | undefined
}

/** The same with times as a profile writes them: `5min`. */
export interface TimeBounds {
  readonly least?: string | undefined
  readonly most?: string | undefined
}

/** A time of a data file in ms. */
export function timeOf(text: string): number {
  const ms = parseDuration(text)
  if (typeof ms !== 'number') throw new Error(`bug: ${text} of a data file is no time`)
  return ms
}

/** Times of a data file in ms. */
export function boundsOf({ least, most }: TimeBounds): Bounds {
  return {
    ...(least === undefined ? {} : { least: timeOf(least) }),
    ...(most === undefined ? {} : { most: timeOf(most) }),
  }
}

/** `5min`, `15min to 30min`, `at most 5min`; `text` formats one value. */
export function boundsText({ least, most }: Bounds, text: (value: number) => string): string {
  const [from, to] = [least, most].map((value) => (value === undefined ? undefined : text(value)))
  if (from === undefined || to === undefined) return from === undefined ? `at most ${to}` : `at least ${from}`
  return from === to ? from : `${from} to ${to}`
}
