import { aboutOf, isError, type Diagnostic } from '../core/diagnostic.ts'
import { allOf, type Result } from '../core/result.ts'
import type { World } from '../io/world.ts'
import type { Material } from '../kit/material.ts'
import { verifyAgainstLock as againstLock, verifyAgainstProfile as againstProfile } from '../kit/verify-against.ts'
import type { Difference } from '../review/compare/difference.ts'
import { programKit } from './kit.ts'
import { readMaterial } from './material.ts'

/** The comparison of a lock or a profile with what was found. */
export interface Against {
  /** `before` is the wanted side, `after` the found one. */
  readonly differences: readonly Difference[]
  readonly diagnostics: readonly Diagnostic[]
  /** Whether something could not be read, so that there is no answer. */
  readonly unread: boolean
}

/** Compares profiles, output folders and zips with a lock: they must have all that it lists, and nothing else. */
export async function verifyAgainstLock(world: World, paths: readonly string[], lock: string): Promise<Against> {
  const locked = await readMaterial(world, lock)
  const read = allOf(await Promise.all(paths.map((path) => readMaterial(world, path))))
  if (!locked.ok || !read.ok)
    return { differences: [], diagnostics: [...locked.diagnostics, ...read.diagnostics], unread: true }
  const found = againstLock(programKit(), locked.value, read.value)
  if (!found.ok) return { differences: [], diagnostics: found.diagnostics, unread: false }
  return { differences: [found.value], diagnostics: found.diagnostics, unread: false }
}

/** The comparison of machines with a profile. */
export interface AgainstProfile extends Against {
  /** The paths of machines that have the profile's settings and no problems. */
  readonly right: readonly string[]
}

/** Compares the values of machines with a profile: the difference is drift. */
export async function verifyAgainstProfile(
  world: World,
  paths: readonly string[],
  profile: string,
): Promise<AgainstProfile> {
  const wanted = await readMaterial(world, profile)
  const reports: DriftReport[] = []
  for (const path of paths) reports.push(driftOf(wanted, await readMaterial(world, path)))
  // A diagnostic of the profile is the same for each path, and is reported once.
  const all = reports.flatMap(({ diagnostics }) => diagnostics)
  const once = new Map(all.map((one) => [JSON.stringify([one.code, one.message, one.location]), one]))
  const diagnostics = [...once.values()]
  return {
    differences: reports.flatMap((one) => one.difference ?? []),
    right: paths.filter((_, at) => reports[at]?.right),
    diagnostics,
    unread: diagnostics.some((one) => aboutOf(one) === 'usage'),
  }
}

interface DriftReport {
  readonly difference?: Difference
  readonly right: boolean
  readonly diagnostics: readonly Diagnostic[]
}

function driftOf(wanted: Result<Material>, read: Result<Material>): DriftReport {
  if (!wanted.ok || !read.ok) return { right: false, diagnostics: [...wanted.diagnostics, ...read.diagnostics] }
  const found = againstProfile(programKit(), wanted.value, read.value)
  if (!found.ok) return { right: false, diagnostics: found.diagnostics }
  const { value: difference, diagnostics } = found
  return { difference, diagnostics, right: difference.groups.length === 0 && !diagnostics.some(isError) }
}
