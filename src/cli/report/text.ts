import type { Colors } from 'picocolors/types.js'
import type { Diagnostic } from '../../core/diagnostic.ts'
import { escapeInvisible, maskInvisible } from '../../core/words.ts'
import { startProgress } from '../progress.ts'
import type { Shell } from '../shell.ts'
import { colorsFor } from './color.ts'
import { tellPeople } from './people.ts'
import { plainFor } from './workflow-commands.ts'
import type { Reporter, ReportOptions } from './reporter.ts'

const EXCERPT_WIDTH = 100

/** Answers for people at a terminal, or in a log. */
export function textReporter(shell: Shell, options: ReportOptions): Reporter {
  const colors = colorsFor(shell, options)
  const progress = startProgress(shell, { quiet: options.quiet, lines: true })
  const plain = plainFor(shell)
  const problemText = (one: Diagnostic) => plain(diagnosticText(one, colors))
  return {
    hear: (event) => {
      if (event.kind === 'progress') progress.step(event)
      else if (event.kind === 'planned') shell.out(plain(`${event.state.padEnd(8)} ${escapeInvisible(event.path)}\n`))
      else if (event.kind === 'written') shell.out(plain(`${escapeInvisible(event.path)}\n`))
    },
    tell: (outcome) => tellPeople(shell, options.quiet, { problemText, plain }, outcome),
    stop: progress.stop,
  }
}

function diagnosticText({ code, severity, message, location }: Diagnostic, colors: Colors): string {
  const paint = severity === 'error' ? colors.red : colors.yellow
  const what = `${paint(`${severity}:`)} ${message} ${colors.dim(`[${code}]`)}\n`
  if (location === undefined) return what
  const { file, line, column, source } = location
  const at = colors.bold(`${[escapeInvisible(file), line, column].filter((part) => part !== undefined).join(':')}:`)
  return `${at} ${what}${source === undefined || column === undefined ? '' : excerpt(source, column, paint)}`
}

/**
 * The source line with a caret; a long line is cut around the place, and control characters in it are made harmless.
 */
function excerpt(source: string, column: number, paint: (text: string) => string): string {
  if (source.trim() === '') return ''
  const from = Math.max(0, Math.min(column - 1 - EXCERPT_WIDTH / 2, source.length - EXCERPT_WIDTH))
  const visible = maskInvisible(source.slice(from, from + EXCERPT_WIDTH).replaceAll('\t', ' '))
  return `    ${visible}\n    ${' '.repeat(column - 1 - from)}${paint('^')}\n`
}
