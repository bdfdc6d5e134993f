import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { C_SPACES, note, severityOf, skip, trimEnd, type SourceLine } from './sysctl-line.ts'
import { readName, type LinuxName } from './sysctl-linux-name.ts'
import { FREEBSD_NAMES } from './sysctl-names.ts'
import { decode, linesOf } from './text.ts'

const system = 'Linux'

/** The two programs that set values at a start of Linux. */
export type LinuxTool = 'procps' | 'systemd'

/** A line of a sysctl.d file that at least one tool takes. */
export interface LinuxEntry extends LinuxName {
  /** Who takes it as it is here. */
  readonly tools: readonly LinuxTool[]
  /** As it is written; `undefined` for a line with `-name` alone, which takes a name out of patterns. */
  readonly value: string | undefined
  /** `-` in front: failures to write it are not reported. */
  readonly optional: boolean
  readonly line: SourceLine
  /** Where the value begins in the line, or the name where there is no value. */
  readonly at: number
}

/** Tells an entry from what is said about it. */
export function isEntry(found: LinuxEntry | Diagnostic): found is LinuxEntry {
  return 'tools' in found
}

/**
 * The lines of a sysctl.d file, each as procps (`sysctl -p`) and systemd-sysctl take it, in the order of the file. Values are
 * not looked at. Where the two take a line differently, each has an entry of its own, and a diagnostic says so.
 */
export function* linuxEntries(bytes: Uint8Array, file: string): Generator<LinuxEntry | Diagnostic, void, undefined> {
  const { text, encoding, bom } = decode(bytes)
  if (encoding.startsWith('utf-16')) {
    yield problem('sysctl/utf-16', { system }, { location: { file } })
    return
  }
  for (const { number, text: source } of linesOf(text)) {
    const line: SourceLine = { file, number, text: source }
    if (bom && number === 1) yield markBefore(line)
    else yield* readLine(line)
  }
}

