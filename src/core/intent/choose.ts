import { problem, type Diagnostic, type Path } from '../diagnostic.ts'
import { formatDuration } from '../duration.ts'
import { inMilliseconds } from '../setting.ts'
import type { Field, Target, Values } from '../target.ts'
import { hasIntent, LEAST, TOLERATE, type Ask, type Asked, type Intent } from './ask.ts'
import { conflictOf } from './conflict.ts'
import { isKnown, solve } from './solve.ts'

/** The numbers of one system for one profile. */
export interface Chosen {
  readonly values: Values
  /** Those that the kit chose. */
  readonly chosen: readonly Field[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The values of a target: those that the profile gives, checked against what it wants, and for the rest what the kit
 * chooses. Where nothing keeps it all, the values are the system's defaults, which no file is made of.
 */
export function choose(target: Target, intent: Intent, given: Partial<Values>, pathOf: (field: Field) => Path): Chosen {
  if (!hasIntent(intent)) return { values: withDefaults(target, given), chosen: [], diagnostics: [] }
  const ask = askOf(target, intent, given)
  const choice = solve(target, ask)
  if (choice === undefined)
    return {
      values: withDefaults(target, given),
      chosen: [],
      diagnostics: [impossible(target, intent, ask, pathOf)],
    }
  const { idle, interval, probes } = choice
  const own = { idle, interval, ...(target.settings.probes.kind === 'count' ? { probes } : {}) }
  const values = { ...given, ...own }
  const chosen = (['idle', 'interval', 'probes'] as const).filter((field) => field in own && given[field] === undefined)
  return { values, chosen, diagnostics: unpromised(target, intent, ask) }
}

function withDefaults({ settings: { idle, interval } }: Target, given: Partial<Values>): Values {
  return { idle: inMilliseconds(idle, idle.default), interval: inMilliseconds(interval, interval.default), ...given }
}

function askOf(target: Target, { detect, path, tolerate = TOLERATE }: Intent, given: Partial<Values>): Ask {
  const { idle, interval, probes } = given
  const own = target.settings.probes.kind === 'count' ? { probes } : {}
  // Where nobody knows how many probes there are, given numbers cannot be held against a detection time.
  const isChecked = isKnown(target) || idle === undefined || interval === undefined
  return { detect: isChecked ? detect : undefined, path: shortest(path)?.limit, tolerate, idle, interval, ...own }
}

/** The limit that all others leave room for. */
function shortest(path: Intent['path']): Intent['path'][number] | undefined {
  return path.toSorted((a, b) => a.limit - b.limit)[0]
}

/** A system whose probe count nobody knows can keep promises about the path only. */
function unpromised(target: Target, { detect, tolerate = TOLERATE }: Intent, ask: Ask): readonly Diagnostic[] {
  if (detect === undefined || isKnown(target)) return []
  const fit = ask.detect === undefined ? undefined : tolerate + 1
  const data = { target: target.id, detect: formatDuration(detect), fit }
  return [problem('intent/no-detection', data, { path: ['detect'] })]
}

function impossible(target: Target, intent: Intent, ask: Ask, pathOf: (field: Field) => Path): Diagnostic {
  const { between, nearest } = conflictOf(target, ask)
  const first = between.find((key) => !isOwn(intent, key)) ?? 'detect'
  const data = {
    target: target.id,
    wishes: between.map((key) => `${wish(intent, key, ask[key] ?? 0)}${isOwn(intent, key) ? ' (when left out)' : ''}`),
    because: because(target, ask, between),
    instead: between.flatMap((key) => (nearest[key] === undefined ? [] : [wish(intent, key, nearest[key])])),
  }
  return problem('intent/impossible', data, { path: placeOf(intent, first, pathOf) })
}

/** Whether something asked is the kit's own and not the profile's. */
function isOwn({ tolerate }: Intent, key: Asked): boolean {
  return key === 'tolerate' && tolerate === undefined
}

/** A wish as a profile says it. */
function wish(intent: Intent, key: Asked, value: number): string {
  if (key === 'tolerate' || key === 'probes') return `${key}: ${value}`
  if (key !== 'path') return `${key}: ${formatDuration(value)}`
  return `an idle limit of ${formatDuration(value)} (${shortest(intent.path)?.name ?? 'path'})`
}

/** The goals of a profile, a line each; a path is named by its shortest limit, which decides. */
export function wishesOf({ detect, path, tolerate }: Intent): readonly string[] {
  const limit = shortest(path)?.limit
  return [
    ...(detect === undefined ? [] : [`detect: ${formatDuration(detect)}`]),
    ...(limit === undefined ? [] : [`path: no silence longer than ${formatDuration(limit)}`]),
    ...(tolerate === undefined ? [] : [`tolerate: ${tolerate}`]),
  ]
}

function placeOf({ path }: Intent, key: Asked, pathOf: (field: Field) => Path): Path {
  if (key === 'path') return ['path', path.findIndex((one) => one === shortest(path))]
  return key === 'idle' || key === 'interval' || key === 'probes' ? pathOf(key) : [key]
}

/** The limits of the system that conflict with a goal. */
function because(
  { settings: { probes }, timers, stack }: Target,
  ask: Ask,
  between: readonly Asked[],
): readonly string[] {
  const free = (['idle', 'interval'] as const).filter((field) => ask[field] === undefined)
  const times = between.some((key) => key === 'detect' || key === 'path')
  return [
    ...(probes.kind === 'unsupported' && between.some((key) => key === 'detect' || key === 'tolerate')
      ? [probes.instead]
      : []),
    ...(times && stack.afterAnswer === 'timer' && (ask.interval ?? 0) > (ask.idle ?? LEAST)
      ? ['after an answered probe it waits for the interval before it looks at idle']
      : []),
    ...(times && free.length > 0 ? [`the kit chooses no ${free.join(' and no ')} below 1s`] : []),
    ...(times && timers.sources.length > 0 ? [timers.why] : []),
  ]
}
