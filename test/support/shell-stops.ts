import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FaultInjector, Job, Outcome, State } from './shell-faults.ts'

/** What is done on a machine, and what the states of the machine are that a stop is judged by. */
export interface Scenario {
  /** The run that is stopped. */
  readonly job: Job & { readonly from: string }
  /** The programs that it calls, and the states before and after it, when nothing stops it. */
  readonly calls: readonly string[]
  readonly old: State
  readonly new: State
  /** The state before the kit was ever there, and the one after it was installed: where the next runs lead to. */
  readonly original: State
  readonly installed: State
  readonly install: Job
  readonly uninstall: Job
}

/** What is written beside a file to take its place. */
const beside = /\/\.keepalive-kit\.[A-Za-z0-9]+$/

/** What a run may leave when it is killed: files written beside, and the lock. Nothing else, and the next run removes them. */
const leftover = /(^|\/)(\.keepalive-kit\.[A-Za-z0-9.]+|[^/]*lock[^/]*)(\/|$)|^tmp\//

const differences = (found: State, ...wanted: readonly State[]): string[] =>
  [...new Set([found, ...wanted].flatMap((state) => Object.keys(state)))]
    .filter((path) => !wanted.some((state) => state[path] === found[path]))
    .map(
      (path) =>
        `${path} is ${found[path] ?? 'gone'}, not ${wanted.map((state) => state[path] ?? 'absent').join(' or ')}`,
    )

const without = (state: State, pattern: RegExp): State =>
  Object.fromEntries(Object.entries(state).filter(([path]) => !pattern.test(path)))

/**
 * After a kill each file is the old or the new one, and so are all running values together. Where there is a record, the
 * new "installed" is first called "next".
 */
export function afterKill(scenario: Scenario, stopped: State): string[] {
  const next = Object.fromEntries(
    Object.entries(scenario.new).map(([path, entry]) => [path.replace(/\/installed$/, '/next'), entry]),
  )
  const ours = Object.fromEntries(
    Object.entries(stopped).filter(([path, entry]) => !path.endsWith('/next') || next[path] !== entry),
  )
  return differences(without(ours, leftover), scenario.old, scenario.new)
}

/**
 * What is not safe from a loss of power: a file written beside must be on the disk before it is renamed, the rename before
 * anything else is done, and a rename must stay in its folder, since /etc, /var and /tmp may be different file systems.
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
 * After a call that failed: done, or undone and said so. Where a call that deletes failed, what it should delete is left.
 * Where one that reads or compares failed, the script may take a value for one that somebody changed: then it says that
 * it is left, and the record stays.
 */
export function afterFailure(scenario: Scenario, { code, state, stderr, stopped }: Outcome): string[] {
  const named = code === 0 && stderr.includes('It was left as it is.')
  const problems = stopped.startsWith('rm')
    ? afterKill(scenario, state)
    : named
      ? afterKill(scenario, { ...state, kernel: scenario.old['kernel'] ?? '' })
      : differences(state, code === 0 ? scenario.new : scenario.old)
  if (![0, 1, 5].includes(code)) problems.push('that is none of its exit codes')
  if (code !== 0 && stderr === '') problems.push('nothing was said')
  return problems.map((problem) => `exit code ${code}, but ${problem}`)
}

/** After a signal: undone, or done if it came too late. Before the script listens, it ends as any program does. */
export function afterSignal(scenario: Scenario, { code, state }: Outcome): string[] {
  const problems = differences(state, code === 0 ? scenario.new : scenario.old)
  if (code !== 0 && code !== 1 && code <= 128) problems.push('that is none of its exit codes')
  return problems.map((problem) => `exit code ${code}, but ${problem}`)
}

/** Without what differs from run to run: names of temporary files, those in $TMPDIR, and the process that holds a lock. */
const canonical = (state: State): string =>
  JSON.stringify(without(state, /^tmp\//))
    .replaceAll(/(keepalive-kit\.)[A-Za-z0-9]{6}/g, '$1X')
    .replaceAll(/\d+-\d*(?=")/g, 'PROCESS')

export interface Stop {
  readonly what: string
  readonly outcome: Outcome
}

/**
 * From each different state that the stops left: install once more completes, and uninstall then leads to the original
 * state; so does uninstall at once.
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
    const previous = /\/previous$/
    return [
      ...judge('install', { ...at(0), state: without(at(0).state, previous) }, without(installed, previous)),
      ...judge('install and uninstall', at(1), original),
      ...judge('uninstall', at(2), original),
    ]
  })
}
