import { durationText } from './duration.ts'
import type { DurationSetting, Setting } from './target.ts'

// The three forms of a setting's value. A profile has times in ms and switches as true or false; the system reads a native
// value, with times in the setting's own unit and switches as 1 or 0; people read text.

const MS_PER = { ms: 1, s: 1_000 } as const

/** A native time in milliseconds. */
export function inMilliseconds({ unit }: DurationSetting, native: number): number {
  return native * MS_PER[unit]
}

/** Milliseconds in the setting's own unit; not a whole number where the unit is too coarse. */
export function inOwnUnit({ unit }: DurationSetting, ms: number): number {
  return ms / MS_PER[unit]
}

/** The native value for a profile's; not a whole number where the setting's unit is too coarse. */
export function nativeValue(setting: Setting, value: number | boolean): number {
  return setting.kind === 'duration' ? inOwnUnit(setting, Number(value)) : Number(value)
}

/** The profile's value for a native one; a switch is on unless it is 0. */
export function profileValue(setting: Setting, native: number): number | boolean {
  if (setting.kind === 'switch') return native !== 0
  return setting.kind === 'duration' ? inMilliseconds(setting, native) : native
}

/** The system's default, as a profile would have it. */
export function defaultValue(setting: Setting): number | boolean {
  return profileValue(setting, Number(setting.default))
}

/** A native value for people: `20 s`, `9`, `on`. */
export function settingText(setting: Setting, native: number): string {
  if (setting.kind === 'switch') return native === 1 ? 'on' : 'off'
  return setting.kind === 'count' ? String(native) : durationText(inMilliseconds(setting, native))
}

/** A setting's default for people. */
export function defaultText(setting: Setting): string {
  return settingText(setting, Number(setting.default))
}

/** The unit of a native value: `ms`, `s` or `probes`; for a switch, the meaning of its numbers. */
export function unitText(setting: Setting): string {
  return setting.kind === 'duration' ? setting.unit : setting.kind === 'count' ? 'probes' : '(1 is on, 0 is off)'
}

/** A time in ms as its native value, and as text for people where that differs: `300000 ms (5 min)`. */
export function exactText(setting: DurationSetting, ms: number): string {
  return rangeText(setting, [ms])
}

/** The same for the ends of a range: `900000 to 1800000 ms (15 min to 30 min)`. Notes follow the text for people. */
export function rangeText(setting: DurationSetting, times: readonly number[], notes: readonly string[] = []): string {
  const exact = `${times.map((ms) => inOwnUnit(setting, ms)).join(' to ')} ${setting.unit}`
  // A machine may hold 0 or less, which is no time; it has no other text.
  const text = times.some((ms) => ms <= 0) ? exact : times.map(durationText).join(' to ')
  const all = text === exact ? notes : [text, ...notes]
  return all.length === 0 ? exact : `${exact} (${all.join(', ')})`
}
