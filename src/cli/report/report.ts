import type { Colors } from 'picocolors/types.js'
import { type Diagnostic } from '../../core/diagnostic.ts'
import { escapeInvisible, maskInvisible } from '../../core/words.ts'
import type { Format } from '../options.ts'
import type { World } from '../../io/world.ts'

/** More of one file is not read by anybody; JSON has them all. */
const SHOWN_PER_FILE = 50
const EXCERPT_WIDTH = 100
/** Of a text in the data of a diagnostic, in JSON: a line of a capture may have megabytes. */
const LONGEST_TEXT = 1_000

/** What every command's JSON holds; a command may add keys of its own. */
export interface JsonReport {
  readonly artifacts: readonly object[]
  readonly bundles: readonly object[]
  readonly diagnostics: readonly Diagnostic[]
  readonly profiles?: readonly object[]
  readonly explanations?: readonly object[]
  readonly targets?: readonly object[]
  readonly presets?: readonly object[]
  readonly policies?: readonly object[]
  readonly middleboxes?: readonly object[]
  readonly verified?: readonly object[]
  readonly differences?: readonly object[]
}

/** One JSON document on stdout. */
export function reportJson(world: World, report: JsonReport): void {
  world.out(`${JSON.stringify({ ...report, diagnostics: report.diagnostics.map(jsonDiagnostic) }, null, 2)}\n`)
}

/** A diagnostic as the JSON of every command has it; a text of its data that fills pages is cut. */
export function jsonDiagnostic({ code, severity, message, path, location, data }: Diagnostic): object {
  const place = location && { file: location.file, line: location.line, column: location.column }
  return { code, severity, message, ...place, path, data: Object.fromEntries(Object.entries(data).map(cut)) }
}

function cut([name, value]: readonly [string, unknown]): readonly [string, unknown] {
  return [name, typeof value === 'string' && value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}...` : value]
}

/** Diagnostics as messages: for people, or for GitHub's annotations. */
export function reportDiagnostics(
  world: World,
  diagnostics: readonly Diagnostic[],
  format: Format,
  colors: Colors,
): void {
  if (format === 'json') return
  for (const [file, group] of byFile(diagnostics)) {
    const shown = group.slice(0, SHOWN_PER_FILE)
    for (const one of shown) world.err(format === 'github' ? githubLine(one) : diagnosticText(one, colors))
    const more = group.length - shown.length
    if (more > 0)
      world.err(`${file === '' ? '' : `${escapeInvisible(file)}: `}and ${more} more; --format json lists them all\n`)
  }
}

function byFile(diagnostics: readonly Diagnostic[]): Map<string, Diagnostic[]> {
  const groups = new Map<string, Diagnostic[]>()
  for (const one of diagnostics) {
    const file = one.location?.file ?? ''
    const group = groups.get(file)
    if (group === undefined) groups.set(file, [one])
    else group.push(one)
  }
  return groups
}

export function diagnosticText({ code, severity, message, location }: Diagnostic, colors: Colors): string {
  const paint = severity === 'error' ? colors.red : colors.yellow
  const what = `${paint(`${severity}:`)} ${message} ${colors.dim(`[${code}]`)}\n`
  if (location === undefined) return what
  const { file, line, column, source } = location
  const at = colors.bold(`${[escapeInvisible(file), line, column].filter((part) => part !== undefined).join(':')}:`)
  return `${at} ${what}${source === undefined || column === undefined ? '' : excerpt(source, column, paint)}`
}

/** The source line with a caret; a long line is cut around the place, and nothing in it moves the cursor. */
function excerpt(source: string, column: number, paint: (text: string) => string): string {
  if (source.trim() === '') return ''
  const from = Math.max(0, Math.min(column - 1 - EXCERPT_WIDTH / 2, source.length - EXCERPT_WIDTH))
  const visible = maskInvisible(source.slice(from, from + EXCERPT_WIDTH).replaceAll('\t', ' '))
  return `    ${visible}\n    ${' '.repeat(column - 1 - from)}${paint('^')}\n`
}

/** A workflow command of GitHub Actions; the runner reads both streams. */
export function githubLine({ code, severity, message, location }: Diagnostic): string {
  const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
  const { file, line, column } = location ?? {}
  const place = [
    ...(file === undefined ? [] : [`file=${property(file)}`]),
    ...(line === undefined ? [] : [`line=${line}`, `col=${column}`]),
  ]
  return `::${severity} ${[...place, `title=${property(code)}`].join(',')}::${data(message)}\n`
}
