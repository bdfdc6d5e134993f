import {
  problem,
  type Code,
  type DataOf,
  type Diagnostic,
  type Location,
  type Severity,
} from '../../core/diagnostic.ts'
import type { SysctlNames } from './names.ts'

/** A line of a settings file. */
export interface SourceLine {
  readonly file: string
  /** The line number, counted from one. */
  readonly number: number
  readonly text: string
}

/** The location of a character of a line; `at` counts from zero. */
export function placeOf({ file, number, text }: SourceLine, at: number): Location {
  return { file, line: number, column: at + 1, source: text }
}

/** A diagnostic at a character of a line, counted from zero; `severity` is given where it depends on the case. */
export function note<C extends Code>(
  line: SourceLine,
  code: C,
  data: DataOf<C>,
  at: number,
  severity?: Severity,
): Diagnostic {
  return problem(code, data, { severity, location: placeOf(line, at) })
}

/**
 * The severity of a line that the machine skips: an error if it is about a setting, since a file may hold anything
 * else.
 */
export function severityOf(names: SysctlNames, text: string): Severity {
  return names.isAbout(text) ? 'error' : 'warning'
}

/** isspace(3) of the C locale. */
export const C_SPACES = ' \t\n\v\f\r'

/** The index of the first character at or after `from` that is not among `characters`. */
export function skip(text: string, characters: string, from: number): number {
  let at = from
  while (at < text.length && characters.includes(text.charAt(at))) at += 1
  return at
}

/** The text without trailing `characters`. */
export function trimEnd(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** Sorts findings of one file by line and column. */
export function byPlace(a: { readonly location?: Location }, b: { readonly location?: Location }): number {
  return (a.location?.line ?? 0) - (b.location?.line ?? 0) || (a.location?.column ?? 0) - (b.location?.column ?? 0)
}
