import { problem, type Diagnostic } from '../../../core/diagnostic.ts'
import type { Registry } from '../../../core/target.ts'
import { note, severityOf, type SourceLine } from '../line.ts'
import { cutLine, type Cut, type Parsed } from './cut.ts'
import { matchesName, readName, type LinuxName } from './name.ts'
import { sysctlNames, type SysctlNames } from '../names.ts'
import { decode, linesOf } from '../../text.ts'

const system = 'Linux'

/** The two programs that set values when Linux starts. */
export type LinuxTool = 'procps' | 'systemd'

/** A line of a sysctl.d file that at least one tool takes. */
export interface LinuxEntry extends LinuxName {
  /** The tools that take the line as described here. */
  readonly tools: readonly LinuxTool[]
  /** The value as written; `undefined` for a line with `-name` alone, which excludes a name from patterns. */
  readonly value: string | undefined
  /** Whether a `-` before the name hides failures to write it. */
  readonly optional: boolean
  readonly line: SourceLine
  /** The index of the value in the line, or of the name where there is no value. */
  readonly at: number
}

/** Tells an entry from a diagnostic. */
export function isEntry(found: LinuxEntry | Diagnostic): found is LinuxEntry {
  return 'tools' in found
}

type LineResult = readonly (LinuxEntry | Diagnostic)[]

/**
 * The entries that procps (`sysctl -p`) and systemd-sysctl take from each line of a sysctl.d file, in the order of the
 * file. Values are not checked. Where the tools read a line differently, each has an entry of its own, and a diagnostic
 * says so.
 */
export function* linuxLines(
  bytes: Uint8Array,
  file: string,
  registry: Registry,
): Generator<LineResult, void, undefined> {
  const { text, encoding, bom } = decode(bytes)
  if (encoding.startsWith('utf-16')) {
    yield [problem('sysctl/utf-16', { system }, { location: { file } })]
    return
  }
  const known = knownOf(registry)
  for (const { number, text: source } of linesOf(text)) {
    const line: SourceLine = { file, number, text: source }
    yield bom && number === 1 ? [markBefore(line)] : readLine(known, line)
  }
}

/** The entries of a sysctl.d file that set a keep-alive setting or exclude it from patterns, in the order of the file. */
export function* keepAliveEntries(
  bytes: Uint8Array,
  file: string,
  registry: Registry,
): Generator<LinuxEntry, void, undefined> {
  const known = knownOf(registry)
  const { text, encoding, bom } = decode(bytes)
  if (encoding.startsWith('utf-16')) return
  for (const { number, text: source } of linesOf(text)) {
    // Most lines need no reading.
    if (!(known.own.isAbout(source) || /[*?[]/.test(source)) || (bom && number === 1)) continue
    for (const one of readLine(known, { file, number, text: source }))
      if (isEntry(one) && isOfKeepAlive(known.own, one)) yield one
  }
}

/** The settings of Linux, and settings that only other systems have. */
interface Known {
  readonly own: SysctlNames
  readonly others: SysctlNames
}

function knownOf(registry: Registry): Known {
  return { own: sysctlNames(registry, 'linux'), others: sysctlNames(registry, 'freebsd') }
}

function isOfKeepAlive({ names, settings }: SysctlNames, { name, pattern }: LinuxEntry): boolean {
  return pattern ? names.some((known) => matchesName(name, known)) : settings.has(name)
}

/**
 * The first line of a file with a byte order mark: the mark becomes part of the name, and no setting begins with it.
 */
function markBefore(line: SourceLine): Diagnostic {
  const lost = line.text.includes('=') && !/^\s*[#;]/.test(line.text)
  return note(line, 'sysctl/byte-order-mark', { system, lost }, 0, lost ? 'error' : 'warning')
}

function readLine(known: Known, line: SourceLine): LineResult {
  const cut = cutLine(line.text)
  const all = cut.procps === undefined ? cut.systemd : [cut.procps, ...cut.systemd]
  const [first] = all
  if (first === undefined) return []
  if (cut.alike) return readAlike(known, line, first)
  if (all.every(({ kind }) => kind === 'nothing')) return [noAssignment(known, line, first)]
  return [
    differently(known, line, cut, first),
    ...entriesOf(line, cut.procps, ['procps']),
    ...cut.systemd.flatMap((parsed) => entriesOf(line, parsed, ['systemd'])),
  ]
}

/** The entry of a line that both tools read alike, or the diagnostic of it. */
function readAlike(known: Known, line: SourceLine, parsed: Parsed): LineResult {
  const { key, start, kind, value } = parsed
  if (kind === 'nothing') return [noAssignment(known, line, parsed)]
  const read = readName(key)
  const { name, endsWithSeparator } = read
  const severity = severityOf(known.own, key)
  if (name === '') return [note(line, 'sysctl/no-name', { system }, start)]
  if (known.others.settings.has(name))
    return [note(line, 'sysctl/of-another-system', { system, name, owner: 'FreeBSD' }, start)]
  if (value !== undefined && (!NAME.test(name) || name.startsWith('proc.sys.')))
    return [note(line, 'sysctl/bad-name', { system, name: key, hint: hintFor(name) }, start, severity)]
  const entries = entriesOf(line, parsed, BOTH, read)
  if (!endsWithSeparator || value === undefined) return entries
  const differ = { subject: `the name ${key} ends with a separator`, procps: 'skips it', systemd: 'takes it' }
  return [note(line, 'sysctl/tools-differ', { ...differ, instead: 'remove it' }, start, severity), ...entries]
}

function noAssignment({ own }: Known, line: SourceLine, { key, start }: Parsed): Diagnostic {
  return note(line, 'sysctl/not-an-assignment', { text: key }, start, severityOf(own, key))
}

function differently({ own }: Known, line: SourceLine, { procps, systemd }: Cut, { start }: Parsed): Diagnostic {
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
  return note(line, 'sysctl/tools-differ', data, start, severityOf(own, line.text))
}

/**
 * The entry of a line for those of the `tools` that find a setting by its name; procps finds none that ends with a
 * separator.
 */
function entriesOf(
  line: SourceLine,
  parsed: Parsed | undefined,
  tools: readonly LinuxTool[],
  read = parsed && readName(parsed.key),
): readonly LinuxEntry[] {
  if (parsed === undefined || read === undefined || parsed.kind === 'nothing') return []
  const { name, pattern, plain, endsWithSeparator } = read
  const takers = endsWithSeparator ? tools.filter((tool) => tool !== 'procps') : tools
  if (!NAME.test(name) || name.startsWith('-') || takers.length === 0) return []
  // Field by field: to spread an object takes many times as long, and there may be a million lines.
  const { value, optional, at } = parsed
  return [{ name, pattern, plain, endsWithSeparator, tools: takers, value, optional, line, at }]
}

const BOTH: readonly LinuxTool[] = ['procps', 'systemd']

/** Names of files below /proc/sys, and the wildcards of patterns. */
const NAME = /^[!-~]+$/

function hintFor(name: string): string {
  if (name.startsWith('proc.sys.')) return 'leave out /proc/sys/'
  return /[ \t]/.test(name) ? 'no name has a blank in it' : 'write the bare name, such as net.ipv4.tcp_keepalive_time'
}
