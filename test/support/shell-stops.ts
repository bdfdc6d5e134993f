import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FaultInjector, Job, Outcome, State } from './shell-faults.ts'

/** The runs on a machine, and the states by which a stop is judged. */
export interface Scenario {
  /** The run that is stopped. */
  readonly job: Job & { readonly from: string }
  /** The calls of the undisturbed run, and the states before and after it. */
  readonly calls: readonly string[]
  readonly old: State
  readonly new: State
  /** The states before the first installation and after it, to which the next runs must lead. */
  readonly original: State
  readonly installed: State
  readonly install: Job
  readonly uninstall: Job
}

/** A file that is written beside another to replace it. */
const beside = /\/\.keepalive-kit\.new$/

/** The only leftovers of a killed run: files that were to replace others, and the lock. The next run removes them. */
const leftover = /(^|\/)(\.keepalive-kit\.new|record\.old|[^/]*lock[^/]*)(\/|$)|^tmp\//

const differences = (found: State, ...wanted: readonly State[]): string[] =>
  [...new Set([found, ...wanted].flatMap((state) => Object.keys(state)))]
    .filter((path) => !wanted.some((state) => state[path] === found[path]))
    .map(
      (path) =>
        `${path} is ${found[path] ?? 'gone'}, not ${wanted.map((state) => state[path] ?? 'absent').join(' or ')}`,
    )

const without = (state: State, pattern: RegExp): State =>
  Object.fromEntries(Object.entries(state).filter(([path]) => !pattern.test(path)))

/** Errors after a kill. Each file must be old or new, and so must the running values as a whole. */
export function afterKill(scenario: Scenario, stopped: State): string[] {
  return differences(without(stopped, leftover), scenario.old, scenario.new)
}

/**
 * Renames that are not safe from a loss of power. A replacement must be on the disk before its rename, and the rename
 * before the next step. A rename must stay in its folder, because /etc, /var and /tmp may be different file systems.
 */
export function unsafeRenames(calls: readonly string[]): string[] {
  const renames = calls.flatMap((call, at) => {
    const [program, from = '', to = ''] = call.split(' ').filter((word) => !word.startsWith('-'))
    return program === 'mv' ? [{ at, from, to }] : []
  })
  const syncs = (first: number, end: number, place: string): boolean =>
    calls.slice(first, end).some((call) => call === 'sync' || call === `sync ${place}`)
  return renames.flatMap(({ at, from, to }, index) => {
    const written = calls.findLastIndex(
      (call, before) => before < at && call.split(' ').includes(from) && !call.startsWith('sync'),
    )
    const next = renames[index + 1]?.at ?? calls.length
    return [
      ...(dirname(from) === dirname(to) ? [] : [`${from} is renamed into another folder: ${to}`]),
      ...(syncs(written + 1, at, from) || !beside.test(from)
        ? []
        : [`${from} is renamed to ${to} before it is on the disk`]),
      ...(syncs(at + 1, next, dirname(to)) ? [] : [`the new ${to} is not on the disk before the next step`]),
    ]
  })
}

/**
 * Errors after a failed call. The script must complete, or roll back with a message. If a deletion failed, its file may
 * remain.
 */
export function afterFailure(scenario: Scenario, { code, state, stderr, stopped }: Outcome): string[] {
  const problems = stopped.startsWith('rm')
    ? afterKill(scenario, state)
    : differences(state, code === 0 ? scenario.new : scenario.old)
  if (![0, 1, 5].includes(code)) problems.push('the exit code is unknown')
  if (code !== 0 && stderr === '') problems.push('nothing was said')
  return problems.map((problem) => `exit code ${code}, but ${problem}`)
}

/**
 * Errors after a signal. The script must roll back, or complete after a late signal; before its traps, it may just end.
 */
export function afterSignal(scenario: Scenario, { code, state }: Outcome): string[] {
  const problems = differences(state, code === 0 ? scenario.new : scenario.old)
  if (code !== 0 && code !== 1 && code <= 128) problems.push('the exit code is unknown')
  return problems.map((problem) => `exit code ${code}, but ${problem}`)
}

/**
 * A state without names of temporary files, files in $TMPDIR and the process of a lock, which differ from run to run.
 */
const canonical = (state: State): string =>
  JSON.stringify(without(state, /^tmp\//)).replaceAll(/\d+-\d*(?=")/g, 'PROCESS')

export interface Stop {
  readonly what: string
  readonly outcome: Outcome
}

/**
 * Errors of the next runs, from each different state that the stops left. An install must complete and an uninstall
 * after it restore the original state; so must an uninstall alone.
 */
export function afterwards(injector: FaultInjector, scenario: Scenario, stops: readonly Stop[]): string[] {
  const different = new Map<string, Stop>()
  for (const stop of stops) {
    const key = canonical(stop.outcome.state)
    if (different.has(key)) rmSync(stop.outcome.folder, { recursive: true })
    else different.set(key, stop)
  }
  const { install, uninstall, installed, original } = scenario
  const starts = [...different.values()]
  const outcomes = injector.run(
    starts.flatMap(({ outcome: { folder } }) => [
      { ...install, from: folder },
      uninstall,
      { ...uninstall, from: folder },
    ]),
  )
  return starts.flatMap(({ what }, index) => {
    const at = (offset: number): Outcome => outcomes[3 * index + offset] as Outcome
    const judge = (name: string, { code, state, stderr }: Outcome, wanted: State): string[] =>
      [...(code === 0 ? [] : [`exit code ${code}: ${stderr}`]), ...differences(without(state, /^tmp\//), wanted)].map(
        (problem) => `${what}, then ${name}: ${problem}`,
      )
    // A record that was written before the kill names what was installed previously, too.
    const record = /\/record$/
    return [
      ...judge('install', { ...at(0), state: without(at(0).state, record) }, without(installed, record)),
      ...judge('install and uninstall', at(1), original),
      ...judge('uninstall', at(2), original),
    ]
  })
}
