import { detectionTime } from '../../core/resolve.ts'
import { nativeValue, unitText } from '../../core/setting.ts'
import type { Field, Registry, Setting } from '../../core/target.ts'
import type { Entry } from '../entry.ts'
import { consequences, timingOf } from './consequences.ts'
import { groupOf, type Difference, type Group, type SettingChange } from './difference.ts'

/** A difference as plain data, for programs. */
export interface DifferenceData {
  /** The groups, the largest first. */
  readonly groups: readonly GroupData[]
  /** The number of pairs of profile and target that are the same on both sides. */
  readonly same: number
  /** The number of profiles that are the same on every target. */
  readonly untouched: number
}

/** The same change of one profile, or of thousands, on one target. */
export interface GroupData {
  /** The target's id. */
  readonly target: string
  /** `added` and `removed`: only one side has the target; `files`: the files differ, the settings do not. */
  readonly kind: Group['kind']
  /** The names of the profiles, sorted. */
  readonly profiles: readonly string[]
  readonly changes: readonly ChangeData[]
  /** The detection times; `null` where not known. */
  readonly detectionMs: { readonly before: number | null; readonly after: number | null }
  /** The consequences, one sentence each. */
  readonly consequences: readonly string[]
  /** All settings of each side, in the words of a profile. */
  readonly settings: { readonly before: Entry; readonly after: Entry }
}

/** A setting before and after, in the system's own unit; `null` where it is not set. */
export interface ChangeData {
  readonly field: Field
  /** The native name. */
  readonly key: string
  /** `ms`, `s`, `probes`, or the meaning of a switch. */
  readonly unit: string
  readonly before: number | null
  readonly after: number | null
}

/** A difference as plain data; {@link differenceFrom} reverses it. */
export function differenceData({ groups, same, untouched }: Difference): DifferenceData {
  return { groups: groups.map(groupData), same, untouched }
}

/** The difference that the data describes, without targets that `registry` does not know. */
export function differenceFrom(registry: Registry, { groups, same, untouched }: DifferenceData): Difference {
  return { groups: groups.flatMap((group) => groupFrom(registry, group) ?? []), same, untouched }
}

function groupFrom(registry: Registry, { target: id, kind, profiles, settings }: GroupData): Group | undefined {
  const target = registry.get(id)
  const [was, is] = [kind === 'added' ? undefined : settings.before, kind === 'removed' ? undefined : settings.after]
  return target && groupOf(target, profiles, was, is)
}

function groupData(group: Group): GroupData {
  const { target, kind, profiles, changes, before, after } = group
  const detectionMs = (entry: typeof before) => detectionTime(target, timingOf(target, entry)) ?? null
  return {
    target: target.id,
    kind,
    profiles,
    changes: changes.map(changeData),
    detectionMs: { before: detectionMs(before), after: detectionMs(after) },
    consequences: consequences(group),
    settings: { before, after },
  }
}

function changeData({ field, setting, before, after }: SettingChange): ChangeData {
  return {
    field,
    key: setting.key,
    unit: unitText(setting),
    before: native(setting, before),
    after: native(setting, after),
  }
}

function native(setting: Setting, value: number | boolean | undefined): number | null {
  return value === undefined ? null : nativeValue(setting, value)
}
