import { aboutOf, isError } from '../core/diagnostic.ts'
import { difference, type Difference } from '../review/compare/difference.ts'
import { entryKey, keyParts, settingsOnly, withoutDefaults, type Entries, type Entry } from '../review/entry.ts'
import { fileChanges, targetFiles, type FileGroup } from '../review/compare/file-changes.ts'
import { failure, success, type Result } from '../core/result.ts'
import type { Registry } from '../core/target.ts'
import type { KitContext } from '../core/context.ts'
import { isOfMachine, type Material } from './material.ts'
import { sideOf, type Side } from './sides.ts'

/** Two sides and the difference between them. */
export interface Comparison {
  readonly before: Side
  readonly after: Side
  readonly difference: Difference
  /** Present for outputs: the files that changed, beside the effect on the settings. */
  readonly files: readonly FileGroup[]
}

/** Compares two materials on `targets`, or on all if none is named. */
export function compareMaterials(
  kit: KitContext,
  a: Material,
  b: Material,
  targets: readonly string[],
): Result<Comparison> {
  const [before, after] = sidesOf(kit, a, b, targets)
  const diagnostics = [...before.diagnostics, ...after.diagnostics]
  // A line that a machine would skip is an error in its file; the lines that it takes can be compared all the same.
  if (diagnostics.some((one) => isError(one) && aboutOf(one) !== 'capture')) return failure(...diagnostics)
  return success(compareSides(kit.registry, before, after, targets), diagnostics)
}

/** A capture is read for the targets that the other side has. */
function sidesOf(kit: KitContext, a: Material, b: Material, targets: readonly string[]): readonly [Side, Side] {
  const all = { possible: [...kit.registry.keys()] }
  if (targets.length > 0) return [sideOf(kit, a, { named: targets }), sideOf(kit, b, { named: targets })]
  if (isOfMachine(a) && !isOfMachine(b)) {
    const after = sideOf(kit, b, all)
    return [sideOf(kit, a, { possible: targetsOf(after.entries) }), after]
  }
  const before = sideOf(kit, a, all)
  return [before, sideOf(kit, b, isOfMachine(b) ? { possible: targetsOf(before.entries) } : all)]
}

function targetsOf(entries: Entries): readonly string[] {
  return [...new Set([...entries.keys()].map((key) => keyParts(key).target))]
}

/** Compares two sides on the targets that both tell something about. If each has one profile, their names do not matter. */
function compareSides(registry: Registry, before: Side, after: Side, targets: readonly string[]): Comparison {
  const only = [before.only, after.only, targets.length > 0 ? targets : undefined]
  const wanted = (key: string) => only.every((ids) => ids?.includes(keyParts(key).target) ?? true)
  const name = commonName(before.entries, after.entries)
  const files = before.made && after.made && name === undefined
  const [old, now] = [before.entries, after.entries].map((entries) => narrowed(entries, wanted, name, files))
  return {
    before,
    after,
    difference: difference(registry, ...asFarAsTold(registry, old as Entries, now as Entries, before, after)),
    files:
      before.outputs === undefined || after.outputs === undefined || !files
        ? []
        : fileChanges(...targetFiles(before.outputs(), after.outputs(), targets)),
  }
}

/** In comparison with a machine, the default of a setting counts as not set. */
function asFarAsTold(
  registry: Registry,
  old: Entries,
  now: Entries,
  before: Side,
  after: Side,
): readonly [Entries, Entries] {
  if (before.only === undefined && after.only === undefined) return [old, now]
  const told = (entries: Entries, others: Entries) =>
    new Map(
      [...entries].map(([key, entry]) => {
        const target = registry.get(keyParts(key).target)
        const other = others.get(key)
        return [key, target === undefined || other === undefined ? entry : withoutDefaults(target, entry, other)]
      }),
    )
  return [told(old, now), told(now, old)]
}

function narrowed(
  entries: Entries,
  wanted: (key: string) => boolean,
  name: string | undefined,
  files: boolean,
): Entries {
  const kept = new Map<string, Entry>()
  for (const [key, entry] of entries)
    if (wanted(key))
      kept.set(name === undefined ? key : entryKey(name, keyParts(key).target), files ? entry : settingsOnly(entry))
  return kept
}

/** The name for both sides, if each has one profile and their names differ; a machine has no name. */
function commonName(before: Entries, after: Entries): string | undefined {
  const [old, now] = [onlyName(before), onlyName(after)]
  if (old === undefined || now === undefined || old === now) return undefined
  return now === 'machine' ? old : now
}

/** The profile's name, if all entries are of one profile. */
function onlyName(entries: Entries): string | undefined {
  let name: string | undefined
  for (const key of entries.keys()) {
    const { profile } = keyParts(key)
    if (name !== undefined && name !== profile) return undefined
    name = profile
  }
  return name
}
