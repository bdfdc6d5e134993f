import { durationText } from '../../core/duration.ts'
import { detectionTime } from '../../core/resolve.ts'
import type { Timing } from '../../core/stack.ts'
import { defaultValue, inMilliseconds, nativeValue, rangeText } from '../../core/setting.ts'
import type { DurationSetting, Setting, Target } from '../../core/target.ts'
import { entryValues, type Entry } from '../entry.ts'
import type { Group, SettingChange } from './difference.ts'

/**
 * A value in the system's unit and for people: `300000 ms (5 min, 0x493e0)`; a value that is not set shows the default.
 */
export function nativeText(setting: Setting, value: number | boolean | undefined): string {
  if (value === undefined) return `not set (default ${nativeText(setting, defaultValue(setting))})`
  if (setting.kind === 'switch') return value === true ? '1 (on)' : '0 (off)'
  if (setting.kind === 'count') return String(value)
  const native = nativeValue(setting, value)
  return rangeText(setting, [Number(value)], setting.unit === 'ms' ? [`0x${native.toString(16)}`] : [])
}

/** The texts before and after the arrow. A side without the target shows no values. */
export function changeTexts({ kind }: Group, { setting, before, after }: SettingChange): readonly [string, string] {
  return [
    kind === 'added' ? NOTHING : nativeText(setting, before),
    kind === 'removed' ? NOTHING : nativeText(setting, after),
  ]
}
const NOTHING = '(not in it)'

/** The times at which an entry sends probes; the system's defaults stand in for fields that it does not set. */
export function timingOf({ settings }: Target, entry: Entry): Timing {
  const values = entryValues(entry)
  const time = (setting: DurationSetting, value: number | undefined) =>
    value ?? inMilliseconds(setting, setting.default)
  const { probes } = settings
  const fixed = probes.kind === 'unsupported' ? probes.fixed : probes.default
  return {
    idle: time(settings.idle, values.idle),
    interval: time(settings.interval, values.interval),
    probes: values.probes ?? (typeof fixed === 'number' ? fixed : undefined),
  }
}

function detection(target: Target, entry: Entry): number | undefined {
  return detectionTime(target, timingOf(target, entry))
}

/** The consequences of a group's change, as sentences. */
export function consequences(group: Group): readonly string[] {
  const { target, kind, before, after } = group
  if (kind === 'files') return ['The settings are the same; the files that set them differ.']
  if (kind === 'removed')
    return ['The kit no longer makes files for this target; machines keep the settings until these are uninstalled.']
  return [...noticed(detection(target, before), detection(target, after)), target.activation.text]
}

function noticed(before: number | undefined, after: number | undefined): readonly string[] {
  if (before === undefined || after === undefined)
    return ['The detection time is not known: no source says how many probes this system sends.']
  return before === after
    ? [`A dead peer is noticed after ${durationText(after)}, as before.`]
    : [`A dead peer is noticed after ${durationText(after)} instead of ${durationText(before)}.`]
}
