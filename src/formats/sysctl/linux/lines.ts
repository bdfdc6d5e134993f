import { problem, type Diagnostic } from '../../../core/diagnostic.ts'
import { GrowingNumbers } from '../../growing.ts'
import { note, severityOf, type SourceLine } from '../line.ts'
import { cutLine, type Cut, type Parsed } from './cut.ts'
import { matchesName, readName, type LinuxName } from './name.ts'
import { FREEBSD_NAMES, LINUX_NAMES } from '../names.ts'
import { decode, linesOf } from '../../text.ts'

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

type LineResult = readonly (LinuxEntry | Diagnostic)[]

/**
 * What each line of a sysctl.d file is to procps (`sysctl -p`) and systemd-sysctl, in the order of the file. Values are not
 * looked at. Where the two take a line differently, each has an entry of its own, and a diagnostic says so.
 */
export function* linuxLines(bytes: Uint8Array, file: string): Generator<LineResult, void, undefined> {
  const { text, encoding, bom } = decode(bytes)
  if (encoding.startsWith('utf-16')) {
    yield [problem('sysctl/utf-16', { system }, { location: { file } })]
    return
  }
  for (const { number, text: source } of linesOf(text)) {
    const line: SourceLine = { file, number, text: source }
    yield bom && number === 1 ? [markBefore(line)] : readLine(line)
  }
}

/**
 * The entries of a sysctl.d file that set a keep-alive setting or take it out of patterns, in the order of the file. They
 * are read anew each time that somebody goes through them: as objects, short lines would take many times their size.
 */
export function keepAliveEntries(bytes: Uint8Array, file: string): Iterable<LinuxEntry> {
  const { text, encoding, bom } = decode(bytes)
  // Number, start and end of each line.
  const places = new GrowingNumbers()
  const entriesAt = (number: number, start: number, end: number): readonly LinuxEntry[] =>
    readLine({ file, number, text: text.slice(start, end) })
      .filter(isEntry)
      .filter(isOfKeepAlive)
  let start = 0
  for (const { number, text: source, end } of encoding.startsWith('utf-16') ? [] : linesOf(text)) {
    const last = start + source.length
    const may = MAY_BE_OF_KEEP_ALIVE.test(source) && !(bom && number === 1)
    if (may && entriesAt(number, start, last).length > 0) places.push(number, start, last)
    start = last + end.length
  }
  return {
    *[Symbol.iterator]() {
      for (let at = 0; at < places.length; at += 3)
        yield* entriesAt(places.at(at), places.at(at + 1), places.at(at + 2))
    },
  }
}

/** Spares the reading of most lines. */
const MAY_BE_OF_KEEP_ALIVE = /tcp_keepalive_|[*?[]/

function isOfKeepAlive({ name, pattern }: LinuxEntry): boolean {
  return pattern ? LINUX_NAMES.some((known) => matchesName(name, known)) : LINUX_NAMES.includes(name)
}

/** The first line of a file with a byte order mark: its name begins with that mark, and no setting does. */
function markBefore(line: SourceLine): Diagnostic {
  const lost = line.text.includes('=') && !/^\s*[#;]/.test(line.text)
  return note(line, 'sysctl/byte-order-mark', { system, lost }, 0, lost ? 'error' : 'warning')
}

function readLine(line: SourceLine): LineResult {
  const cut = cutLine(line.text)
  const all = cut.procps === undefined ? cut.systemd : [cut.procps, ...cut.systemd]
  const [first] = all
  if (first === undefined) return []
  if (cut.alike) return readAlike(line, first)
  if (all.every(({ kind }) => kind === 'nothing')) return [noAssignment(line, first)]
  return [
    differently(line, cut, first),
    ...entriesOf(line, cut.procps, ['procps']),
    ...cut.systemd.flatMap((parsed) => entriesOf(line, parsed, ['systemd'])),
  ]
}

/** A line in which both tools see the same: its entry, or what is wrong with it. */
function readAlike(line: SourceLine, parsed: Parsed): LineResult {
  const { key, start, kind, value } = parsed
  if (kind === 'nothing') return [noAssignment(line, parsed)]
  const { name, endsWithSeparator } = readName(key)
  const severity = severityOf(key)
  if (name === '') return [note(line, 'sysctl/no-name', { system }, start)]
  if (FREEBSD_NAMES.includes(name))
    return [note(line, 'sysctl/of-another-system', { system, name, owner: 'FreeBSD' }, start)]
  if (value !== undefined && (!NAME.test(name) || name.startsWith('proc.sys.')))
    return [note(line, 'sysctl/bad-name', { system, name: key, hint: hintFor(name) }, start, severity)]
  const entries = entriesOf(line, parsed, ['procps', 'systemd'])
  if (!endsWithSeparator || value === undefined) return entries
  const differ = { subject: `the name ${key} ends with a separator`, procps: 'skips it', systemd: 'takes it' }
  return [note(line, 'sysctl/tools-differ', { ...differ, instead: 'remove it' }, start, severity), ...entries]
}

function noAssignment(line: SourceLine, { key, start }: Parsed): Diagnostic {
  return note(line, 'sysctl/not-an-assignment', { text: key }, start, severityOf(key))
}

function differently(line: SourceLine, { procps, systemd }: Cut, { start }: Parsed): Diagnostic {
  const said = (parsed: Parsed | undefined): string =>
    parsed === undefined || parsed.kind === 'nothing'
      ? 'skips it'
      : `reads ${parsed.value === undefined ? `-${parsed.key}` : `${parsed.key} = ${parsed.value}`}`
  const data = {
    subject: 'the tools read this line differently',
    procps: said(procps),
    systemd: systemd.length > 1 ? `reads ${systemd.length} lines` : said(systemd[0]),
    instead: 'write one plain name = value in a line',
  }
  return note(line, 'sysctl/tools-differ', data, start, severityOf(line.text))
}

/** The entry of a line for those of the tools that find a setting by its name; a separator at the end stops procps. */
function entriesOf(line: SourceLine, parsed: Parsed | undefined, tools: readonly LinuxTool[]): readonly LinuxEntry[] {
  if (parsed === undefined || parsed.kind === 'nothing') return []
  const name = readName(parsed.key)
  const takers = name.endsWithSeparator ? tools.filter((tool) => tool !== 'procps') : tools
  if (!NAME.test(name.name) || name.name.startsWith('-') || takers.length === 0) return []
  return [{ ...name, tools: takers, value: parsed.value, optional: parsed.optional, line, at: parsed.at }]
}

/** What files below /proc/sys are called, and the signs of patterns. */
const NAME = /^[!-~]+$/

function hintFor(name: string): string {
  if (name.startsWith('proc.sys.')) return 'leave out /proc/sys/'
  return /[ \t]/.test(name) ? 'no name has a blank in it' : 'write the bare name, such as net.ipv4.tcp_keepalive_time'
}
