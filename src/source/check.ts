import { bundle, type Bundle } from '../core/bundle.ts'
import { byLocation, isError, problem, type Diagnostic } from '../core/diagnostic.ts'
import type { RenderTemplate } from '../core/render.ts'
import { resolve } from '../core/resolve.ts'
import type { Registry, Resolved, Target } from '../core/target.ts'
import type { Base } from './extends.ts'
import { readProfile, type ReadProfile } from './profile.ts'

/** A profile's file, wherever it came from: `file` is what messages call it. */
export interface Input {
  readonly file: string
  readonly source: Uint8Array
  /** What it extends, from the nearest on. */
  readonly bases?: readonly Base[]
  /** Why not all of that could be read. */
  readonly problems?: readonly Diagnostic[]
}

/** What the caller wants of every profile. */
export interface Wishes {
  /** Only these targets; all of the profile's when empty. */
  readonly targets: readonly string[]
  /** Warnings count as errors. */
  readonly strict: boolean
}

/** A profile that is ready to be made into files. */
export interface Checked extends ReadProfile {
  readonly resolved: readonly Resolved[]
  /** The targets that the wishes left of the profile's own; empty when that is all of them. */
  readonly selection: readonly string[]
}

export interface CheckReport {
  /** One for each input without an error. */
  readonly checked: readonly Checked[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads and resolves profiles, and reports every problem of every file. */
export function check(registry: Registry, inputs: readonly Input[], wishes: Wishes): CheckReport {
  const reports = inputs.map((input) => checkOne(registry, input, wishes))
  const checked = reports.flatMap((report) => report.checked ?? [])
  const clashes = nameClashes(checked)
  return {
    checked: clashes.length === 0 ? checked : [],
    diagnostics: [...reports.flatMap(({ diagnostics }) => diagnostics), ...clashes],
  }
}

function checkOne(registry: Registry, input: Input, wishes: Wishes) {
  const { source, file, bases, problems = [] } = input
  if (problems.length > 0) return { diagnostics: problems }
  const { read, diagnostics: found } = readProfile(registry, source, file, bases)
  if (read === undefined) return { diagnostics: graded(found, wishes) }
  const { profile } = read
  const targets = profile.targets.filter((id) => wishes.targets.length === 0 || wishes.targets.includes(id))
  const resolved = targets.map((id) => resolve(profile, registry.get(id) as Target))
  const missed = targets.length > 0 ? [] : [notForThese(profile, wishes)]
  const later = read.place([...resolved.flatMap(({ diagnostics }) => diagnostics), ...missed])
  const diagnostics = graded([...found, ...later].toSorted(byLocation), wishes)
  const sound = !diagnostics.some(isError)
  const selection = targets.length === profile.targets.length ? [] : targets
  return sound
    ? { checked: { ...read, profile: { ...profile, targets }, resolved, selection }, diagnostics }
    : { diagnostics }
}

function notForThese(profile: Checked['profile'], wishes: Wishes): Diagnostic {
  const data = { name: profile.name, targets: wishes.targets, has: profile.targets }
  return problem('profile/no-such-target-selected', data, { path: ['targets'] })
}

function graded(diagnostics: readonly Diagnostic[], { strict }: Wishes): readonly Diagnostic[] {
  return strict ? diagnostics.map((one) => ({ ...one, severity: 'error' as const })) : diagnostics
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

/** Renders a checked profile into everything that belongs to it. */
export function build(template: RenderTemplate, checked: Checked, version: string): Bundle {
  return bundle(template, { ...checked, version })
}
