import { isStatement, type Statement } from '../../core/capture.ts'
import { byCodeUnit, problem, type Diagnostic } from '../../core/diagnostic.ts'
import { capPerCode } from '../../core/cap-per-code.ts'
import type { Registry } from '../../core/target.ts'
import { isFreebsdConf, readFreebsdConf } from './freebsd.ts'
import { isLinuxConf, readLinuxConf } from './linux/linux.ts'
import { keepAliveEntries, type LinuxEntry, type LinuxTool } from './linux/lines.ts'
import { isSameValue, isTaken, newRace, statementOf, writesOf, type Write } from './linux/winner.ts'
import { sysctlNames, type SysctlNames } from './names.ts'
import { byRoot, freebsdPlace, linuxPlace, type ConfFile } from './places.ts'
import { decode } from '../text.ts'

/** The value of one setting after the machine of a tree has started. */
export interface Effective {
  readonly name: string
  /** The statement that decides; `undefined` if the kernel refuses the line that counts. */
  readonly statement: Statement | undefined
  /** Statements that are overridden, in the order in which they are read. */
  readonly overridden: readonly Statement[]
}

/** One way to start: the files in the order in which they are read, and the resulting values. */
export interface Start {
  readonly files: readonly string[]
  /** The result by native name. */
  readonly effective: ReadonlyMap<string, Effective>
}

