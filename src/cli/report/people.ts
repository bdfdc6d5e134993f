import type { Diagnostic } from '../../core/diagnostic.ts'
import { escapeInvisible } from '../../core/words.ts'
import type { Alike } from '../../fleet/problems.ts'
import type { Outcome } from '../outcome.ts'
import type { Shell } from '../shell.ts'

/** The most diagnostics of one file that are shown; JSON has them all. */
const SHOWN_PER_FILE = 50

/** The form of an answer to people. */
export interface Form {
  readonly problemText: (diagnostic: Diagnostic) => string
  /** Makes all other texts harmless for a program that reads them too; a document stays as it is. */
  readonly plain: (text: string) => string
}

/** Reports an outcome to people: results on standard output; on standard error problems, then notes. */
export function tellPeople(shell: Shell, quiet: boolean, form: Form, outcome: Outcome): void {
  const { document, text, diagnostics, alike, notes } = outcome
  shell.out(document ?? form.plain(text?.() ?? ''))
  shell.err(alike === undefined ? perFile(diagnostics, form) : alike.map(alikeText(form.problemText)).join(''))
  if (!quiet) shell.err(form.plain(notes?.() ?? ''))
}

function perFile(diagnostics: readonly Diagnostic[], { problemText, plain }: Form): string {
  return [...byFile(diagnostics)]
    .flatMap(([file, group]) => {
      const shown = group.slice(0, SHOWN_PER_FILE)
      const more = group.length - shown.length
      const of = file === '' ? '' : `${escapeInvisible(file)}: `
      return [
        ...shown.map(problemText),
        ...(more > 0 ? [plain(`${of}and ${more} more; --format json lists them\n`)] : []),
      ]
    })
    .join('')
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

/** The first of several alike problems, and the places of the next ones. */
function alikeText(problemText: (diagnostic: Diagnostic) => string): (alike: Alike) => string {
  return ({ first, count, lines }) => {
    const more = count > 1 ? `    and ${count - 1} more like it${where(count - 1, lines)}\n` : ''
    return `${problemText(first)}${more}`
  }
}

function where(more: number, lines: readonly number[]): string {
  if (lines.length === 0) return ''
  return `, in ${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${more > lines.length ? ' and so on; --format json names them all' : ''}`
}
