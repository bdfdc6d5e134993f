import { isError, problem, type Diagnostic } from '../core/diagnostic.ts'
import { loadTemplates, VERSION } from '../io/assets.ts'
import type { World } from '../io/world.ts'
import { check } from '../source/check.ts'
import { difference, sameEntry, type Difference } from '../review/compare/difference.ts'
import type { Entries, Entry } from '../review/entry.ts'
import { TARGETS } from '../targets/index.ts'
import { compareMaterials, isUnread } from './compare.ts'
import { lockedEntries } from './locked-entries.ts'
import { readMaterial, type Material } from './material.ts'
import { sideOf } from './sides.ts'

/** A lock or a profile against what was found. */
export interface Against {
  /** `before` is what was wanted, `after` what was found. */
  readonly differences: readonly Difference[]
  readonly diagnostics: readonly Diagnostic[]
  /** Something could not be read, so there is no answer. */
  readonly unread: boolean
}

/** Holds profiles, output folders and zips against a lock: all that it lists, and nothing else. */
export async function verifyAgainstLock(world: World, paths: readonly string[], lock: string): Promise<Against> {
  const locked = await readMaterial(world, lock)
  const read = await Promise.all(paths.map((path) => readMaterial(world, path)))
  const unread = [locked, ...read].flatMap((one) => ('kind' in one ? [] : one.diagnostics))
  if (unread.length > 0) return { differences: [], diagnostics: unread, unread: true }
  if ((locked as Material).kind !== 'lock') {
    const noLock = problem('lock/unusable', { why: 'it is no lock' }, { location: { file: lock } })
    return { differences: [], diagnostics: [noLock], unread: false }
  }
  const wanted = sideOf(locked as Material, ANY)
  const found = read.map((one) => entriesOf(one as Material))
  const problems = [...wanted.diagnostics, ...found.flatMap(({ diagnostics }) => diagnostics)]
  if (problems.some(isError)) return { differences: [], diagnostics: problems, unread: false }
  const entries = found.map((one) => one.entries)
  const differs = difference(TARGETS, wanted.entries, worstOf(wanted.entries, entries))
  const count = differs.groups.reduce((sum, { profiles }) => sum + profiles.length, 0)
  const wrong = count === 0 ? [] : [problem('lock/differs', { count }, { location: { file: lock } })]
  return { differences: [differs], diagnostics: [...problems, ...wrong], unread: false }
}

/** Of a profile that was given more than once, such as its file and its output, that which is not as it is locked. */
function worstOf(locked: Entries, found: readonly Entries[]): Entries {
  const worst = new Map<string, Entry>()
  for (const [key, entry] of found.flatMap((entries) => [...entries])) {
    const earlier = worst.get(key)
    const wanted = locked.get(key)
    if (earlier === undefined || (wanted !== undefined && sameEntry(wanted, earlier))) worst.set(key, entry)
  }
  return worst
}

const ANY = { possible: [...TARGETS.keys()] }

/** Of a profile also the digests: the lock is about the files that it becomes. */
function entriesOf(material: Material): { readonly entries: Entries; readonly diagnostics: readonly Diagnostic[] } {
  const { kind, file } = material
  if (kind === 'capture' || kind === 'tree')
    return {
      entries: new Map(),
      diagnostics: [problem('lock/no-files', { path: file }, { location: { file } })],
    }
  if (material.kind !== 'profile') return sideOf(material, ANY)
  const { checked, diagnostics } = check(TARGETS, [material.input], { targets: [], strict: false })
  return { entries: lockedEntries(loadTemplates(), VERSION, checked), diagnostics }
}

/** Machines against a profile. */
export interface AgainstProfile extends Against {
  /** The paths of machines that have what the profile says, and nothing to complain of. */
  readonly right: readonly string[]
}

/** Holds what machines have against a profile: its drift. */
export async function verifyAgainstProfile(
  world: World,
  paths: readonly string[],
  profile: string,
): Promise<AgainstProfile> {
  const wanted = await readMaterial(world, profile)
  const reports: DriftReport[] = []
  for (const path of paths) reports.push(await driftOf(world, wanted, path, profile))
  // What is to be said of the profile is the same for each path, and is said once.
  const all = reports.flatMap(({ diagnostics }) => diagnostics)
  const once = new Map(all.map((one) => [JSON.stringify([one.code, one.message, one.location]), one]))
  const diagnostics = [...once.values()]
  return {
    differences: reports.flatMap((one) => one.difference ?? []),
    right: paths.filter((_, at) => reports[at]?.right),
    diagnostics,
    unread: diagnostics.some(({ code }) => isUnread(code)),
  }
}

interface DriftReport {
  readonly difference?: Difference
  readonly right: boolean
  readonly diagnostics: readonly Diagnostic[]
}

async function driftOf(
  world: World,
  wanted: Awaited<ReturnType<typeof readMaterial>>,
  path: string,
  profile: string,
): Promise<DriftReport> {
  const read = await readMaterial(world, path)
  const location = { file: path }
  if (!('kind' in wanted) || !('kind' in read))
    return { right: false, diagnostics: [wanted, read].flatMap((one) => ('kind' in one ? [] : one.diagnostics)) }
  if (read.kind === 'profile')
    return { right: false, diagnostics: [problem('import/unknown-kind', { file: path }, { location })] }
  const found = compareMaterials(wanted, read, [])
  if (!('difference' in found)) return { right: false, diagnostics: found.diagnostics }
  const drifted = found.difference.groups.length > 0
  return {
    difference: found.difference,
    right: !drifted && !found.diagnostics.some(isError),
    diagnostics: [...found.diagnostics, ...(drifted ? [problem('verify/drift', { profile }, { location })] : [])],
  }
}