/** The settings of one machine that runs Linux. */
export interface LinuxTree {
  /** The path before `etc` or `usr` of its files: `''`, `/` or `copy/`. */
  readonly root: string
  readonly systemd: Start
  /** The start with `sysctl --system` of procps, which also reads /etc/sysctl.conf, as the last file. */
  readonly procps: Start
  /** Files that are not read because an earlier folder has a file of their name. */
  readonly masked: readonly { readonly path: string; readonly by: string }[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The settings of one machine that runs FreeBSD. */
export interface FreebsdTree extends Start {
  /** The same as in {@link LinuxTree}. */
  readonly root: string
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The values that hold after a start of the machines whose files these are, one tree for each root. Links are unknown
 * here: /etc/sysctl.conf counts for systemd only if a folder has a copy of it. Only `.conf` files in `sysctl.d` folders
 * and `sysctl.conf` are read. The lines of all files are read together, as `sysctl --system` of procps and
 * systemd-sysctl do: a full name wins over a pattern in any file.
 */
export function linuxTrees(files: ReadonlyMap<string, Uint8Array>, registry: Registry): readonly LinuxTree[] {
  const freebsd = rootsOfFreebsd(files)
  return byRoot(files, linuxPlace)
    .filter(([root]) => !freebsd.has(root))
    .map(([root, found]) => linuxTree(root, found, files, registry))
}

/** /etc/sysctl.conf and then /etc/sysctl.conf.local, for each root; see {@link linuxTrees}. */
export function freebsdTrees(files: ReadonlyMap<string, Uint8Array>, registry: Registry): readonly FreebsdTree[] {
  const freebsd = rootsOfFreebsd(files)
  const roots = byRoot(files, freebsdPlace).filter(([root]) => freebsd.has(root))
  return roots.map(([root, found]) => {
    const read = found.toSorted((a, b) => a.rank - b.rank).map(({ path }) => path)
    const told = capPerCode()
    const stated: Statement[] = []
    for (const path of read)
      for (const one of readFreebsdConf(files.get(path) ?? NOTHING, path, registry))
        if (!isStatement(one)) told.add(one)
        else if (one.value.kind === 'number') stated.push(one)
    const last = new Map(stated.map((statement) => [statement.name ?? '', statement]))
    return { root, files: read, effective: effectiveOf(stated, last), diagnostics: told.all() }
  })
}

/**
 * The roots of the trees that are FreeBSD's: a folder sysctl.d means Linux; else the content of /etc/sysctl.conf decides, or a
 * .local beside it.
 */
function rootsOfFreebsd(files: ReadonlyMap<string, Uint8Array>): ReadonlySet<string> {
  const machines = byRoot(files, (path) => linuxPlace(path) ?? freebsdPlace(path))
  return new Set(machines.filter(([, own]) => isOfFreebsd(own, files)).map(([root]) => root))
}

function isOfFreebsd(own: readonly ConfFile[], files: ReadonlyMap<string, Uint8Array>): boolean {
  if (own.some(({ path }) => (linuxPlace(path)?.name ?? '') !== '')) return false
  return own.some(({ path }) => {
    const { text } = decode(files.get(path) ?? NOTHING)
    return path.endsWith('.local') || (isFreebsdConf(text) && !isLinuxConf(text))
  })
}

const NOTHING = new Uint8Array()

function linuxTree(
  root: string,
  places: readonly ConfFile[],
  files: ReadonlyMap<string, Uint8Array>,
  registry: Registry,
): LinuxTree {
  const known = sysctlNames(registry, 'linux')
  const { dropIns, main, masked } = inOrder(places)
  const all = [...dropIns, ...main]
  const starts = [newStart(known, 'systemd', dropIns), newStart(known, 'procps', all)] as const
  const told = capPerCode()
  for (const path of all) {
    const bytes = files.get(path) ?? NOTHING
    const reading = starts.filter(({ files: read }) => read.has(path))
    for (const entry of keepAliveEntries(bytes, path, registry)) {
      const stated = statementsOf(known, entry)
      for (const start of reading) start.add(entry, stated)
    }
    for (const one of readLinuxConf(bytes, path, registry)) if (!isStatement(one)) told.add(one)
  }
  const [systemd, procps] = [starts[0].end(), starts[1].end()]
  return {
    root,
    systemd,
    procps,
    masked,
    diagnostics: [...told.all(), ...differences(known, systemd.last, procps.last)],
  }
}

/** One file for each name, in the order of the names, and /etc/sysctl.conf apart. */
function inOrder(places: readonly ConfFile[]): {
  readonly dropIns: readonly string[]
  readonly main: readonly string[]
  readonly masked: LinuxTree['masked']
} {
  const first = new Map<string, string>()
  const masked: { readonly path: string; readonly by: string }[] = []
  for (const { name, path } of places.toSorted((a, b) => a.rank - b.rank || byCodeUnit(a.path, b.path))) {
    const by = first.get(name)
    if (by === undefined) first.set(name, path)
    else masked.push({ path, by })
  }
  const named = [...first].toSorted(([a], [b]) => byCodeUnit(a, b))
  const paths = (isMain: boolean): readonly string[] =>
    named.filter(([name]) => (name === '') === isMain).map(([, path]) => path)
  return { dropIns: paths(false), main: paths(true), masked }
}

/** A start of the machine, to which the lines of its files are added one after the other. */
interface RunningStart {
  readonly files: ReadonlySet<string>
  /** `stated` are the statements of the line. */
  readonly add: (entry: LinuxEntry, stated: readonly Statement[]) => void
  readonly end: () => Start & { readonly last: ReadonlyMap<string, Write> }
}

function newStart(known: SysctlNames, tool: LinuxTool, read: readonly string[]): RunningStart {
  const race = newRace(known, tool)
  const all: Statement[] = []
  return {
    files: new Set(read),
    add: (entry, stated) => {
      race.add(entry)
      if (entry.tools.includes(tool)) all.push(...stated)
    },
    end: () => {
      const last = race.winners()
      const statements = new Map([...last].map(([name, write]) => [name, statementOf(known, write)]))
      return { files: read, effective: effectiveOf(all, statements), last }
    },
  }
}

/** The statements of a line; a pattern that yields to a full name states something all the same, which is overridden. */
function statementsOf(known: SysctlNames, entry: LinuxEntry): readonly Statement[] {
  return writesOf(known, entry, () => false)
    .filter((write) => isTaken(known, write))
    .map((write) => statementOf(known, write))
}

function effectiveOf(
  stated: readonly Statement[],
  last: ReadonlyMap<string, Statement>,
): ReadonlyMap<string, Effective> {
  const found = new Map<
    string,
    { readonly name: string; readonly statement: Statement | undefined; readonly overridden: Statement[] }
  >()
  for (const one of stated) {
    const name = one.name ?? ''
    const known = found.get(name) ?? { name, statement: last.get(name), overridden: [] }
    if (!isSamePlace(one, known.statement)) known.overridden.push(one)
    found.set(name, known)
  }
  return found
}

function isSamePlace(a: Statement, b: Statement | undefined): boolean {
  return (
    a.location.file === b?.location.file &&
    a.location.line === b.location.line &&
    a.location.column === b.location.column
  )
}

/** The settings that the two ways to start leave with different values. */
function* differences(
  known: SysctlNames,
  systemd: ReadonlyMap<string, Write>,
  procps: ReadonlyMap<string, Write>,
): Generator<Diagnostic, void, undefined> {
  for (const name of new Set([...systemd.keys(), ...procps.keys()])) {
    const [one, other] = [systemd.get(name), procps.get(name)]
    const last = other ?? one
    if (last === undefined || isSameValue(known, one, other)) continue
    const said = (write: Write | undefined): string =>
      write === undefined ? 'no file sets it' : `it is ${write.entry.value ?? ''} (${write.entry.line.file})`
    const data = { name, systemd: said(one), procps: said(other) }
    yield problem('sysctl/starts-differ', data, { location: statementOf(known, last).location })
  }
}
