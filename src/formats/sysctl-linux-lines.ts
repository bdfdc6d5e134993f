import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { note, severityOf, type SourceLine } from './sysctl-line.ts'
import { cutLine, type Cut, type Parsed } from './sysctl-linux-cut.ts'
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

function readLine(line: SourceLine): readonly (LinuxEntry | Diagnostic)[] {
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
function readAlike(line: SourceLine, parsed: Parsed): readonly (LinuxEntry | Diagnostic)[] {
  const { key, start, kind, value } = parsed
  if (kind === 'nothing') return [noAssignment(line, parsed)]
  const { name, endsWithSeparator } = readName(key)
  const severity = severityOf(key)
  if (name === '') return [note(line, 'sysctl/no-name', { system }, start, 'warning')]
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
