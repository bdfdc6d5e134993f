import { byCodeUnit } from '../../core/diagnostic.ts'
import { FIELDS, type Field, type Registry, type Setting, type Target } from '../../core/target.ts'
import { entryValues, keyParts, plainValue, type Entries, type Entry } from '../entry.ts'

/** A setting of a target, before and after: times in ms, `undefined` if it is not set. */
export interface SettingChange {
  readonly field: Field
  readonly setting: Setting
  readonly before: number | boolean | undefined
  readonly after: number | boolean | undefined
}

/** The same change of one profile, or of thousands, on one target. */
export interface Group {
  readonly target: Target
  /** `added` and `removed`: only one side has the target; `files`: the files differ, the settings do not. */
  readonly kind: 'changed' | 'added' | 'removed' | 'files'
  /** The names of the profiles, sorted. */
  readonly profiles: readonly string[]
  readonly changes: readonly SettingChange[]
  readonly before: Entry
  readonly after: Entry
}

/** The differences between two sides, with equal changes in one group; the largest group is first. */
export interface Difference {
  readonly groups: readonly Group[]
  /** The number of pairs of profile and target that are the same on both sides. */
  readonly same: number
  /** The number of profiles that are the same on every target. */
  readonly untouched: number
}

/** Compares two sides, entry by entry. Targets that `registry` does not know are skipped. */
export function difference(registry: Registry, before: Entries, after: Entries): Difference {
  const gathered = new Map<string, { names: string[]; was: Entry | undefined; is: Entry | undefined }>()
  let same = 0
  const meet = (key: string, was: Entry | undefined, is: Entry | undefined): void => {
    if (was !== undefined && is !== undefined && sameEntry(was, is)) {
      same += 1
      return
    }
    const { profile, target } = keyParts(key)
    const change = `${target} ${settingsText(was)} ${settingsText(is)}`
    const group = gathered.get(change)
    if (group === undefined) gathered.set(change, { names: [profile], was, is })
    else group.names.push(profile)
  }
  const profiles = new Set<string>()
  for (const [key, was] of before) {
    profiles.add(keyParts(key).profile)
    meet(key, was, after.get(key))
  }
  for (const [key, is] of after) {
    if (before.has(key)) continue
    profiles.add(keyParts(key).profile)
    meet(key, undefined, is)
  }
  const order = [...registry.keys()]
  const groups = [...gathered].flatMap(([change, { names, was, is }]): readonly Group[] => {
    const target = registry.get(change.slice(0, change.indexOf(' ')))
    return target === undefined ? [] : [groupOf(target, names.toSorted(byCodeUnit), was, is)]
  })
  return {
    groups: groups.toSorted(
      (a, b) =>
        b.profiles.length - a.profiles.length ||
        byCodeUnit(String(a.profiles[0]), String(b.profiles[0])) ||
        order.indexOf(a.target.id) - order.indexOf(b.target.id),
    ),
    same,
    untouched: profiles.size - new Set([...gathered.values()].flatMap(({ names }) => names)).size,
  }
}

/** Whether two entries agree, as far as both say anything. */
export function sameEntry(was: Entry, is: Entry): boolean {
  return sameSettings(was, is) && sameFiles(was, is)
}

/** Equal texts need no computation; `60s` and `1min` are the same too. */
function sameSettings(was: Entry, is: Entry): boolean {
  return FIELDS.every((field) => was[field] === is[field] || plainValue(was[field]) === plainValue(is[field]))
}

/** Files are compared only if both sides have a digest of them. */
function sameFiles(was: Entry, is: Entry): boolean {
  return was.sha256 === undefined || is.sha256 === undefined || was.sha256 === is.sha256
}

function settingsText(entry: Entry | undefined): string {
  return entry === undefined ? 'none' : FIELDS.map((field) => String(entry[field] ?? '')).join(',')
}

/** The changes of a target from one entry to another; `undefined` means that the side does not have the target. */
export function groupOf(
  target: Target,
  profiles: readonly string[],
  was: Entry | undefined,
  is: Entry | undefined,
): Group {
  const [before, after] = [was ?? {}, is ?? {}]
  const [from, to] = [entryValues(before), entryValues(after)]
  const changes = FIELDS.flatMap((field): readonly SettingChange[] => {
    const setting = target.settings[field]
    return from[field] === to[field] || setting.kind === 'unsupported'
      ? []
      : [{ field, setting, before: from[field], after: to[field] }]
  })
  const kind = was === undefined ? 'added' : is === undefined ? 'removed' : changes.length === 0 ? 'files' : 'changed'
  return { target, kind, profiles, changes, before, after }
}
