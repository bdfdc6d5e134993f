import { hasIntent } from './intent/ask.ts'
import rows from '../data/policies.json' with { type: 'json' }
import { problem, type Diagnostic } from './diagnostic.ts'
import type { Explanation } from './explain.ts'
import { valueText, type Profile } from './profile.ts'
import { boundsOf, type Bounds, type Sourced, type TimeBounds } from './sourced.ts'
import { rangeText } from './setting.ts'
import type { Resolved, Target } from './target.ts'

/** The fields that a policy can set bounds for. */
export const POLICY_FIELDS = ['idle', 'interval', 'probes'] as const
export type PolicyField = (typeof POLICY_FIELDS)[number]

/** The bounds that a policy sets for some targets. */
export interface PolicyRule extends Sourced {
  /** By id. */
  readonly targets: readonly string[]
  /** Times in ms, `probes` a count; a field that is left out may have any value. */
  readonly wants: { readonly [field in PolicyField]?: Bounds | undefined }
}

/** Numbers that an authority demands or recommends. At most one of the rules is about a target. */
export interface Policy {
  readonly name: string
  readonly title: string
  readonly rules: readonly PolicyRule[]
}

/** The verdict of a policy on one target of a profile. */
export interface Judgement {
  readonly policy: string
  readonly title: string
  readonly target: string
  /** `silent`: the policy has no rule for the target. */
  readonly verdict: 'passes' | 'fails' | 'silent'
  readonly checks: readonly Check[]
  /** The source of the rule; left out for a target without one. */
  readonly source?: Sourced['source']
}

/** One number and the bounds of the policy for it; texts are in the system's own unit: `300000 ms (5 min)`. */
export interface Check {
  readonly field: PolicyField
  /** The native name. */
  readonly key: string
  readonly wanted: string
  readonly found: string
  readonly passes: boolean
  /** The nearest value that passes, as a profile writes it. */
  readonly instead: string
}

/** An explanation with the judgements of policies. */
export interface Explained extends Explanation {
  readonly policies?: readonly Judgement[]
}

/** Two policies that no value of a field meets together. */
export interface Conflict {
  readonly target: string
  readonly field: PolicyField
  readonly policies: readonly [string, string]
  /** The bounds that each of the two wants, as text. */
  readonly wanted: readonly [string, string]
}

interface Row extends Sourced {
  readonly targets: readonly string[]
  readonly idle?: TimeBounds | undefined
  readonly interval?: TimeBounds | undefined
  readonly probes?: Bounds | undefined
}

/** Every policy that the kit knows, by name. */
export const POLICIES: ReadonlyMap<string, Policy> = new Map(
  rows.map(({ name, title, rules }): [string, Policy] => [name, { name, title, rules: rules.map(ruleFrom) }]),
)

/** Finds a policy by its name; an unknown name is `policy/unknown`. */
export function findPolicy(name: string): Policy | undefined {
  return POLICIES.get(name)
}

function ruleFrom({ targets, idle, interval, probes, source, read }: Row): PolicyRule {
  return {
    targets,
    wants: { idle: idle && boundsOf(idle), interval: interval && boundsOf(interval), probes },
    source,
    read,
  }
}

/** Judges a resolved target by a policy. */
export function judge({ name, title, rules }: Policy, resolved: Resolved): Judgement {
  const target = resolved.target.id
  const rule = ruleFor(rules, target)
  if (rule === undefined) return { policy: name, title, target, verdict: 'silent', checks: [] }
  const checks = POLICY_FIELDS.flatMap((field) => {
    const bounds = rule.wants[field]
    return bounds === undefined ? [] : [checked(resolved, field, bounds)]
  })
  const verdict = checks.every(({ passes }) => passes) ? 'passes' : 'fails'
  return { policy: name, title, target, verdict, checks, source: rule.source }
}

function ruleFor(rules: readonly PolicyRule[], target: string): PolicyRule | undefined {
  return rules.find(({ targets }) => targets.includes(target))
}

function checked({ target, values }: Resolved, field: PolicyField, bounds: Bounds): Check {
  const setting = target.settings[field]
  if (setting.kind === 'unsupported') throw new Error(`bug: a policy wants ${field} of ${target.id}, which has none`)
  const found = values[field] ?? setting.default
  const { least = -Infinity, most = Infinity } = bounds
  return {
    field,
    key: setting.key,
    wanted: wantedText(target, field, bounds),
    found: amount(target, field, [found]),
    passes: least <= found && found <= most,
    instead: String(valueText(field, Math.min(Math.max(found, least), most))),
  }
}

/** Failed checks as diagnostics, each with its place in the profile. */
export function failures(profile: Profile, { policy, target, checks }: Judgement): readonly Diagnostic[] {
  const override = profile.overrides.get(target)
  return checks
    .filter(({ passes }) => !passes)
    .map(({ field, key, found, wanted, instead }) => {
      const data = { target, key, found, policy, wanted }
      if (override?.values[field] === undefined && profile.values[field] === undefined && hasIntent(profile.intent)) {
        const write = `overrides: { ${target}: { ${field}: ${instead} } }`
        const wish = profile.intent.detect === undefined ? 'path' : 'detect'
        return problem('policy/fails', { ...data, write, chosenFor: wish }, { path: [wish] })
      }
      const path = override?.values[field] === undefined ? [field] : ['overrides', override.typed, field]
      return problem('policy/fails', { ...data, write: `${field}: ${instead}`, chosenFor: undefined }, { path })
    })
}

/** Every pair of policies that contradict each other, by target and field. */
export function conflicts(policies: readonly Policy[], targets: readonly Target[]): readonly Conflict[] {
  const pairs = policies.flatMap((one, index) => policies.slice(index + 1).map((other) => [one, other] as const))
  return targets.flatMap((target) =>
    POLICY_FIELDS.flatMap((field) => pairs.flatMap(([one, other]) => conflict(target, field, one, other) ?? [])),
  )
}

function conflict(target: Target, field: PolicyField, one: Policy, other: Policy): Conflict | undefined {
  const a = ruleFor(one.rules, target.id)?.wants[field]
  const b = ruleFor(other.rules, target.id)?.wants[field]
  if (a === undefined || b === undefined) return undefined
  const least = Math.max(a.least ?? -Infinity, b.least ?? -Infinity)
  const most = Math.min(a.most ?? Infinity, b.most ?? Infinity)
  return least <= most
    ? undefined
    : {
        target: target.id,
        field,
        policies: [one.name, other.name],
        wanted: [wantedText(target, field, a), wantedText(target, field, b)],
      }
}

/** `300000 ms (5 min)`, `900000 to 1800000 ms (15 min to 30 min)`, `at most 300000 ms (5 min)`. */
function wantedText(target: Target, field: PolicyField, { least, most }: Bounds): string {
  if (least !== undefined && least === most) return amount(target, field, [least])
  if (least !== undefined && most !== undefined) return amount(target, field, [least, most])
  return most === undefined
    ? `at least ${amount(target, field, [Number(least)])}`
    : `at most ${amount(target, field, [most])}`
}

function amount({ settings }: Target, field: PolicyField, values: readonly number[]): string {
  if (field === 'probes') return `${values.join(' to ')} probes`
  const setting = settings[field]
  return rangeText(setting, values)
}
