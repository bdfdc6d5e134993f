import type { Statement } from '../../../core/capture.ts'
import { placeOf } from '../line.ts'
import type { LinuxEntry, LinuxTool } from './lines.ts'
import { matchesName } from './name.ts'
import { readKernelValue } from './value.ts'
import type { SysctlNames } from '../names.ts'

/** A value that a tool writes to a setting. */
export interface Write {
  readonly name: string
  readonly entry: LinuxEntry
}

/**
 * The last write of each name that the kernel takes, when a tool reads these lines together: the lines of one file, or
 * of many in the order in which they are read. A pattern never sets a name that some line has in full, wherever that
 * line is.
 */
export function winners(
  names: SysctlNames,
  entries: Iterable<LinuxEntry>,
  tool: LinuxTool,
): ReadonlyMap<string, Write> {
  const last = new Map<string, Write>()
  for (const write of tool === 'procps' ? writesOfProcps(names, entries) : writesOfSystemd(names, entries))
    if (isTaken(names, write)) last.set(write.name, write)
  return last
}

/** Every line in turn. A name in unusual spelling does not count as a full name. */
function* writesOfProcps(names: SysctlNames, entries: Iterable<LinuxEntry>): Generator<Write, void, undefined> {
  const full = new Set<string>()
  for (const { name, pattern, plain, tools } of entries)
    if (!pattern && plain && tools.includes('procps')) full.add(name)
  for (const entry of entries)
    if (entry.tools.includes('procps')) yield* writesOf(names, entry, (name) => full.has(name))
}

/** The last line of each name and pattern; it takes the place of an earlier line with the same value. */
function* writesOfSystemd(names: SysctlNames, entries: Iterable<LinuxEntry>): Generator<Write, void, undefined> {
  const options = new Map<string, LinuxEntry>()
  for (const entry of entries) {
    const earlier = options.get(entry.name)
    if (!entry.tools.includes('systemd') || (earlier !== undefined && earlier.value === entry.value)) continue
    options.delete(entry.name)
    options.set(entry.name, entry)
  }
  for (const entry of options.values()) yield* writesOf(names, entry, (name) => options.has(name))
}

/** The writes of a line, given which names have lines in full; an exclusion writes nothing. */
export function writesOf(names: SysctlNames, entry: LinuxEntry, isInFull: (name: string) => boolean): readonly Write[] {
  return entry.value === undefined ? [] : namesOf(names, entry, isInFull).map((name) => ({ name, entry }))
}

/** The names that a line sets; for a pattern the keep-alive settings alone, since others depend on the machine. */
export function namesOf(
  { names }: SysctlNames,
  { name, pattern }: LinuxEntry,
  isInFull: (name: string) => boolean,
): readonly string[] {
  return pattern ? names.filter((known) => matchesName(name, known) && !isInFull(known)) : [name]
}

/** Whether the kernel takes a value. The kit knows this of keep-alive settings, and assumes it of all others. */
export function isTaken({ settings }: SysctlNames, { name, entry: { value } }: Write): boolean {
  const setting = settings.get(name)
  return value !== undefined && (setting === undefined || readKernelValue(setting, value).takes)
}

/** The statement of a write. */
export function statementOf({ settings }: SysctlNames, { name, entry }: Write): Statement {
  const written = entry.value ?? ''
  const setting = settings.get(name)
  const read = setting && readKernelValue(setting, written)
  return {
    store: 'linux',
    key: '',
    name,
    value:
      read?.takes === true ? { kind: 'number', number: read.number } : { kind: 'other', type: 'text', text: written },
    written,
    location: placeOf(entry.line, entry.at),
  }
}

/** Whether two writes leave the same value. */
export function isSameValue(names: SysctlNames, a: Write | undefined, b: Write | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  const [one, other] = [statementOf(names, a).value, statementOf(names, b).value]
  return one.kind === 'number' && other.kind === 'number'
    ? one.number === other.number
    : a.entry.value === b.entry.value
}
