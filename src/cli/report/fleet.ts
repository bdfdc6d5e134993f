import { join } from 'node:path'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { escapeInvisible } from '../../core/words.ts'
import type { World } from '../../io/world.ts'
import { zipName } from '../../fleet/index-file.ts'
import { collectProblems, type Alike } from '../../fleet/problems.ts'
import { colorsFor } from './color.ts'
import type { ExitCode } from '../exit.ts'
import type { Done, State } from '../../app/fleet/zips.ts'
import type { CommonOptions } from '../options.ts'
import { diagnosticText, githubLine, jsonDiagnostic } from './report.ts'

/** What is told of a run over a fleet, while it goes on and at its end. */
export interface FleetReport {
  /** Ends it before it began. */
  readonly refuse: (diagnostics: readonly Diagnostic[], exitCode: ExitCode) => ExitCode
  readonly diagnostic: (diagnostic: Diagnostic) => void
  readonly done: (done: Done) => void
  /** A line that is no device, or a device that cannot be made. */
  readonly failed: (device: string | undefined, diagnostics: readonly Diagnostic[]) => void
  readonly removed: (device: string) => void
  /** A file beside the zips. */
  readonly file: (path: string, same: boolean) => void
  readonly finish: () => ExitCode
}

/** A number holds so many hex digits of a digest: that two of a hundred thousand begin alike is one in a million. */
const BUNDLE_DIGITS = 13

interface Options extends CommonOptions {
  readonly out: string
  readonly check: boolean
  readonly dryRun: boolean
}

/**
 * Tells of a fleet: with `--format json` each device and each problem as a line of its own at once, so that nothing has to be
 * held; else at the end, problems that are alike together.
 */
export function fleetReport(world: World, options: Options): FleetReport {
  const { format, quiet, check, dryRun, out } = options
  const problems = collectProblems()
  const counts = { new: 0, changed: 0, same: 0, failed: 0, removed: 0 }
  const bundles = new Set<number>()
  let machine = false
  // What is told is put together only where it is: most of a large fleet is the same.
  const line = (value: () => object) => {
    if (format === 'json') world.out(`${JSON.stringify(value())}\n`)
  }
  const diagnostic = (one: Diagnostic) => {
    machine ||= one.code === 'machine'
    if (problems.add(one)) line(() => ({ diagnostic: jsonDiagnostic(one) }))
  }
  const differs = (path: string, how: string) =>
    diagnostic(problem('output/differs', { how: `${how}; run fleet without --check` }, { location: { file: path } }))
  const counted = (device: string | undefined, state: State | 'removed', sha256?: string) => {
    const path = () => join(out, zipName(device ?? ''))
    counts[state] += 1
    line(() => ({
      device: {
        name: device ?? null,
        state,
        ...(sha256 === undefined ? {} : { zip: path().replaceAll('\\', '/'), sha256 }),
      },
    }))
    if (dryRun && format === 'text' && state !== 'same' && state !== 'failed')
      world.out(`${state.padEnd(8)} ${escapeInvisible(path())}\n`)
    if (check && state !== 'same' && state !== 'failed') differs(path(), HOW[state])
  }
  return {
    diagnostic,
    refuse: (diagnostics, exitCode) => {
      for (const one of diagnostics) diagnostic(one)
      tell(world, options, problems.groups())
      return exitCode
    },
    done: ({ device, state, sha256, diagnostics }) => {
      for (const one of diagnostics) diagnostic(one)
      if (sha256 !== undefined) bundles.add(Number.parseInt(sha256.slice(0, BUNDLE_DIGITS), 16))
      counted(device, state, sha256)
    },
    failed: (device, diagnostics) => {
      for (const one of diagnostics) diagnostic(one)
      counted(device, 'failed')
    },
    removed: (device) => counted(device, 'removed'),
    file: (path, same) => {
      if (check && !same) differs(path, 'is not what the fleet says')
      else if (!check && format === 'text' && !dryRun) world.out(`${escapeInvisible(path)}\n`)
    },
    finish: () => {
      tell(world, options, problems.groups())
      line(() => ({ summary: { ...counts, bundles: bundles.size } }))
      if (!quiet && format !== 'json') world.err(`${summary(counts, bundles.size)}\n`)
      if (!quiet && dryRun && format !== 'json') world.err('dry run: nothing was written\n')
      return machine ? 3 : problems.errors() > 0 || counts.failed > 0 ? 1 : 0
    },
  }
}

const HOW = {
  new: 'is missing',
  changed: 'is not what the fleet says',
  removed: 'is of a device that the fleet has no more',
} as const

/** `10000 devices: 20 changed, 9980 same; 21 kinds of zip`. */
function summary(counts: Readonly<Record<State | 'removed', number>>, bundles: number): string {
  const total = counts.new + counts.changed + counts.same + counts.failed
  const parts = Object.entries(counts).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []))
  return `${total} ${total === 1 ? 'device' : 'devices'}: ${parts.length === 0 ? 'nothing to do' : parts.join(', ')}; ${bundles} ${bundles === 1 ? 'kind' : 'kinds'} of zip`
}

function tell(world: World, options: Options, groups: readonly Alike[]): void {
  if (options.format === 'json') return
  const colors = colorsFor(world, options)
  for (const { first, count, lines } of groups) {
    world.err(options.format === 'github' ? githubLine(first) : diagnosticText(first, colors))
    if (count > 1) world.err(`    and ${count - 1} more like it${where(count - 1, lines)}\n`)
  }
}

function where(more: number, lines: readonly number[]): string {
  if (lines.length === 0) return ''
  return `, in ${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${more > lines.length ? ' and so on; --format json names them all' : ''}`
}
