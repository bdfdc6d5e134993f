import type { Statement } from '../core/capture.ts'
import { placeOf } from './sysctl-line.ts'
import type { LinuxEntry, LinuxTool } from './sysctl-linux-lines.ts'
import { matchesName } from './sysctl-linux-name.ts'
import { readKernelValue } from './sysctl-linux-value.ts'
import { LINUX_NAMES } from './sysctl-names.ts'

/** A value that a tool writes to a setting. */
export interface Write {
  readonly name: string
  readonly entry: LinuxEntry
}

/**
 * What a tool writes, in its order, when it reads these lines together, of one file or of many in the order in which they
 * are read. A pattern gives no value to a name that a line has in full, wherever that line stands.
 */
export function writesOf(entries: readonly LinuxEntry[], tool: LinuxTool): readonly Write[] {
  const taken = entries.filter(({ tools }) => tools.includes(tool))
  return tool === 'procps' ? writesOfProcps(taken) : writesOfSystemd(taken)
}

/** Every line in turn. A name that is spelt in a special way does not count as one in full. */
function writesOfProcps(entries: readonly LinuxEntry[]): readonly Write[] {
  const full = new Set(entries.filter(({ pattern, plain }) => !pattern && plain).map(({ name }) => name))
  return entries
    .filter(({ value }) => value !== undefined)
    .flatMap((entry) => namesOf(entry, (name) => full.has(name)).map((name) => ({ name, entry })))
}

/** One line for each name and pattern, the last; it keeps the place of an earlier one of the same value. */
function writesOfSystemd(entries: readonly LinuxEntry[]): readonly Write[] {
  const options = new Map<string, LinuxEntry>()
  for (const entry of entries) {
    const earlier = options.get(entry.name)
    if (earlier !== undefined && earlier.value === entry.value) continue
    options.delete(entry.name)
    options.set(entry.name, entry)
  }
  return [...options.values()]
    .filter(({ value }) => value !== undefined)
    .flatMap((entry) => namesOf(entry, (name) => options.has(name)).map((name) => ({ name, entry })))
}

/** The names that a line gives a value to; of a pattern those of keep-alive, others depend on the machine. */
export function namesOf({ name, pattern }: LinuxEntry, isInFull: (name: string) => boolean): readonly string[] {
  return pattern ? LINUX_NAMES.filter((known) => matchesName(name, known) && !isInFull(known)) : [name]
}

/** The last write of each name that the kernel takes. */
export function winners(writes: readonly Write[]): ReadonlyMap<string, Write> {
  const last = new Map<string, Write>()
  for (const write of writes) if (isTaken(write)) last.set(write.name, write)
  return last
}

/** Whether the kernel takes a value. Only the keep-alive settings are known so well; of all others it is assumed. */
export function isTaken({ name, entry: { value } }: Write): boolean {
  return value !== undefined && (!LINUX_NAMES.includes(name) || readKernelValue(name, value).takes)
}

/** What a write states. */
export function statementOf({ name, entry }: Write): Statement {
  const written = entry.value ?? ''
  const read = LINUX_NAMES.includes(name) ? readKernelValue(name, written) : undefined
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
export function isSameValue(a: Write | undefined, b: Write | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  const [one, other] = [statementOf(a).value, statementOf(b).value]
  return one.kind === 'number' && other.kind === 'number'
    ? one.number === other.number
    : a.entry.value === b.entry.value
}
