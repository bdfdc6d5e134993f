import { join } from 'node:path'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { zipName } from '../../fleet/index-file.ts'
import { collectProblems, type Alike } from '../../fleet/problems.ts'
import type { DeviceState, Listener } from '../events.ts'
import type { FleetRequest } from './request.ts'
import type { Done } from './zip.ts'

/** The number of devices in each state, and of different zips. */
export type FleetSummary = Readonly<Record<DeviceState | 'bundles', number>>

/** The result of a run over a fleet. */
export interface FleetReport {
  /** Problems, equal ones together, errors first. */
  readonly problems: readonly Alike[]
  /** `undefined` if the run could not begin. */
  readonly summary: FleetSummary | undefined
}

/** Counts the devices of a fleet by their state, and reports each at once. */
export interface Tally {
  readonly problem: (diagnostic: Diagnostic) => void
  readonly done: (done: Done) => void
  /** A line without a device, or a device without a zip because of errors. */
  readonly failed: (device: string | undefined, diagnostics: readonly Diagnostic[]) => void
  readonly removed: (device: string) => void
  /** A zip of the kit that belongs to no device. */
  readonly stray: (path: string) => void
  /** A file beside the zips; `same` if it needed no change. */
  readonly file: (path: string, same: boolean) => void
  readonly problems: () => readonly Alike[]
  readonly summary: () => FleetSummary
}

/** Hex digits of a digest that fit into a number; two of a hundred thousand digests begin alike once in a million fleets. */
const BUNDLE_DIGITS = 13

/** Starts a tally. It keeps a few problems of each kind and a number for each zip, for a fleet of any size. */
export function newTally({ out, check, dryRun }: FleetRequest, tell: Listener): Tally {
  const collected = collectProblems()
  const counts = { new: 0, changed: 0, same: 0, failed: 0, removed: 0 }
  const bundles = new Set<number>()
  const folder = join(out, '_').slice(0, -1)
  const report = (diagnostic: Diagnostic) => {
    if (collected.add(diagnostic)) tell({ kind: 'problem', diagnostic })
  }
  const differs = (path: string, how: string) =>
    report(problem('output/differs', { how: `${how}; run fleet without --check` }, { location: { file: path } }))
  const count = (name: string | undefined, state: DeviceState, sha256?: string) => {
    counts[state] += 1
    const path = `${folder}${zipName(name ?? '')}`
    tell({ kind: 'device', name, state, path, sha256 })
    if (state === 'same' || state === 'failed') return
    if (dryRun) tell({ kind: 'planned', path, state })
    if (check) differs(path, HOW[state])
  }
  return {
    problem: report,
    done: ({ device, state, sha256, diagnostics }) => {
      for (const one of diagnostics) report(one)
      if (sha256 !== undefined) bundles.add(Number.parseInt(sha256.slice(0, BUNDLE_DIGITS), 16))
      count(device, state, sha256)
    },
    failed: (device, diagnostics) => {
      for (const one of diagnostics) report(one)
      count(device, 'failed')
    },
    removed: (device) => count(device, 'removed'),
    stray: (path) =>
      report(
        problem('output/differs', { how: 'is of no device of the fleet; remove it' }, { location: { file: path } }),
      ),
    file: (path, same) => {
      if (check && !same) differs(path, 'is not what the fleet says')
      else if (!check && !dryRun) tell({ kind: 'written', path })
    },
    problems: collected.groups,
    summary: () => ({ ...counts, bundles: bundles.size }),
  }
}

const HOW = {
  new: 'is missing',
  changed: 'is not what the fleet says',
  removed: 'is of a device that the fleet has no more',
} as const
