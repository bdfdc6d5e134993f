import { detectionTime } from '../../core/resolve.ts'
import { nativeValue, unitText } from '../../core/setting.ts'
import type { Field, Registry, Setting } from '../../core/target.ts'
import type { Entry } from '../entry.ts'
import { consequences, timingOf } from './consequences.ts'
import { groupOf, type Difference, type Group, type SettingChange } from './difference.ts'

/** A difference as plain data, for programs. */
export interface DifferenceData {
  /** The largest first. */
  readonly groups: readonly GroupData[]
  /** How many pairs of profile and target are the same on both sides. */
  readonly same: number
  /** How many profiles are the same on every target. */
  readonly untouched: number
}

/** The same change of one profile, or of thousands, on one target. */
export interface GroupData {
  /** By id. */
  readonly target: string
  /** `added` and `removed`: only one side has the target; `files`: the settings are the same, but not the files. */
  readonly kind: Group['kind']
  /** Names, sorted. */
  readonly profiles: readonly string[]
  readonly changes: readonly ChangeData[]
  /** When a dead peer is noticed; `null` where nobody knows. */
  readonly detectionMs: { readonly before: number | null; readonly after: number | null }
  /** A sentence each. */
  readonly consequences: readonly string[]
  /** All that is set on each side, in the words of a profile. */
  readonly settings: { readonly before: Entry; readonly after: Entry }
}

/** A setting before and after, in the system's own unit; `null` where it is not set. */
export interface ChangeData {
  readonly field: Field
  /** The native name. */
  readonly key: string
  /** `ms`, `s`, `probes`, or how a switch is meant. */
  readonly unit: string
  readonly before: number | null
  readonly after: number | null
}

export function differenceData({ groups, same, untouched }: Difference): DifferenceData {
  return { groups: groups.map(groupData), same, untouched }
}

/** The difference that data is of; what is about a target that `registry` does not know is left out. */
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
