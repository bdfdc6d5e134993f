import rows from '../data/middleboxes.json' with { type: 'json' }
import { formatDuration } from './duration.ts'
import { boundsOf, boundsText, timeOf, type Bounds, type Sourced, type TimeBounds } from './sourced.ts'

/** Something between two machines that forgets a connection on which no packet has passed for long enough. */
export interface Middlebox extends Sourced {
  /** As a profile writes it. */
  readonly name: string
  readonly title: string
  /** How long it remembers an established connection without a packet, in ms, unless it is configured otherwise. */
  readonly idleLimit: number
  /** Whether somebody may have set another limit, and from where to where in ms; left out where the source does not say. */
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

/** The middlebox of a name; a name that nothing has is for `middlebox/unknown`. */
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

/** Whether somebody may have set another limit: `can be set: 1min to 120h`; nothing where the source does not say. */
export function configurableText({ configurable }: Middlebox): string {
  if (configurable === undefined) return ''
  if (typeof configurable === 'boolean') return configurable ? 'can be set' : 'fixed'
  return `can be set: ${boundsText(configurable, formatDuration)}`
}
