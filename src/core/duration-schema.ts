import * as z from 'zod'
import { formatDuration, parseDuration } from './duration.ts'
import { finding, report, type Finding } from './finding.ts'

/** Keys of a profile that are times. */
export const TIMES = ['idle', 'interval', 'init', 'detect', 'idle-limit'] as const
export type Time = (typeof TIMES)[number]

/** Why 0 is refused. */
const ZERO: Readonly<Record<Time, string>> = {
  idle: 'Windows documents 1 as the least, FreeBSD refuses 0, and Linux would probe without a pause',
  interval: 'Windows documents 1 as the least, FreeBSD refuses 0, and no peer could answer in time',
  init: 'FreeBSD refuses it, and no connection could be established in no time',
  detect: 'nothing is noticed in no time',
  'idle-limit': 'nothing would get through',
}

/** A time of a profile for editors: what {@link parseDuration} takes, without 0. */
export const DURATION_PATTERN = '^[1-9][0-9]*(ms|s|min|h)$'

/** The schema of a time: text goes in, milliseconds come out. */
export function duration(key: Time, description: string) {
  const text = z
    .string()
    .check((context) => report(context, durationFinding(key, context.value)))
    .meta({ description, pattern: DURATION_PATTERN, examples: ['20s', '1500ms', '2h'] })
  // The check has refused what is no number of milliseconds, and a codec does not go on after that.
  return z.codec(text, z.number(), { decode: (given) => Number(parseDuration(given)), encode: formatDuration })
}

/** What is wrong with a time, as text. */
export function durationFinding(key: Time, text: string): Finding | undefined {
  const ms = parseDuration(text)
  if (typeof ms === 'number')
    return ms === 0 ? finding('profile/zero', { key, why: ZERO[key], least: '1ms' }) : undefined
  if (ms.kind === 'no-unit' && text === '0') return finding('profile/zero', { key, why: ZERO[key], least: '1ms' })
  if (ms.kind === 'no-unit') return finding('profile/unit-missing', { key, text })
  if (ms.kind === 'too-long') return finding('profile/duration-too-long', { key, text })
  return finding('profile/bad-duration', { key, text, hint: ms.hint })
}
