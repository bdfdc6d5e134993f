import { bundle } from '../core/bundle.ts'
import { renderCache } from '../core/render-cache.ts'
import type { Checked } from '../source/check.ts'
import { entryKey, entryOf, filesDigest, type Entries, type Entry } from '../review/entry.ts'
import type { KitContext } from '../core/context.ts'

/** The lock's entries for profiles: their settings, and the digests of the files that this version makes of them. */
export function lockedEntries({ template, version }: KitContext, checked: readonly Checked[]): Entries {
  const cache = renderCache()
  return new Map(
    checked.flatMap((one) => {
      const { artifacts } = bundle(template, { ...one, version }, cache)
      return one.resolved.map(({ target, assignments }): [string, Entry] => [
        entryKey(one.profile.name, target.id),
        entryOf(assignments, filesDigest(target.id, artifacts, cache.digests)),
      ])
    }),
  )
}
