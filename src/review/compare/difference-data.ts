import { detectionTime } from '../../core/resolve.ts'
import { inOwnUnit, type Setting } from '../../core/target.ts'
import { unitText } from '../../core/render.ts'
import { consequences, timingOf } from './consequences.ts'
import type { Difference, Group, SettingChange } from './difference.ts'

/** A difference as plain data, for programs: values in the system's own unit, `null` where nothing is set. */
export function differenceData({ groups, same }: Difference): object {
  return { groups: groups.map(groupData), same }
}

function groupData(group: Group): object {
  const { target, kind, profiles, changes, before, after } = group
  const detectionMs = (entry: typeof before) => detectionTime(target, timingOf(target, entry)) ?? null
  return {
    target: target.id,
    kind,
    profiles,
    changes: changes.map(changeData),
    detectionMs: { before: detectionMs(before), after: detectionMs(after) },
    consequences: consequences(group),
  }
}

function changeData({ field, setting, before, after }: SettingChange): object {
  return {
    field,
    key: setting.key,
    unit: unitText(setting),
    before: native(setting, before),
    after: native(setting, after),
  }
}

function native(setting: Setting, value: number | boolean | undefined): number | null {
  if (value === undefined) return null
  return setting.kind === 'duration' ? inOwnUnit(setting, Number(value)) : Number(value)
}
