import { inMilliseconds } from '../setting.ts'
import type { DurationSetting, Target } from '../target.ts'
import { LEAST, type Ask } from './ask.ts'

/** The numbers of one system that keep all that is asked; times in ms. */
export interface Choice {
  readonly idle: number
  readonly interval: number
  /** How many probes there are, by choice or by the system's rule; `undefined` where that is not known. */
  readonly probes: number | undefined
}

/**
 * The numbers that meet every goal with the fewest packets, or `undefined` if no numbers do. Among the numbers that meet
 * them, the kit prefers: the longest idle, since a healthy connection costs a probe and an answer each time; then the
 * fewest probes if a detection time is wanted, else the system's own number as far as it tolerates enough; then the
 * longest interval that is not above idle, which is the most patient. Numbers in the profile are kept.
 *
 * The choice rests on one fact: a larger number only makes each goal harder to meet, so the least interval and the fewest
 * probes leave the most room for idle.
 */
export function solve(target: Target, ask: Ask): Choice | undefined {
  const probes = probesFor(target, ask)
  if (probes === undefined) return undefined
  const { idle: idleSetting, interval: intervalSetting } = target.settings
  const shortest = ask.interval ?? leastOf(intervalSetting)
  const keeps = (idle: number, interval: number) => keepsAll(target, ask, { idle, interval, probes })
  const idle = ask.idle ?? longest(idleSetting, leastOf(idleSetting), Infinity, (one) => keeps(one, shortest))
  if (idle === undefined || !keeps(idle, shortest)) return undefined
  const interval =
    ask.interval ?? longest(intervalSetting, shortest, Math.max(idle, shortest), (one) => keeps(idle, one)) ?? shortest
  return { idle, interval, probes: isKnown(target) ? probes : undefined }
}

/** Whether numbers keep what is asked, also when the system's timers are as late as they may be. */
function keepsAll(target: Target, ask: Ask, choice: Choice & { readonly probes: number }): boolean {
  return (
    choice.probes > (ask.tolerate ?? 0) &&
    rulesAllow(target, ask, choice) &&
    (ask.detect === undefined || noticedAtLatest(target, choice) <= ask.detect) &&
    (ask.path === undefined || silentAtMost(target, choice, ask.tolerate ?? 0) < ask.path)
  )
}

/** Whether the limits of the system across its settings hold; the kit chooses nothing that it would warn of. */
function rulesAllow({ rules, settings }: Target, ask: Ask, { idle, interval, probes }: Choice): boolean {
  const values = { idle, interval, ...(settings.probes.kind === 'count' ? { probes } : {}) }
  const given: Readonly<Record<string, unknown>> = { ...ask }
  return rules.every(({ severity, check }) =>
    check(values).every(({ field }) => severity !== 'error' && given[field] !== undefined),
  )
}

/** When a dead peer is noticed at the latest, in ms after its last sign of life. */
export function noticedAtLatest(target: Target, choice: Choice & { readonly probes: number }): number {
  return longestQuiet(target, choice) + choice.probes * latest(target, choice.interval)
}

/**
 * The longest time in ms in which nothing comes through on a healthy, quiet connection that loses `lost` probes in a row.
 */
export function silentAtMost(target: Target, choice: Choice, lost: number): number {
  return longestQuiet(target, choice) + lost * latest(target, choice.interval)
}

/** How long the first probe may be in coming; see {@link Stack.afterAnswer}. */
function longestQuiet(target: Target, { idle, interval }: Choice): number {
  return latest(target, target.stack.afterAnswer === 'timer' ? Math.max(idle, interval) : idle)
}

/** When a time is over at the latest. */
function latest({ timers }: Target, ms: number): number {
  return ms + timers.late(ms)
}

/** How many probes there are; where nobody knows, as many as must fit. `undefined` if the system cannot send enough. */
function probesFor({ settings: { probes: setting } }: Target, ask: Ask): number | undefined {
  const needed = (ask.tolerate ?? 0) + 1
  if (setting.kind === 'unsupported') {
    const fixed = typeof setting.fixed === 'number' ? setting.fixed : needed
    return fixed >= needed ? fixed : undefined
  }
  const own = ask.detect === undefined ? Math.max(needed, setting.default) : needed
  const probes = ask.probes ?? Math.max(own, setting.range.min)
  return probes >= needed && probes <= setting.range.max ? probes : undefined
}

/** Whether it is known how many probes the system sends. */
export function isKnown({ settings: { probes } }: Target): boolean {
  return probes.kind !== 'unsupported' || typeof probes.fixed === 'number'
}

/** The least time in ms that the kit chooses for a setting. */
function leastOf(setting: DurationSetting): number {
  const step = inMilliseconds(setting, setting.step.size)
  return Math.ceil(Math.max(inMilliseconds(setting, setting.range.min), LEAST) / step) * step
}

/** The longest time from `least` to `most` ms that a setting holds and that passes, if with each also all shorter ones pass. */
function longest(
  setting: DurationSetting,
  least: number,
  most: number,
  passes: (ms: number) => boolean,
): number | undefined {
  const step = inMilliseconds(setting, setting.step.size)
  const steps = largest(
    Math.ceil(least / step),
    Math.floor(Math.min(most, inMilliseconds(setting, setting.range.max)) / step),
    (count) => passes(count * step),
  )
  return steps === undefined ? undefined : steps * step
}

/** The largest whole number from `least` to `most` that passes, if with each also all smaller ones pass. */
export function largest(least: number, most: number, passes: (count: number) => boolean): number | undefined {
  if (least > most || !passes(least)) return undefined
  let [low, high] = [least, most]
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2)
    if (passes(middle)) low = middle
    else high = middle - 1
  }
  return low
}
