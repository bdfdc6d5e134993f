import type { Statement } from '../../../core/capture.ts'
import type { Diagnostic } from '../../../core/diagnostic.ts'
import type { Registry } from '../../../core/target.ts'
import { byPlace, note, severityOf } from '../line.ts'
import { isEntry, keepAliveEntries, linuxLines, type LinuxEntry } from './lines.ts'
import { noteValue } from './value.ts'
import { isSameValue, isTaken, namesOf, newRace, statementOf, writesOf, type Write } from './winner.ts'
import { sysctlNames, type SysctlNames } from '../names.ts'
import { linesOf } from '../../text.ts'

/**
 * Reads a file of a sysctl.d folder, or /etc/sysctl.conf, as Linux does when it starts. A statement is a value on which
 * procps and systemd-sysctl agree; where they differ, a diagnostic says what each does, and there is no statement.
 * Keep-alive settings are whole numbers: the value that the kernel reads from the text. Any other value is kept as
 * text. A pattern states every keep-alive setting that it matches, unless a line of the file has the setting's full
 * name. Each line with another name is a statement if both tools take it.
 */
export function* readLinuxConf(
  bytes: Uint8Array,
  file: string,
  registry: Registry,
): Generator<Statement | Diagnostic, void, undefined> {
  const known = sysctlNames(registry, 'linux')
  const { full, disputed } = survey(known, keepAliveEntries(bytes, file, registry))
  const said = [...disputed.values()].filter((one) => one !== undefined)
  for (const found of linuxLines(bytes, file, registry)) {
    const diagnostics = found.filter((one): one is Diagnostic => !isEntry(one))
    const entries = found.filter(isEntry)
    const [first] = entries
    if (first === undefined) yield* diagnostics
    else {
      const writes = entries.filter(isOfBoth).flatMap((entry) => writesOf(known, entry, (name) => full.has(name)))
      const statements = writes
        .filter((write) => !disputed.has(write.name) && isTaken(known, write))
        .map((write) => statementOf(known, write))
      const notes = entries.flatMap((entry) => [...noteEntry(known, entry, full)])
      const here = said.filter(({ location }) => location?.line === first.line.number)
      yield* [...statements, ...diagnostics, ...notes, ...here].toSorted(byPlace)
    }
  }
}

/**
 * Whether a text is a sysctl.d file: its first lines other than comments assign with = or exclude with -, and at least
 * one name belongs to Linux. Output of `sysctl -a` of Linux passes too, and is read alike.
 */
export function isLinuxConf(text: string): boolean {
  let owned = false
  let seen = 0
  for (const { text: line } of linesOf(text)) {
    const code = line.trim()
    if (code === '' || code.startsWith('#') || code.startsWith(';')) continue
    if (!/^-?[\w*?[][^\s=:]*\s*=|^-[\w.*/-]+$/.test(code)) return false
    owned ||=
      /^-?(?:net[./](?:ipv[46*]|core|netfilter|bridge|unix|mptcp)|kernel|vm|fs|user|abi|sunrpc|dev[./](?:tty|cdrom|raid|scsi|hpet))[./]/.test(
        code,
      )
    if ((seen += 1) === FIRST_LINES) break
  }
  return owned
}
const FIRST_LINES = 50

/** Facts about a name that all lines together decide. */
interface Survey {
  /** The first line with the full name, for each name. */
  readonly full: ReadonlyMap<string, LinuxEntry>
  /** Names that the two tools leave with different values, and names without a line that both tools take. */
  readonly disputed: ReadonlyMap<string, Diagnostic | undefined>
}

function survey(known: SysctlNames, entries: Iterable<LinuxEntry>): Survey {
  const full = new Map<string, LinuxEntry>()
  const [procps, systemd, both] = [newRace(known, 'procps'), newRace(known, 'systemd'), newRace(known, 'procps')]
  for (const entry of entries) {
    if (!entry.pattern && !full.has(entry.name)) full.set(entry.name, entry)
    procps.add(entry)
    systemd.add(entry)
    if (isOfBoth(entry)) both.add(entry)
  }
  return { full, disputed: disputes(known, procps.winners(), systemd.winners(), both.winners()) }
}

/** The diagnostics of a single line; none for a line that the tools read differently, which is reported already. */
function* noteEntry(
  known: SysctlNames,
  entry: LinuxEntry,
  full: ReadonlyMap<string, LinuxEntry>,
): Generator<Diagnostic, void, undefined> {
  const { pattern, value, line, at, optional } = entry
  if (value === undefined || !isOfBoth(entry)) return
  const names = namesOf(known, entry, () => false).filter((name) => known.settings.has(name))
  const set = names.filter((name) => !pattern || !full.has(name))
  for (const name of names) yield* yields(entry, name, set.includes(name) ? undefined : full.get(name))
  const said = new Set<string>()
  for (const setting of set.flatMap((name) => known.settings.get(name) ?? []))
    for (const diagnostic of noteValue(line, at, setting, value)) {
      // A pattern's diagnostic that holds for each of its names is reported once.
      if (diagnostic.severity === 'error' || !said.has(diagnostic.code)) yield diagnostic
      said.add(diagnostic.code)
    }
  const what = pattern ? 'patterns' : 'a - before a name'
  if (set.length > 0 && (pattern || optional)) yield note(line, 'sysctl/not-for-busybox', { names: set, what }, at)
}

/** A pattern after the full name: a person may expect it to win. */
function* yields(
  { name: pattern, value, line, at }: LinuxEntry,
  name: string,
  first: LinuxEntry | undefined,
): Generator<Diagnostic, void, undefined> {
  if (first?.value === undefined || first.value === value || first.line.number > line.number) return
  yield note(line, 'sysctl/pattern-yields', { name, pattern, line: first.line.number }, at)
}

function disputes(
  known: SysctlNames,
  ofProcps: ReadonlyMap<string, Write>,
  ofSystemd: ReadonlyMap<string, Write>,
  ofBoth: ReadonlyMap<string, Write>,
): Survey['disputed'] {
  const found = new Map<string, Diagnostic | undefined>()
  for (const name of new Set([...ofProcps.keys(), ...ofSystemd.keys()])) {
    const [procps, systemd] = [ofProcps.get(name), ofSystemd.get(name)]
    const either = procps ?? systemd
    if (either === undefined || (isSameValue(known, procps, systemd) && isSameValue(known, procps, ofBoth.get(name))))
      continue
    found.set(name, dispute(known, either, procps, systemd))
  }
  return found
}

/** `undefined` if a line that the tools read differently is the cause, which is reported already. */
function dispute(
  known: SysctlNames,
  { name, entry }: Write,
  procps: Write | undefined,
  systemd: Write | undefined,
): Diagnostic | undefined {
  if ([procps, systemd].some((write) => write !== undefined && !isOfBoth(write.entry))) return undefined
  const said = (write: Write | undefined): string =>
    write === undefined ? 'does not set it' : `sets it to ${write.entry.value ?? ''}`
  return note(
    entry.line,
    'sysctl/tools-differ',
    { subject: name, procps: said(procps), systemd: said(systemd), instead: 'leave one line with this name' },
    entry.at,
    severityOf(known, name),
  )
}

const isOfBoth = ({ tools }: LinuxEntry): boolean => tools.length === 2
