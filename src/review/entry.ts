import { sha256 } from '#checksums'
import { digestOf, type Artifact, type Digests } from '../core/artifact.ts'
import { byCodeUnit } from '../core/diagnostic.ts'
import { parseDuration } from '../core/duration.ts'
import { valueText } from '../core/profile.ts'
import { defaultValue, profileValue } from '../core/setting.ts'
import { FIELDS, type Assignment, type Field, type Target, type Values } from '../core/target.ts'

/**
 * The settings of one profile on one target, in the words of a profile: times as `20s`, `probes` as a number, `always`
 * as true or false. A field that is left out is not set, so the system's default holds. An entry is a line of the lock,
 * and a side of a comparison.
 */
export interface Entry {
  readonly idle?: string
  readonly interval?: string
  readonly probes?: number
  readonly init?: string
  readonly always?: boolean
  /**
   * The digest of the target's files, see {@link filesDigest}; left out if there are no files, as for a machine's
   * settings.
   */
  readonly sha256?: string
}

/** Entries by `NAME/TARGET`. */
export type Entries = ReadonlyMap<string, Entry>

/** `packaging-line-4/windows`: no name and no id has a slash. */
export function entryKey(profile: string, target: string): string {
  return `${profile}/${target}`
}

/**
 * The profile's name and the target's id in a key; an invalid name, from a folder that the kit did not write, may have
 * slashes.
 */
export function keyParts(key: string): { readonly profile: string; readonly target: string } {
  const slash = key.lastIndexOf('/')
  return { profile: key.slice(0, slash), target: key.slice(slash + 1) }
}

/** The entry of native values, with the digest of the files that hold them. */
export function entryOf(assignments: readonly Assignment[], digest?: string): Entry {
  const settings = assignments.map(({ field, setting, value }) => [
    field,
    valueText(field, profileValue(setting, value)),
  ])
  return { ...(Object.fromEntries(settings) as Entry), ...(digest === undefined ? {} : { sha256: digest }) }
}

/** The values of an entry: times in ms. */
export function entryValues(entry: Entry): Partial<Values> {
  return Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = entry[field]
      return value === undefined ? [] : [[field, plainValue(value)]]
    }),
  )
}

/** A value of an entry, times in ms. */
export function plainValue<Value extends string | number | boolean | undefined>(value: Value) {
  return typeof value === 'string' ? Number(parseDuration(value)) : (value as Exclude<Value, string>)
}

/** An entry without the digest of its files. */
export function settingsOnly({ sha256: _, ...settings }: Entry): Entry {
  return settings
}

/**
 * An entry without values that equal the system's default and that the other entry does not set. A running machine
 * shows every value, and does not tell whether somebody set it to its default.
 */
export function withoutDefaults({ settings }: Target, entry: Entry, other: Entry): Entry {
  const values = entryValues(entry)
  const isDefault = (field: Field): boolean => {
    const setting = settings[field]
    return setting.kind !== 'unsupported' && values[field] === defaultValue(setting)
  }
  const dropped = FIELDS.filter((field) => other[field] === undefined && isDefault(field))
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !dropped.some((field) => field === key)))
}

/** Whether an entry may have a value for a field. */
export function isEntryValue(field: Field, value: unknown): boolean {
  if (field === 'always') return typeof value === 'boolean'
  if (field === 'probes') return Number.isSafeInteger(value)
  return typeof value === 'string' && typeof parseDuration(value) === 'number'
}

/** One digest for all files of a target: the SHA-256 of their lines in SHA256SUMS. */
export function filesDigest(
  target: string,
  artifacts: readonly Pick<Artifact, 'path' | 'bytes'>[],
  digests?: Digests,
): string {
  const lines = artifacts
    .filter(({ path }) => path.startsWith(`${target}/`))
    .toSorted((a, b) => byCodeUnit(a.path, b.path))
    .map((file) => `${digestOf(file, digests)}  ${file.path}\n`)
  return sha256(lines.join(''))
}
