import rows from '../data/middleboxes.json' with { type: 'json' }
import { formatDuration } from './duration.ts'
import { boundsOf, boundsText, timeOf, type Bounds, type Sourced, type TimeBounds } from './sourced.ts'

/** A device between two machines that forgets a connection after a time without a packet. */
export interface Middlebox extends Sourced {
  /** As a profile writes it. */
  readonly name: string
  readonly title: string
  /** Its default idle limit: the time that it remembers an established connection without a packet, in ms. */
  readonly idleLimit: number
  /** Whether the limit can be set, and in which bounds in ms; left out if the source does not say. */
  readonly configurable?: boolean | Bounds
}

interface Row extends Sourced {
  readonly name: string
  readonly title: string
  readonly idleLimit: string
  readonly configurable?: boolean | TimeBounds | undefined
}

/** Every middlebox that the kit knows, by name. */
export const MIDDLEBOXES: ReadonlyMap<string, Middlebox> = new Map(
  rows.map((row): [string, Middlebox] => [row.name, middleboxFrom(row)]),
)

/** Finds a middlebox by its name; an unknown name is `middlebox/unknown`. */
export function findMiddlebox(name: string): Middlebox | undefined {
  return MIDDLEBOXES.get(name)
}

function middleboxFrom({ name, title, idleLimit, configurable, source, read }: Row): Middlebox {
  return {
    name,
    title,
    idleLimit: timeOf(idleLimit),
    ...(configurable === undefined
      ? {}
      : { configurable: typeof configurable === 'boolean' ? configurable : boundsOf(configurable) }),
    source,
    read,
  }
}

/** Whether the limit can be set, as text: `can be set: 1min to 120h`; empty if the source does not say. */
export function configurableText({ configurable }: Middlebox): string {
  if (configurable === undefined) return ''
  if (typeof configurable === 'boolean') return configurable ? 'can be set' : 'fixed'
  return `can be set: ${boundsText(configurable, formatDuration)}`
}
