import { byCodeUnit } from './diagnostic.ts'
import { formatDuration } from './duration.ts'
import type { Intent } from './intent/ask.ts'
import { canonicalIntent } from './intent/schema.ts'
import { FIELDS, type Field, type OptionValues, type Values } from './target.ts'

/** A checked profile: times in ms, targets by id in the registry's order, nothing left to decide. */
export interface Profile {
  readonly name: string
  readonly title: string | undefined
  /** The goals beside or instead of numbers. */
  readonly intent: Intent
  /** Without `idle` or `interval` only where the intent leaves them to the kit. */
  readonly values: Partial<Values>
  readonly targets: readonly string[]
  /** By target id. */
  readonly overrides: ReadonlyMap<string, Override>
  /** The options in the file, by target id. */
  readonly options: ReadonlyMap<string, OptionValues>
}

/** Values for one target, and its name in the file. */
export interface Override {
  readonly typed: string
  readonly values: Partial<Values>
}

/** The profile as plain data in one fixed form, for the manifest: durations as text, every target named. */
export function canonicalProfile(profile: Profile): Readonly<Record<string, unknown>> {
  const overrides = profile.targets.flatMap((id) => {
    const given = profile.overrides.get(id)?.values
    return given === undefined || Object.keys(given).length === 0 ? [] : [[id, canonicalValues(given)]]
  })
  const options = profile.targets.flatMap((id) => {
    const given = Object.entries(profile.options.get(id) ?? {}).toSorted(([a], [b]) => byCodeUnit(a, b))
    return given.length === 0 ? [] : [[id, Object.fromEntries(given)]]
  })
  return {
    name: profile.name,
    ...(profile.title === undefined ? {} : { title: profile.title }),
    ...canonicalIntent(profile.intent),
    ...canonicalValues(profile.values),
    targets: profile.targets,
    ...(overrides.length === 0 ? {} : { overrides: Object.fromEntries(overrides) }),
    ...(options.length === 0 ? {} : { options: Object.fromEntries(options) }),
  }
}

function canonicalValues(given: Partial<Values>): Record<string, unknown> {
  const texts: Record<string, unknown> = {}
  for (const field of FIELDS) {
    const value = given[field]
    if (value !== undefined) texts[field] = valueText(field, value)
  }
  return texts
}

/** A value as a profile writes it: `20s`, `9`, `true`. */
export function valueText(field: Field, value: number | boolean): string | number | boolean {
  return typeof value === 'number' && field !== 'probes' ? formatDuration(value) : value
}
