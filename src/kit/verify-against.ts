import type { KitContext } from '../core/context.ts'
import { isError, problem } from '../core/diagnostic.ts'
import { allOf, failure, success, type Result } from '../core/result.ts'
import { difference, sameEntry, type Difference } from '../review/compare/difference.ts'
import type { Entries, Entry } from '../review/entry.ts'
import { check } from '../source/check.ts'
import { compareMaterials } from './compare.ts'
import { lockedEntries } from './locked-entries.ts'
import { isOfMachine, type Material } from './material.ts'
import { sideOf } from './sides.ts'

/**
 * Holds profiles and outputs, all together, against a lock: all that it lists, and nothing else. The value is how they differ,
 * which is an error too.
 */
export function verifyAgainstLock(kit: KitContext, lock: Material, materials: readonly Material[]): Result<Difference> {
  const location = { file: lock.file }
  if (lock.kind !== 'lock') return failure(problem('lock/unusable', { why: 'it is no lock' }, { location }))
  const wanted = sideOf(kit, lock, { possible: [...kit.registry.keys()] })
  const found = allOf(materials.map((one) => entriesOf(kit, one)))
  const problems = [...wanted.diagnostics, ...found.diagnostics]
  if (!found.ok || problems.some(isError)) return failure(...problems)
  const differs = difference(kit.registry, wanted.entries, worstOf(wanted.entries, found.value))
  const count = differs.groups.reduce((sum, { profiles }) => sum + profiles.length, 0)
  const wrong = count === 0 ? [] : [problem('lock/differs', { count }, { location })]
  return success(differs, [...problems, ...wrong])
}

/** If a profile is given more than once, such as its file and its output, the one that differs from the lock. */
function worstOf(locked: Entries, found: readonly Entries[]): Entries {
  const worst = new Map<string, Entry>()
  for (const [key, entry] of found.flatMap((entries) => [...entries])) {
    const earlier = worst.get(key)
    const wanted = locked.get(key)
    if (earlier === undefined || (wanted !== undefined && sameEntry(wanted, earlier))) worst.set(key, entry)
  }
  return worst
}

/** The entries of a material; for a profile with digests, since the lock is about the files that it becomes. */
function entriesOf(kit: KitContext, material: Material): Result<Entries> {
  const { file } = material
  if (isOfMachine(material)) return failure(problem('lock/no-files', { path: file }, { location: { file } }))
  if (material.kind === 'profile') {
    const { checked, diagnostics } = check(kit.registry, [material.input], { targets: [], strict: false }, kit.schema())
    return success(lockedEntries(kit, checked), diagnostics)
  }
  const { entries, diagnostics } = sideOf(kit, material, { possible: [...kit.registry.keys()] })
  return success(entries, diagnostics)
}

/** Compares a machine's settings, or an output, with a profile. The value is the difference, which is an error too. */
export function verifyAgainstProfile(kit: KitContext, wanted: Material, material: Material): Result<Difference> {
  const location = { file: material.file }
  if (material.kind === 'profile') return failure(problem('import/unknown-kind', location, { location }))
  const one = compareMaterials(kit, wanted, material, [])
  if (!one.ok) return one
  const { difference: differs } = one.value
  const drift = problem('verify/drift', { profile: wanted.file }, { location })
  return success(differs, differs.groups.length > 0 ? [...one.diagnostics, drift] : one.diagnostics)
}
