import type { FoundFile } from '../core/plan.ts'
import { difference, type Difference } from '../review/compare/difference.ts'
import { entryKey, entryOf, settingsOnly, type Entry } from '../review/entry.ts'
import { outputEntries } from '../review/import/outputs.ts'
import type { Checked } from '../source/check.ts'
import type { Registry } from '../core/target.ts'

/** The difference between the settings in a folder and those of its profile: the meaning of files that differ. */
export function treeDifference(
  registry: Registry,
  { profile, resolved }: Checked,
  found: ReadonlyMap<string, FoundFile>,
  folder: string,
): Difference {
  const there = outputEntries(registry, { name: profile.name, files: found }, folder)
  const wanted = resolved.map(({ target, assignments }): [string, Entry] => [
    entryKey(profile.name, target.id),
    entryOf(assignments),
  ])
  return difference(registry, new Map(there.map(([key, entry]) => [key, settingsOnly(entry)])), new Map(wanted))
}
