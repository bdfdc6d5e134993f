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

/** The race of the lines of a file, or of many files in the order in which they are read, for each name. */
export interface Race {
  /** Adds the next line that sets a keep-alive setting, or excludes it from patterns. */
  readonly add: (entry: LinuxEntry) => void
  /** The last write of each name that the kernel takes; a pattern never sets a name that some line has in full, wherever it is. */
  readonly winners: () => ReadonlyMap<string, Write>
}

/** A race by the rules of a tool. Each line is read once: a million of them may come. */
export function newRace(names: SysctlNames, tool: LinuxTool): Race {
  return tool === 'procps' ? raceOfProcps(names) : raceOfSystemd(names)
}

/** Every line in turn. A name in unusual spelling does not count as a full name. */
function raceOfProcps(names: SysctlNames): Race {
  const full = new Set<string>()
  const [last, lastInFull] = [new Map<string, Write>(), new Map<string, Write>()]
  return {
    add: (entry) => {
      if (!entry.tools.includes('procps')) return
      if (!entry.pattern && entry.plain) full.add(entry.name)
      for (const write of writesOf(names, entry, () => false)) {
        if (!isTaken(names, write)) continue
        last.set(write.name, write)
        if (!entry.pattern) lastInFull.set(write.name, write)
      }
    },
    winners: () => {
      const found = [...last.keys()].flatMap((name) => (full.has(name) ? lastInFull : last).get(name) ?? [])
      return new Map(found.map((write) => [write.name, write]))
    },
  }
}

/** The last line of each name and pattern; it takes the place of an earlier line with the same value. */
function raceOfSystemd(names: SysctlNames): Race {
  const options = new Map<string, LinuxEntry>()
  return {
    add: (entry) => {
      const earlier = options.get(entry.name)
      if (!entry.tools.includes('systemd') || (earlier !== undefined && earlier.value === entry.value)) return
      options.delete(entry.name)
      options.set(entry.name, entry)
    },
    winners: () => {
      const last = new Map<string, Write>()
      for (const entry of options.values())
        for (const write of writesOf(names, entry, (name) => options.has(name)))
          if (isTaken(names, write)) last.set(write.name, write)
      return last
    },
  }
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
