import { byLocation, graded, isError, problem, type Diagnostic } from '../core/diagnostic.ts'
import type { Profile } from '../core/profile.ts'
import { profileSchema, type ProfileSchema } from '../core/profile-schema.ts'
import { resolve, type ResolvedProfile } from '../core/resolve.ts'
import { failure, success, type Result } from '../core/result.ts'
import type { Registry, Target } from '../core/target.ts'
import type { Base } from './extends.ts'
import { readProfile, type ReadProfile } from './profile.ts'

/** A profile's file, wherever it came from: `file` is what messages call it. */
export interface Input {
  readonly file: string
  readonly source: Uint8Array
  /** The files that it extends, from the nearest on. */
  readonly bases?: readonly Base[]
  /** The reasons why some of them cannot be read. */
  readonly problems?: readonly Diagnostic[]
}

/** The caller's choices, for every profile. */
export interface Wishes {
  /** Only these targets; all of the profile's when empty. */
  readonly targets: readonly string[]
  /** Warnings count as errors. */
  readonly strict: boolean
}

/** A profile that is ready to be made into files, with the file that it came from. */
export interface Checked extends ReadProfile, ResolvedProfile {}

export interface CheckReport {
  /** One for each input without an error. */
  readonly checked: readonly Checked[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads and resolves profiles, and reports every problem of every file. Whoever calls it often keeps the registry's schema. */
export function check(
  registry: Registry,
  inputs: readonly Input[],
  wishes: Wishes,
  schema: ProfileSchema = profileSchema(registry),
): CheckReport {
  const results = inputs.map((input) => checkOne(registry, input, wishes, schema))
  const checked = results.flatMap((one) => (one.ok ? [one.value] : []))
  const clashes = nameClashes(checked)
  return {
    checked: clashes.length === 0 ? checked : [],
    diagnostics: [...results.flatMap(({ diagnostics }) => diagnostics), ...clashes],
  }
}

function checkOne(registry: Registry, input: Input, wishes: Wishes, schema: ProfileSchema): Result<Checked> {
  const { source, file, bases, problems = [] } = input
  if (problems.length > 0) return failure(...problems)
  const { read, diagnostics: found } = readProfile(registry, source, file, bases, schema)
  if (read === undefined) return failure(...graded(found, wishes.strict))
  const resolved = resolveProfile(registry, read, found, wishes)
  const diagnostics = resolved.diagnostics.toSorted(byLocation)
  return resolved.ok ? success({ ...read, ...resolved.value }, diagnostics) : failure(...diagnostics)
}

/**
 * The end of every check: a profile that was read, of a file or of a fleet's device, is resolved for its targets, and all
 * diagnostics are graded. `before` is what its reader reported; an error there or here makes the result a failure.
 */
export function resolveProfile(
  registry: Registry,
  { profile, place }: Pick<ReadProfile, 'profile' | 'place'>,
  before: readonly Diagnostic[],
  { targets, strict }: Wishes,
): Result<ResolvedProfile> {
  const chosen = targets.length === 0 ? profile.targets : profile.targets.filter((id) => targets.includes(id))
  const resolved = chosen.map((id) => resolve(profile, registry.get(id) as Target))
  const missed = chosen.length > 0 ? [] : [notForThese(profile, targets)]
  const later = place([...resolved.flatMap(({ diagnostics }) => diagnostics), ...missed])
  const diagnostics = graded([...before, ...later], strict)
  if (diagnostics.some(isError)) return failure(...diagnostics)
  return chosen.length === profile.targets.length
    ? success({ profile, resolved, selection: [] }, diagnostics)
    : success({ profile: { ...profile, targets: chosen }, resolved, selection: chosen }, diagnostics)
}

function notForThese({ name, targets: has }: Profile, targets: readonly string[]): Diagnostic {
  return problem('profile/no-such-target-selected', { name, targets, has }, { path: ['targets'] })
}

function nameClashes(checked: readonly Checked[]): readonly Diagnostic[] {
  const first = new Map<string, string>()
  return checked.flatMap(({ profile: { name }, file, place }) => {
    const before = first.get(name)
    if (before === undefined) first.set(name, file)
    return before === undefined
      ? []
      : place([problem('profile/duplicate-name', { name, first: before }, { path: ['name'] })])
  })
}
