import * as z from 'zod'
import { formatDuration, parseDuration } from './duration.ts'
import { finding, report, type Finding } from './finding.ts'
import { FIELDS, type Registry } from './target.ts'
import { listed } from './words.ts'

/** Keys of a profile that are times. */
export const TIMES = ['idle', 'interval', 'init', 'detect', 'idle-limit'] as const
export type Time = (typeof TIMES)[number]

/** Why 0 is refused for a time that no system has a setting for. */
const OWN_REASONS: Readonly<Record<string, string>> = {
  detect: 'nothing is noticed in no time',
  'idle-limit': 'nothing would get through',
}

/** Why a field cannot be 0: the behaviour of each system, with equal ones together. */
export function whyNotZero(key: Time | 'probes', registry: Registry): string {
  const field = FIELDS.find((one) => one === key)
  if (field === undefined) return String(OWN_REASONS[key])
  const families = new Map<string, Set<string>>()
  for (const { family, settings } of registry.values()) {
    const setting = settings[field]
    if (setting.kind !== 'duration' && setting.kind !== 'count') continue
    families.set(setting.zero, (families.get(setting.zero) ?? new Set()).add(family))
  }
  return listed([...families].map(([zero, names]) => `${listed([...names])} ${zero}`))
}

/** The pattern of a time for editors: everything that {@link parseDuration} accepts, without 0. */
export const DURATION_PATTERN = '^[1-9][0-9]*(ms|s|min|h)$'

/** The schema of a time: text goes in, milliseconds come out. */
export function duration(key: Time, description: string, registry: Registry) {
  const text = z
    .string()
    .check((context) => report(context, durationFinding(key, context.value, registry)))
    .meta({ description, pattern: DURATION_PATTERN, examples: ['20s', '1500ms', '2h'] })
  // The check has refused anything else, and a codec does not go on after that.
  return z.codec(text, z.number(), { decode: (given) => Number(parseDuration(given)), encode: formatDuration })
}

/** The problem of a time that is given as text. */
export function durationFinding(key: Time, text: string, registry: Registry): Finding | undefined {
  const ms = parseDuration(text)
  const zero = () => finding('profile/zero', { key, why: whyNotZero(key, registry), least: '1ms' })
  if (typeof ms === 'number') return ms === 0 ? zero() : undefined
  if (ms.kind === 'no-unit' && text === '0') return zero()
  if (ms.kind === 'no-unit') return finding('profile/unit-missing', { key, text })
  if (ms.kind === 'too-long') return finding('profile/duration-too-long', { key, text })
  return finding('profile/bad-duration', { key, text, hint: ms.hint })
}
