import type { Diagnostic } from '../../core/diagnostic.ts'
import { startProgress } from '../progress.ts'
import type { Shell } from '../shell.ts'
import { tellPeople } from './people.ts'
import { withoutCommands } from './workflow-commands.ts'
import type { Reporter, ReportOptions } from './reporter.ts'

/** Answers for people, with problems as annotations of GitHub Actions, whose runner reads both streams. */
export function githubReporter(shell: Shell, { quiet }: ReportOptions): Reporter {
  const progress = startProgress(shell, { quiet, lines: false })
  return {
    hear: (event) => {
      if (event.kind === 'progress') progress.step(event)
    },
    tell: (outcome) => tellPeople(shell, quiet, { problemText: annotation, plain: withoutCommands }, outcome),
    stop: progress.stop,
  }
}

function annotation({ code, severity, message, location }: Diagnostic): string {
  const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
  const { file, line, column } = location ?? {}
  const place = [
    ...(file === undefined ? [] : [`file=${property(file)}`]),
    ...(line === undefined ? [] : [`line=${line}`, `col=${column}`]),
  ]
  return `::${severity} ${[...place, `title=${property(code)}`].join(',')}::${data(message)}\n`
}
