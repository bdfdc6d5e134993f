import { problem, type Diagnostic, type Location } from '../core/diagnostic.ts'

/** A line that has a key, and not what YAML wants after it: `idle 20s`, `idle = 20s`, `idle:20s`, or `targets` alone. */
const NO_COLON = /^([ \t]*(?:- +)?)(["']?)([A-Za-z][\w.-]*)\2(?:(\s*[=;：]\s*|:|[ \t]+)([^\s:=].*))?$/

/** More missing colons than this, and the text is none of YAML. */
const MOST = 20

/** The place of the key, what stands behind it instead of a colon, and the line's end as it should be. */
interface Slip {
  readonly indent: string
  readonly key: string
  readonly between: string
  readonly write: string
}

/** What is wrong with a line that lacks a colon; `undefined` where it has one, or begins with no key. */
function slipIn(line: string): Slip | undefined {
  const text = line.replace(/\s+#.*$/, '').trimEnd()
  if (/:(?:\s|$)/.test(text)) return undefined
  const [, indent = '', , key = '', between = '', value = ''] = NO_COLON.exec(text) ?? []
  // A word alone is a key without its group, but a whole item of a list.
  if (key === '' || (value === '' && indent.includes('-'))) return undefined
  return { indent, key, between: between.trim(), write: `${key}: ${value}`.trimEnd() }
}

/** `document/missing-colon` for a line that lacks it, where the key is one of `keys`. */
export function missingColon(location: Location, keys: readonly string[]): Diagnostic | undefined {
  const slip = slipIn(location.source ?? '')
  return slip !== undefined && keys.includes(slip.key.toLowerCase()) ? colonProblem(slip, location) : undefined
}

function colonProblem({ indent, key, between, write }: Slip, location: Location): Diagnostic {
  const at = { ...location, column: indent.length + 1 }
  return problem('document/missing-colon', { key, between, write }, { location: at })
}

/**
 * The lines that keep a text from being YAML because a colon is missing in them: those with which it can be read, once the
 * colons are there. None where that does not help. `lineOfError` is the line of the first error of a text, from 0 on, and
 * `locationOf` the place of a line.
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

/** The last line up to an error that lacks a colon: what follows it is where the parser can go no further. */
function lastSlip(parts: readonly string[], known: ReadonlyMap<number, Slip>, error: number) {
  for (let index = error; index >= 0; index--) {
    const slip = known.has(index) ? undefined : slipIn(parts[index * 2] ?? '')
    if (slip !== undefined) return { index, slip }
  }
  return undefined
}
