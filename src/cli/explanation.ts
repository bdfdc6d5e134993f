import { durationText } from '../core/duration.ts'
import type { Explanation } from '../core/explain.ts'
import { aligned } from './table.ts'

/** An explanation for a terminal. */
export function explanationText(one: Explanation): string {
  const columns = one.settings.map(({ key, value, hex, unit, text, defaultText }) => [
    key,
    unit === 'on/off' || unit === 'probes' ? String(value) : `${value} ${unit}`,
    hex,
    text,
    `(default ${defaultText})`,
  ])
  const sources = new Set(
    one.settings.flatMap((setting) => setting.sources.map(({ title, url }) => `${title}: ${url}`)),
  )
  return [
    `${one.profile} on ${one.target} (${one.systems})`,
    ...aligned(columns),
    ...one.unsupported.map(({ field, instead }) => `  no setting for ${field}: ${instead}`),
    `  a dead peer is noticed ${detectionText(one.detectionMs)}; ${defaultDetectionText(one.defaultDetectionMs)}`,
    `  ${one.activation}`,
    ...[...sources].map((source) => `  source: ${source}`),
    '',
  ].join('\n')
}

function detectionText(ms: number | null): string {
  return ms === null
    ? 'after idle + probes x interval, but the number of probes of this system is not known'
    : `${durationText(ms)} after its last sign of life`
}

function defaultDetectionText(ms: number | null): string {
  return ms === null
    ? 'nothing is known for a machine with nothing set either'
    : `with nothing set it would be ${durationText(ms)}`
}
