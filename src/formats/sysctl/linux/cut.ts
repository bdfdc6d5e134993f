import { C_SPACES, skip, trimEnd } from '../line.ts'

/** A line as each of the tools splits it; systemd may see several lines in one. */
export interface Cut {
  readonly procps: Parsed | undefined
  readonly systemd: readonly Parsed[]
  /** Whether both tools see one line with the same parts. */
  readonly alike: boolean
}

/** Splits a line into name and value as procps and systemd-sysctl do. */
export function cutLine(text: string): Cut {
  const procps = parse(PROCPS, untilNul(text), 0)
  // Most lines have nothing that only one of the tools treats in a special way, and need no second reading.
  if (procps !== undefined && !procps.optional && !/[\v\f\r\0]/.test(text))
    return { procps, systemd: [procps], alike: true }
  const systemd = segments(text).flatMap(({ text: segment, start }) => parse(SYSTEMD, segment, start) ?? [])
  const [only] = systemd
  return { procps, systemd, alike: systemd.length === 1 && isSame(procps, only) }
}

/** The rules by which one tool splits a line. */
interface Grammar {
  /** The characters that it treats as blanks. */
  readonly spaces: string
  /** The most `-` before a name that it drops. */
  readonly dashes: number
  /** Whether blanks may follow the `-`. */
  readonly spaceAfterDash: boolean
  /** Lines of fewer characters are skipped without a message. */
  readonly least: number
}

/** src/sysctl.c of procps-ng 4.0, parse_setting_line and setting_new; measured with 4.0.2. */
const PROCPS: Grammar = { spaces: C_SPACES, dashes: 2, spaceAfterDash: false, least: 2 }
/** src/sysctl/sysctl.c of systemd, parse_file; measured with 252. */
const SYSTEMD: Grammar = { spaces: ' \t\n\r', dashes: 1, spaceAfterDash: true, least: 1 }

/** A line as one tool splits it; `start` is the index of its name, `at` of its value. */
export interface Parsed {
  readonly kind: 'assignment' | 'exclusion' | 'nothing'
  readonly key: string
  readonly value: string | undefined
  readonly optional: boolean
  readonly start: number
  readonly at: number
}

/** The parts of a line; `undefined` for blank lines and comments. */
function parse({ spaces, dashes, spaceAfterDash, least }: Grammar, text: string, offset: number): Parsed | undefined {
  const begin = skip(text, spaces, 0)
  if (text.length - begin < least || text[begin] === '#' || text[begin] === ';') return undefined
  const equals = text.indexOf('=', begin)
  const optional = text[begin] === '-'
  let start = begin
  while (start < begin + dashes && text[start] === '-') start += 1
  if (start > begin && spaceAfterDash) start = skip(text, spaces, start)
  const key = trimEnd(text.slice(start, equals === -1 ? text.length : Math.max(start, equals)), spaces)
  if (equals === -1) {
    const kind = optional ? 'exclusion' : 'nothing'
    return { kind, key, value: undefined, optional, start: offset + start, at: offset + start }
  }
  const at = skip(text, spaces, equals + 1)
  const value = trimEnd(text.slice(at), spaces)
  return { kind: 'assignment', key, value, optional, start: offset + start, at: offset + at }
}

function isSame(a: Parsed | undefined, b: Parsed | undefined): boolean {
  return a !== undefined && a.kind === b?.kind && a.key === b.key && a.value === b.value
}

/** A C string ends at its first NUL. */
function untilNul(text: string): string {
  const nul = text.indexOf('\0')
  return nul === -1 ? text : text.slice(0, nul)
}

/** The lines that systemd sees in one: a carriage return and a NUL also end a line (read_line of fileio.c). */
function segments(text: string): readonly { readonly text: string; readonly start: number }[] {
  let start = 0
  return text.split(/[\r\0]/).map((segment) => {
    const found = { text: segment, start }
    start += segment.length + 1
    return found
  })
}
