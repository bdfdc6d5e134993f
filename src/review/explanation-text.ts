import { durationText } from '../core/duration.ts'
import type { Explained, Judgement } from '../core/policy.ts'
import { implicationSentences } from '../core/implications.ts'
import { aligned } from '../core/table.ts'

/** An explanation for a terminal. */
export function explanationText(one: Explained): string {
  const columns = one.settings.map(({ field, key, value, hex, unit, text, defaultText }) => [
    one.implications.chosen.includes(field) ? `${key} (chosen)` : key,
    unit === 'on/off' || unit === 'probes' ? String(value) : `${value} ${unit}`,
    hex,
    text,
    `(default ${defaultText})`,
  ])
  const { policies = [] } = one
  const named = [
    ...one.settings.flatMap((setting) => setting.sources),
    ...one.implications.sources,
    ...policies.flatMap(({ source }) => source ?? []),
  ]
  const sources = new Set(named.map(({ title, url }) => `${title}: ${url}`))
  return [
    `${one.profile} on ${one.target} (${one.systems})`,
    ...aligned(columns),
    ...one.unsupported.map(({ field, instead }) => `  no setting for ${field}: ${instead}`),
    `  ${timelineText(one)}`,
    `  a dead peer is noticed ${detectionText(one.detectionMs)}${latestText(one)}; ${defaultDetectionText(one.defaultDetectionMs)}`,
    ...implicationSentences(one.implications).map((sentence) => `  ${sentence}`),
    `  ${one.activation}`,
    ...policies.flatMap(judgementLines),
    ...[...sources].map((source) => `  source: ${source}`),
    '',
  ].join('\n')
}

/** The sign of life, the probes and the drop in a line; of many probes the first and the last. */
function timelineText({ implications: { firstProbesMs, probes, lastProbeMs }, detectionMs }: Explained): string {
  const last = probes !== null && lastProbeMs !== null && probes > firstProbesMs.length
  return [
    'last sign of life',
    ...firstProbesMs.map((at, index) => `${durationText(at)}: probe ${index + 1}`),
    ...(last && probes > firstProbesMs.length + 1 ? ['...'] : []),
    ...(last ? [`${durationText(lastProbeMs)}: probe ${probes}`] : []),
    detectionMs === null ? '...' : `${durationText(detectionMs)}: dropped`,
  ].join(' -> ')
}

/** The latest possible detection, if it is known and differs. */
function latestText({ implications: { detectionAtLatestMs, timers }, detectionMs }: Explained): string {
  return detectionAtLatestMs === null || detectionAtLatestMs === detectionMs
    ? ''
    : `, at the latest ${durationText(detectionAtLatestMs)} (${timers})`
}

function judgementLines({ policy, title, target, verdict, checks }: Judgement): readonly string[] {
  if (verdict === 'silent') return [`  policy ${policy} does not apply to ${target} (${title})`]
  return [
    `  policy ${policy}: ${verdict} (${title})`,
    ...checks.map(
      ({ key, found, wanted, passes }) => `    ${passes ? 'passes' : 'fails'}: ${key} is ${found}, wanted ${wanted}`,
    ),
  ]
}

function detectionText(ms: number | null): string {
  return ms === null
    ? 'after idle + probes x interval; the number of probes of this system is not known'
    : `${durationText(ms)} after its last sign of life`
}

function defaultDetectionText(ms: number | null): string {
  return ms === null
    ? 'with the system defaults it is not known either'
    : `with the system defaults it would be ${durationText(ms)}`
}
