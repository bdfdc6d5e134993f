import type { Diagnostic } from '../../core/diagnostic.ts'
import type { Outcome } from '../outcome.ts'
import { startProgress } from '../progress.ts'
import type { Shell } from '../shell.ts'
import type { Reporter, ReportOptions } from './reporter.ts'
import { textReporter } from './text.ts'

/** Answers for programs: one JSON document on standard output. A document of another kind is reported as in text. */
export function jsonReporter(shell: Shell, options: ReportOptions): Reporter {
  const progress = startProgress(shell, { quiet: options.quiet, lines: false })
  return {
    hear: (event) => {
      if (event.kind === 'progress') progress.step(event)
    },
    tell: (outcome) => {
      if (outcome.document === undefined) shell.out(jsonText(outcome))
      else textReporter(shell, options).tell(outcome)
    },
    stop: progress.stop,
  }
}

function jsonText({ json, diagnostics }: Outcome): string {
  const { artifacts = [], bundles = [], ...own } = json?.() ?? {}
  return `${JSON.stringify({ artifacts, bundles, diagnostics: diagnostics.map(jsonDiagnostic), ...own }, null, 2)}\n`
}

/** Longer texts in the data of a diagnostic would fill pages. */
const LONGEST_TEXT = 1_000

/** A diagnostic in the JSON of every command; long texts in its data are cut. */
export function jsonDiagnostic({ code, severity, message, path, location, data }: Diagnostic): object {
  const place = location && { file: location.file, line: location.line, column: location.column }
  return { code, severity, message, ...place, path, data: Object.fromEntries(Object.entries(data).map(cut)) }
}

function cut([name, value]: readonly [string, unknown]): readonly [string, unknown] {
  return [name, typeof value === 'string' && value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}...` : value]
}

/** A path in JSON has slashes on every system. */
export function jsonPath(path: string): string {
  return path.replaceAll('\\', '/')
}
