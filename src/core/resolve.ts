import { isError, problem, targetRule, type Diagnostic, type Path } from './diagnostic.ts'
import { formatDuration } from './duration.ts'
import { choose } from './intent/choose.ts'
import type { Profile } from './profile.ts'
import { exactText, inMilliseconds, nativeValue, profileValue } from './setting.ts'
import {
  FIELDS,
  type Assignment,
  type DurationSetting,
  type Field,
  type OptionValues,
  type Resolved,
  type Setting,
  type Target,
  type Values,
} from './target.ts'

/** A profile with its settings on each of its targets, ready to be made into files. */
export interface ResolvedProfile {
  readonly profile: Profile
  readonly resolved: readonly Resolved[]
  /** The targets that the caller chose among the profile's own; empty when it took all of them. */
  readonly selection: readonly string[]
}

/**
 * Resolves a profile for a target: native values, or the reasons why the target cannot hold them. Nothing is rounded,
 * clamped or repaired.
 */
export function resolve(profile: Profile, target: Target): Resolved {
  const override = profile.overrides.get(target.id)
  const given = { ...profile.values, ...override?.values }
  const pathOf = (field: Field): Path =>
    override !== undefined && field in override.values ? ['overrides', override.typed, field] : [field]
  const { values, chosen, diagnostics: wanted } = choose(target, profile.intent, given, pathOf)
  if (wanted.some(isError)) return unmade(profile, target, values, wanted)

  const answers = FIELDS.filter((field) => values[field] !== undefined).map((field) =>
    answer(target, field, values[field] as number | boolean, pathOf(field)),
  )
  const refused = (field: Field) => answers.some((one) => one.field === field && one.diagnostic?.severity === 'error')
  const anyRefused = FIELDS.some(refused)
  const rules = target.rules.flatMap((rule) => {
    // Values that were refused already need no second error from a rule.
    const hits =
      anyRefused && rule.severity === 'error' ? [] : rule.check(values).filter(({ field }) => !refused(field))
    return hits.map(({ field, message, data }) =>
      targetRule(rule.name, rule.severity, pathOf(field), message, { target: target.id, field, ...data }),
    )
  })
  return {
    target,
    values,
    options: optionValues(profile, target),
    assignments: answers.flatMap(({ assignment }) => assignment ?? []),
    unsupported: FIELDS.flatMap((field) => {
      const setting = target.settings[field]
      return values[field] !== undefined && setting.kind === 'unsupported' ? [{ field, setting }] : []
    }),
    chosen,
    detection: detectionTime(target, values),
    diagnostics: [...wanted, ...answers.flatMap(({ diagnostic }) => diagnostic ?? []), ...rules],
  }
}

/** A target that cannot meet the goals: nothing is made for it, and nothing else is reported. */
function unmade(profile: Profile, target: Target, values: Values, diagnostics: readonly Diagnostic[]): Resolved {
  const options = optionValues(profile, target)
  return { target, values, options, assignments: [], unsupported: [], chosen: [], detection: undefined, diagnostics }
}

function optionValues(profile: Profile, target: Target): OptionValues {
  const defaults = Object.entries(target.options).map(([name, option]) => [name, option.default])
  return { ...Object.fromEntries(defaults), ...profile.options.get(target.id) }
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
    return { field, diagnostic: problem('setting/unsupported', data, { path }) }
  }
  const diagnostic = refusal(target, setting, value, path)
  return diagnostic === undefined
    ? { field, assignment: { field, setting, value: nativeValue(setting, value) } }
    : { field, diagnostic }
}

function refusal(target: Target, setting: Setting, value: number | boolean, path: Path): Diagnostic | undefined {
  if (setting.kind === 'switch') return undefined
  const { min, max } = setting.range
  const own = nativeValue(setting, value)
  if (own < min || own > max) {
    const text = (one: number | boolean) =>
      setting.kind === 'duration' ? exactText(setting, Number(one)) : String(one)
    const [least, most] = [profileValue(setting, min), profileValue(setting, max)]
    const data = { target: target.id, key: setting.key, value: text(value), min: text(least), max: text(most) }
    return problem('setting/out-of-range', data, { path })
  }
  if (setting.kind === 'duration' && own % setting.step.size !== 0)
    return problem('setting/not-representable', inexact(target, setting, Number(value)), { path })
  return undefined
}

function inexact(target: Target, setting: DurationSetting, value: number) {
  const step = inMilliseconds(setting, setting.step.size)
  const below = Math.floor(value / step) * step
  return {
    target: target.id,
    key: setting.key,
    value: formatDuration(value),
    step: formatDuration(step),
    why: setting.step.why,
    instead: [below, below + step].map(formatDuration),
  }
}

/** idle + probes x interval in ms, with the system's own probe count if the profile has none or the system cannot set it. */
export function detectionTime(target: Target, values: Values): number | undefined {
  const probes = probeCount(target, values)
  return probes === undefined ? undefined : values.idle + probes * values.interval
}

/** The number of probes, by the profile or by the system; `undefined` if it is not known. */
export function probeCount({ settings: { probes: setting } }: Target, { probes }: Values): number | undefined {
  if (setting.kind === 'count') return probes ?? setting.default
  return typeof setting.fixed === 'number' ? setting.fixed : undefined
}

/** The detection time of a machine with nothing set. */
export function defaultDetectionTime(target: Target): number | undefined {
  const { idle, interval } = target.settings
  const values = { idle: inMilliseconds(idle, idle.default), interval: inMilliseconds(interval, interval.default) }
  return detectionTime(target, values)
}
