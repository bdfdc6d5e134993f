import { byCodeUnit, problem, type Diagnostic } from '../core/diagnostic.ts'
import { FIELDS, type Field } from '../core/target.ts'
import { isGroup } from '../source/group.ts'
import { isEntryValue, type Entries, type Entry } from './entry.ts'

/** The version of the lock's format; it rises when a reader of the old format would be misled. */
export const LOCK_FORMAT = 1

/**
 * The lock: the settings and a digest of the files, in one line for each profile and target, sorted. People commit and
 * review it in place of thousands of files.
 */
export function lockText(entries: Entries): string {
  const sorted = [...entries].toSorted(([a], [b]) => byCodeUnit(a, b))
  return [...lockLines(sorted.map(([key, entry]) => [key, JSON.stringify(entry)]))].join('')
}

/** The same in parts, for locks too long to hold in memory; the entries, as JSON, are sorted already. */
export function* lockLines(entries: Iterable<readonly [key: string, entry: string]>): Generator<string> {
  yield `{\n  "keepalive-kit-lock": ${LOCK_FORMAT},\n  "entries": {`
  let before = ''
  for (const [key, entry] of entries) {
    yield `${before}\n    ${JSON.stringify(key)}: ${entry}`
    before = ','
  }
  yield `${before === '' ? '' : '\n  '}}\n}\n`
}

/** The entries of a lock, or the reason why it cannot be used. */
export type LockReading =
  | { readonly entries: Entries; readonly diagnostics: readonly [] }
  | { readonly entries: undefined; readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]] }

/** Whether a text is a lock, of any format. */
export function isLock(text: string): boolean {
  return /^\s*\{\s*"keepalive-kit-lock"/.test(text)
}

/** Reads a lock; a lock that was edited by hand or merged badly is refused with the entry that is wrong. */
export function readLock(text: string, file: string): LockReading {
  const refuse = (why: string): LockReading => ({
    entries: undefined,
    diagnostics: [problem('lock/unusable', { why }, { location: { file } })],
  })
  if (MERGE_MARK.test(text)) return refuse('it has the conflict marks of an unfinished merge')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    return refuse(`it is not JSON (${(error as Error).message})`)
  }
  if (!isGroup(parsed) || !isGroup(parsed['entries'])) return refuse('it has no entries')
  const format = parsed['keepalive-kit-lock']
  if (format !== LOCK_FORMAT)
    return refuse(`its format is ${JSON.stringify(format)}, and this version of the kit knows ${LOCK_FORMAT}`)
  const entries = new Map<string, Entry>()
  const isEntry = entryCheck()
  for (const key in parsed['entries']) {
    const entry = parsed['entries'][key]
    if (!isEntryKey(key) || !isEntry(entry))
      return refuse(`its entry ${JSON.stringify(key)} is not one that the kit writes`)
    entries.set(key, entry)
  }
  // JSON takes the last of two equal keys, which would hide a merge that kept both lines.
  if (hasMoreSlashes(text, entries.size) && (text.match(KEY) ?? []).length > entries.size)
    return refuse('it has an entry twice')
  return { entries, diagnostics: [] }
}

const MERGE_MARK = /^(?:<{7}|={7}|>{7})/m
/** The keys of entries; no other text in a lock has a slash. */
const KEY = /"[A-Za-z0-9._-]{1,63}\/[a-z0-9-]{1,63}"/g

/** Each key has one slash, so more slashes mean a duplicate entry; counting them is fast. */
function hasMoreSlashes(text: string, count: number): boolean {
  let found = 0
  for (let at = text.indexOf('/'); at !== -1 && found <= count; at = text.indexOf('/', at + 1)) found += 1
  return found > count
}

function isEntryKey(key: string): boolean {
  // The name of a profile, or in a fleet that of a device.
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\/[a-z][a-z0-9-]{0,62}$/.test(key)
}

const KNOWN: ReadonlySet<string> = new Set([...FIELDS, 'sha256'])

/** Returns a check of whether a value is an entry; it remembers settings, since most entries of a fleet share a few. */
function entryCheck(): (entry: unknown) => entry is Entry {
  const sound = new Map(FIELDS.map((field) => [field, new Set<unknown>()]))
  const isSound = (field: Field, value: unknown): boolean => {
    const seen = sound.get(field)
    if (seen?.has(value)) return true
    const is = isEntryValue(field, value)
    if (is) seen?.add(value)
    return is
  }
  return (entry): entry is Entry => {
    if (!isGroup(entry)) return false
    for (const key in entry) if (!KNOWN.has(key)) return false
    for (const field of FIELDS) if (entry[field] !== undefined && !isSound(field, entry[field])) return false
    const { sha256 } = entry
    return sha256 === undefined || (typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256))
  }
}
