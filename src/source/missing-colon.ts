import { problem, type Diagnostic, type Location } from '../core/diagnostic.ts'

/** A line with a key but without the colon and blank after it: `idle 20s`, `idle = 20s`, `idle:20s`, or `targets` alone. */
const NO_COLON = /^([ \t]*(?:- +)?)(["']?)([A-Za-z][\w.-]*)\2(?:(\s*[=;：]\s*|:|[ \t]+)([^\s:=].*))?$/

/** A text that lacks more colons than this is not YAML. */
const MOST = 20

/** The indent of the key, the characters in the place of the colon, and the line as it should be written. */
interface Slip {
  readonly indent: string
  readonly key: string
  readonly between: string
  readonly write: string
}

/** The slip in a line that lacks a colon; `undefined` if it has one, or begins with no key. */
function slipIn(line: string): Slip | undefined {
  const text = line.replace(/\s+#.*$/, '').trimEnd()
  if (/:(?:\s|$)/.test(text)) return undefined
  const [, indent = '', , key = '', between = '', value = ''] = NO_COLON.exec(text) ?? []
  // A word alone is a key without its group, but a whole item of a list.
  if (key === '' || (value === '' && indent.includes('-'))) return undefined
  return { indent, key, between: between.trim(), write: `${key}: ${value}`.trimEnd() }
}

/** `document/missing-colon` for a line that lacks its colon, if its key is one of `keys`. */
export function missingColon(location: Location, keys: readonly string[]): Diagnostic | undefined {
  const slip = slipIn(location.source ?? '')
  return slip !== undefined && keys.includes(slip.key.toLowerCase()) ? colonProblem(slip, location) : undefined
}

function colonProblem({ indent, key, between, write }: Slip, location: Location): Diagnostic {
  const at = { ...location, column: indent.length + 1 }
  return problem('document/missing-colon', { key, between, write }, { location: at })
}

/**
 * `document/missing-colon` for each line whose missing colon keeps a text from being YAML; empty if the text cannot be read
 * with these colons either. `lineOfError` returns the line of a text's first error, counted from 0, and `locationOf` the
 * place of a line.
 */
export function missingColons(
  text: string,
  lineOfError: (text: string) => number | undefined,
  locationOf: (line: number) => Location,
): readonly Diagnostic[] {
  const parts = text.split(/(\r\n?|\n)/)
  const slips = new Map<number, Slip>()
  let error = lineOfError(text)
  while (error !== undefined && slips.size < MOST) {
    const line = lastSlip(parts, slips, error)
    if (line === undefined) return []
    slips.set(line.index, line.slip)
    parts[line.index * 2] = `${line.slip.indent}${line.slip.write}`
    error = lineOfError(parts.join(''))
  }
  if (error !== undefined) return []
  return [...slips].toSorted(([a], [b]) => a - b).map(([line, slip]) => colonProblem(slip, locationOf(line)))
}

/** The last line without a colon up to an error; the parser fails on that line or on the one after it. */
function lastSlip(parts: readonly string[], known: ReadonlyMap<number, Slip>, error: number) {
  for (let index = error; index >= 0; index--) {
    const slip = known.has(index) ? undefined : slipIn(parts[index * 2] ?? '')
    if (slip !== undefined) return { index, slip }
  }
  return undefined
}
