import { problem, targetRule, type Diagnostic, type Path } from './diagnostic.ts'
import { durationText, formatDuration } from './duration.ts'
import type { Profile } from './profile.ts'
import {
  FIELDS,
  type Assignment,
  type DurationSetting,
  type Field,
  type Resolved,
  type Setting,
  type Target,
  type Values,
} from './target.ts'

const MS_PER = { ms: 1, s: 1_000 } as const

/**
 * What a target makes of a profile: native values, or the reasons why it cannot hold them. The only place where units
 * meet; nothing is rounded, clamped or repaired.
 */
export function resolve(profile: Profile, target: Target): Resolved {
  const override = profile.overrides.get(target.id) ?? {}
  const values: Values = { ...profile.values, ...override }
  const pathOf = (field: Field): Path => (field in override ? ['overrides', target.id, field] : [field])

  const answers = FIELDS.filter((field) => values[field] !== undefined).map((field) =>
    answer(target, field, values[field] as number | boolean, pathOf(field)),
  )
  const refused = (field: Field) => answers.some((one) => one.field === field && one.diagnostic?.severity === 'error')
  const rules = target.rules.flatMap((rule) => {
    const hit = rule.check(values)
    return hit === undefined || refused(hit.field)
      ? []
      : [targetRule(target.id, rule.name, rule.severity, pathOf(hit.field), hit.message)]
  })
  return {
    target,
    values,
    assignments: answers.flatMap(({ assignment }) => assignment ?? []),
    unsupported: FIELDS.filter((field) => values[field] !== undefined && target.settings[field].kind === 'unsupported'),
    detection: detectionTime(target, values),
    diagnostics: [...answers.flatMap(({ diagnostic }) => diagnostic ?? []), ...rules],
  }
}

interface Answer {
  readonly field: Field
  readonly assignment?: Assignment
  readonly diagnostic?: Diagnostic
}

function answer(target: Target, field: Field, value: number | boolean, path: Path): Answer {
  const setting = target.settings[field]
  if (setting.kind === 'unsupported') {
    if (setting.fixed === value) return { field }
    const data = { target: target.id, field, instead: setting.instead }
    return { field, diagnostic: problem('setting/unsupported', data, { severity: 'warning', path }) }
  }
  const diagnostic = refusal(target, setting, Number(value), path)
  return diagnostic === undefined
    ? { field, assignment: { field, setting, value: native(setting, Number(value)) } }
    : { field, diagnostic }
}

function native(setting: Setting, value: number): number {
  return setting.kind === 'duration' ? value / MS_PER[setting.unit] : value
}

function refusal(target: Target, setting: Setting, value: number, path: Path): Diagnostic | undefined {
  if (setting.kind === 'switch') return undefined
  const { min, max } = setting.range
  const size = setting.kind === 'duration' ? MS_PER[setting.unit] : 1
  if (value < min * size || value > max * size) {
    const [text, least, most] = [value, min * size, max * size].map((n) => words(setting, n)) as [
      string,
      string,
      string,
    ]
    return problem(
      'setting/out-of-range',
      { target: target.id, key: setting.key, value: text, min: least, max: most },
      { path },
    )
  }
  if (setting.kind === 'duration' && value % (setting.step.size * size) !== 0)
    return problem('setting/not-representable', inexact(target, setting, value), { path })
  return undefined
}

function inexact(target: Target, setting: DurationSetting, value: number) {
  const step = setting.step.size * MS_PER[setting.unit]
  const below = Math.floor(value / step) * step
  const { min, max } = setting.range
  const instead = [below, below + step].filter(
    (ms) => ms >= min * MS_PER[setting.unit] && ms <= max * MS_PER[setting.unit],
  )
  return {
    target: target.id,
    key: setting.key,
    value: formatDuration(value),
    step: formatDuration(step),
    why: setting.step.why,
    instead: instead.map(formatDuration),
  }
}

function words(setting: Setting, value: number): string {
  if (setting.kind !== 'duration') return String(value)
  const exact = `${value / MS_PER[setting.unit]} ${setting.unit}`
  return durationText(value) === exact ? exact : `${durationText(value)} (${exact})`
}

/** idle + probes x interval, with the system's own probe count where the profile or the system leaves no choice. */
export function detectionTime(target: Target, values: Values): number | undefined {
  const setting = target.settings.probes
  const probes =
    setting.kind === 'unsupported' ? setting.fixed : (values.probes ?? (setting as { default: number }).default)
  return typeof probes === 'number' ? values.idle + probes * values.interval : undefined
}
