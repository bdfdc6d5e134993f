import type { KitContext } from '../core/context.ts'
import { isError, problem, type Diagnostic } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { difference, sameEntry, type Difference } from '../review/compare/difference.ts'
import type { Entries, Entry } from '../review/entry.ts'
import { check } from '../source/check.ts'
import { compareMaterials } from './compare.ts'
import { lockedEntries } from './locked-entries.ts'
import { isOfMachine, type Material } from './material.ts'
import { sideOf } from './sides.ts'

/** How something differs from what it was held against; an error among the diagnostics says that it does. */
export interface Drift {
  readonly difference: Difference
  readonly diagnostics: readonly Diagnostic[]
}

/** Holds profiles and outputs, all together, against a lock: all that it lists, and nothing else. */
export function verifyAgainstLock(kit: KitContext, lock: Material, materials: readonly Material[]): Result<Drift> {
  const location = { file: lock.file }
  if (lock.kind !== 'lock') return failure(problem('lock/unusable', { why: 'it is no lock' }, { location }))
  const wanted = sideOf(kit, lock, { possible: [...kit.registry.keys()] })
  const found = materials.map((one) => entriesOf(kit, one))
  const problems = [...wanted.diagnostics, ...found.flatMap(({ diagnostics }) => diagnostics)]
  if (problems.some(isError)) return failure(...problems)
  const entries = found.map((one) => one.entries)
  const differs = difference(kit.registry, wanted.entries, worstOf(wanted.entries, entries))
  const count = differs.groups.reduce((sum, { profiles }) => sum + profiles.length, 0)
  const wrong = count === 0 ? [] : [problem('lock/differs', { count }, { location })]
  return success({ difference: differs, diagnostics: [...problems, ...wrong] })
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

/** Of a profile also the digests: the lock is about the files that it becomes. */
function entriesOf(
  kit: KitContext,
  material: Material,
): { readonly entries: Entries; readonly diagnostics: readonly Diagnostic[] } {
  const { file } = material
  if (isOfMachine(material))
    return { entries: new Map(), diagnostics: [problem('lock/no-files', { path: file }, { location: { file } })] }
  if (material.kind !== 'profile') return sideOf(kit, material, { possible: [...kit.registry.keys()] })
  const { checked, diagnostics } = check(kit.registry, [material.input], { targets: [], strict: false })
  return { entries: lockedEntries(kit, checked), diagnostics }
}

/** Holds what a machine has, or an output, against a profile. */
export function verifyAgainstProfile(kit: KitContext, wanted: Material, material: Material): Result<Drift> {
  const location = { file: material.file }
  if (material.kind === 'profile') return failure(problem('import/unknown-kind', location, { location }))
  const one = compareMaterials(kit, wanted, material, [])
  if (!one.ok) return one
  const { difference: differs } = one.value
  const { diagnostics } = one
  const drift = problem('verify/drift', { profile: wanted.file }, { location })
  return success({
    difference: differs,
    diagnostics: differs.groups.length > 0 ? [...diagnostics, drift] : diagnostics,
  })
}
