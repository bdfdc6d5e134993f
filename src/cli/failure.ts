import { aboutOf, problem, type About, type Diagnostic } from '../core/diagnostic.ts'
import { failureOf } from '../io/failure.ts'
import type { World } from '../io/world.ts'
import type { ExitCode } from './exit.ts'
import type { Format } from './options.ts'
import { reportJson } from './report/report.ts'

const EXIT_CODES: Readonly<Record<About, ExitCode>> = { input: 1, capture: 1, usage: 2, machine: 3, bug: 3 }

/** Says what ended a run, never with a stack trace, in the form that was asked for; gives its exit code. */
export function reportFailure(world: World, error: unknown, format: Format): ExitCode {
  const diagnostic = describe(error)
  if (format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics: [diagnostic] })
  else world.err(`keepalive-kit: ${diagnostic.message}\n`)
  return EXIT_CODES[aboutOf(diagnostic)]
}

/** What ended a run: wrong usage, the machine or a bug. */
function describe(error: unknown): Diagnostic {
  const { name, message } = error as Error
  return name === 'UsageError' ? problem('usage', { message }) : failureOf(error)
}