/** The first line of a file with a byte order mark: its name begins with that mark, and no setting does. */
function markBefore(line: SourceLine): Diagnostic {
  const lost = line.text.includes('=') && !/^\s*[#;]/.test(line.text)
  return note(line, 'sysctl/byte-order-mark', { system, lost }, 0, lost ? 'error' : 'warning')
}

function* readLine(line: SourceLine): Generator<LinuxEntry | Diagnostic, void, undefined> {
  const procps = parse(PROCPS, untilNul(line.text), 0)
  const systemd = segments(line.text).flatMap(({ text, start }) => parse(SYSTEMD, text, start) ?? [])
  const [only] = systemd
  if (procps === undefined && only === undefined) return
  const all = procps === undefined ? systemd : [procps, ...systemd]
  const [first] = all
  const agreed = procps !== undefined && systemd.length === 1 && only !== undefined && isSame(procps, only)
  if (first !== undefined && (agreed || all.every(({ kind }) => kind === 'nothing')))
    yield* entriesOf(line, first, ['procps', 'systemd'])
  else {
    const said = (parsed: Parsed | undefined): string =>
      parsed === undefined || parsed.kind === 'nothing'
        ? 'skips it'
        : `reads ${parsed.value === undefined ? `-${parsed.key}` : `${parsed.key} = ${parsed.value}`}`
    yield note(
      line,
      'sysctl/tools-differ',
      {
        subject: 'the tools read this line differently',
        procps: said(procps),
        systemd: systemd.length > 1 ? `reads ${systemd.length} lines` : said(only),
        instead: 'write one plain name = value in a line',
      },
      procps?.start ?? only?.start ?? 0,
      severityOf(line.text),
    )
    if (procps !== undefined) yield* taken(line, procps, ['procps'])
    for (const parsed of systemd) yield* taken(line, parsed, ['systemd'])
  }
}

/** The entry of a line, or what is wrong with it. */
function* entriesOf(
  line: SourceLine,
  parsed: Parsed,
  tools: readonly LinuxTool[],
): Generator<LinuxEntry | Diagnostic, void, undefined> {
  const { key, start } = parsed
  if (parsed.kind === 'nothing') {
    const separators = '='
    yield note(line, 'sysctl/not-an-assignment', { system, text: key, separators }, start, severityOf(key))
    return
  }
  const name = readName(key)
  if (name.name === '') yield note(line, 'sysctl/no-name', { system }, start, 'warning')
  else if (FREEBSD_NAMES.includes(name.name))
    yield note(line, 'sysctl/of-another-system', { system, name: name.name, owner: 'FreeBSD' }, start)
  else if (parsed.value !== undefined && !NAME.test(name.name))
    yield note(line, 'sysctl/bad-name', { system, name: key, hint: hintFor(key) }, start, severityOf(key))
  else if (parsed.value !== undefined && name.name.startsWith('proc.sys.'))
    yield note(line, 'sysctl/bad-name', { system, name: key, hint: 'leave out /proc/sys/' }, start, severityOf(key))
  else if (name.endsWithSeparator && tools.includes('procps')) {
    const differ = { subject: `the name ${key} ends with a separator`, procps: 'skips it', systemd: 'takes it' }
    yield note(line, 'sysctl/tools-differ', { ...differ, instead: 'remove it' }, start, severityOf(key))
    yield* taken(line, parsed, ['systemd'])
  } else yield* taken(line, parsed, tools)
}

/** An entry without a word. */
function* taken(line: SourceLine, parsed: Parsed, tools: readonly LinuxTool[]): Generator<LinuxEntry, void, undefined> {
  if (parsed.kind === 'nothing') return
  const name = readName(parsed.key)
  const takers = name.endsWithSeparator ? tools.filter((tool) => tool !== 'procps') : tools
  if (NAME.test(name.name) && !name.name.startsWith('-') && takers.length > 0)
    yield { ...name, tools: takers, value: parsed.value, optional: parsed.optional, line, at: parsed.at }
}

/** What files below /proc/sys are called, and the signs of patterns. */
const NAME = /^[!-~]+$/

function hintFor(key: string): string {
  return /[ \t]/.test(key) ? 'no name has a blank in it' : 'write the bare name, such as net.ipv4.tcp_keepalive_time'
}

/** How one of the tools cuts a line up. */
interface Grammar {
  /** What it takes for blanks. */
  readonly spaces: string
  /** How many `-` in front of a name it takes away. */
  readonly dashes: number
  /** Whether blanks may follow the `-`. */
  readonly spaceAfterDash: boolean
  /** Shorter lines are skipped without a word. */
  readonly least: number
}

/** src/sysctl.c of procps-ng 4.0, parse_setting_line and setting_new; measured with 4.0.2. */
const PROCPS: Grammar = { spaces: C_SPACES, dashes: 2, spaceAfterDash: false, least: 2 }
/** src/sysctl/sysctl.c of systemd, parse_file; measured with 252. */
const SYSTEMD: Grammar = { spaces: ' \t\n\r', dashes: 1, spaceAfterDash: true, least: 1 }

/** A line as a tool cuts it; `start` is where its name begins, `at` where its value does. */
interface Parsed {
  readonly kind: 'assignment' | 'exclusion' | 'nothing'
  readonly key: string
  readonly value: string | undefined
  readonly optional: boolean
  readonly start: number
  readonly at: number
}

/** `undefined` for blank lines and comments. */
function parse({ spaces, dashes, spaceAfterDash, least }: Grammar, text: string, offset: number): Parsed | undefined {
  const begin = skip(text, spaces, 0)
  if (text.length - begin < least || text[begin] === '#' || text[begin] === ';') return undefined
  const equals = text.indexOf('=', begin)
  const optional = text[begin] === '-'
  let start = begin
  while (start < begin + dashes && text[start] === '-') start += 1
  if (start > begin && spaceAfterDash) start = skip(text, spaces, start)
  const key = trimEnd(text.slice(start, equals === -1 ? text.length : Math.max(start, equals)), spaces)
  const found = { key, optional, start: offset + start }
  if (equals === -1) return { ...found, kind: optional ? 'exclusion' : 'nothing', value: undefined, at: offset + start }
  const at = skip(text, spaces, equals + 1)
  return { ...found, kind: 'assignment', value: trimEnd(text.slice(at), spaces), at: offset + at }
}

function isSame(a: Parsed, b: Parsed): boolean {
  return a.kind === b.kind && a.key === b.key && a.value === b.value
}

/** A text of C ends at its first NUL. */
function untilNul(text: string): string {
  const nul = text.indexOf('\0')
  return nul === -1 ? text : text.slice(0, nul)
}

/** The lines that systemd sees in one: a carriage return and a NUL end a line too (read_line of fileio.c). */
function segments(text: string): readonly { readonly text: string; readonly start: number }[] {
  let start = 0
  return text.split(/[\r\0]/).map((segment) => {
    const found = { text: segment, start }
    start += segment.length + 1
    return found
  })
}
