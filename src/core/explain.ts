import { assignmentText, standardText } from './render.ts'
import { durationText } from './duration.ts'
import type { Profile } from './profile.ts'
import { FIELDS, type Assignment, type Resolved, type Source } from './target.ts'

/** What one target does for one profile, as plain data: the answer of `explain` in every format. */
export interface Explanation {
  readonly profile: string
  readonly target: string
  readonly systems: string
  readonly settings: readonly {
    readonly field: string
    readonly key: string
    /** In `unit`, as the system reads it. */
    readonly value: number
    readonly hex: string
    readonly unit: 'ms' | 's' | 'probes' | 'on/off'
    readonly text: string
    readonly default: number
    readonly defaultText: string
    readonly sources: readonly Source[]
  }[]
  /** Fields of the profile that the system has no setting for, and what it does instead. */
  readonly unsupported: readonly {
    readonly field: string
    readonly instead: string
    readonly sources: readonly Source[]
  }[]
  /** idle + probes x interval in ms, or `null` where the system's probe count is not known. */
  readonly detectionMs: number | null
  /** The same for a machine with nothing set. */
  readonly defaultDetectionMs: number | null
  readonly activation: string
  readonly files: readonly string[]
}

export function explain(profile: Profile, resolved: Resolved): Explanation {
  const { target, detection } = resolved
  return {
    profile: profile.name,
    target: target.id,
    systems: target.systems,
    settings: resolved.assignments.map(settingRow),
    unsupported: resolved.unsupported.flatMap((field) => {
      const setting = target.settings[field]
      return setting.kind === 'unsupported' ? [{ field, instead: setting.instead, sources: setting.sources }] : []
    }),
    detectionMs: detection ?? null,
    defaultDetectionMs: defaultDetection(resolved),
    activation: target.activation,
    files: target.outputs.map(({ path }) => `${target.id}/${path}`),
  }
}

function settingRow(assignment: Assignment): Explanation['settings'][number] {
  const { field, setting, value } = assignment
  const units = {
    duration: setting.kind === 'duration' ? setting.unit : 'ms',
    count: 'probes',
    switch: 'on/off',
  } as const
  return {
    field,
    key: setting.key,
    value,
    hex: `0x${value.toString(16)}`,
    unit: units[setting.kind],
    text: assignmentText(assignment),
    default: Number(setting.default),
    defaultText: standardText(setting),
    sources: setting.sources,
  }
}

function defaultDetection({ target }: Resolved): number | null {
  const [idle, interval, probes] = FIELDS.slice(0, 3).map((field) => {
    const setting = target.settings[field]
    if (setting.kind === 'unsupported') return typeof setting.fixed === 'number' ? setting.fixed : undefined
    return setting.kind === 'duration' && setting.unit === 's' ? setting.default * 1_000 : Number(setting.default)
  })
  return idle === undefined || interval === undefined || probes === undefined ? null : idle + probes * interval
}

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

/** Columns padded to the widest cell, indented. */
export function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}
