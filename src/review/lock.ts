import { byCodeUnit, problem, type Diagnostic } from '../core/diagnostic.ts'
import { FIELDS } from '../core/target.ts'
import { isGroup } from '../source/group.ts'
import { isEntryValue, type Entries, type Entry } from './entry.ts'

/** The lock's own form; it rises when a reader of the old one would be misled. */
export const LOCK_FORMAT = 1

/**
 * The lock: what is set, and a digest of the files, in one line for each profile and target, sorted. It is what people
 * commit and review in place of thousands of files.
 */
export function lockText(entries: Entries): string {
  const sorted = [...entries].toSorted(([a], [b]) => byCodeUnit(a, b))
  return [...lockLines(sorted.map(([key, entry]) => [key, JSON.stringify(entry)]))].join('')
}

/** The same in parts, for locks that are too long to be held; the entries, as JSON, are sorted already. */
export function* lockLines(entries: Iterable<readonly [key: string, entry: string]>): Generator<string> {
  yield `{\n  "keepalive-kit-lock": ${LOCK_FORMAT},\n  "entries": {`
  let before = ''
  for (const [key, entry] of entries) {
    yield `${before}\n    ${JSON.stringify(key)}: ${entry}`
    before = ','
  }
  yield `${before === '' ? '' : '\n  '}}\n}\n`
}

/** What a lock says, or why it cannot be used. */
export type LockReading =
  | { readonly entries: Entries; readonly diagnostics: readonly [] }
  | { readonly entries: undefined; readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]] }

/** Whether a text is a lock, of whatever format. */
export function isLock(text: string): boolean {
  return /^\s*\{\s*"keepalive-kit-lock"/.test(text)
}

/** Reads a lock; one that was edited by hand or merged badly is refused with the entry that is wrong. */
export function readLock(text: string, file: string): LockReading {
  const refuse = (why: string): LockReading => ({
    entries: undefined,
    diagnostics: [problem('lock/unusable', { why }, { location: { file } })],
  })
  if (MERGE_MARK.test(text)) return refuse('it has the marks of a merge that is not done')
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
  const entries = Object.entries(parsed['entries'])
  const bad = entries.find(([key, entry]) => !isEntryKey(key) || !isEntry(entry))
  if (bad !== undefined) return refuse(`its entry ${JSON.stringify(bad[0])} is not one that the kit writes`)
  // JSON takes the last of two; a merge that kept both sides' lines would go unseen.
  if ((text.match(KEY) ?? []).length > entries.length) return refuse('it has an entry twice')
  return { entries: new Map(entries as [string, Entry][]), diagnostics: [] }
}

const MERGE_MARK = /^(?:<{7}|={7}|>{7})/m
/** No other text in a lock has a slash. */
const KEY = /"[A-Za-z0-9._-]{1,63}\/[a-z0-9-]{1,63}"/g

function isEntryKey(key: string): boolean {
  // The name of a profile, or in a fleet that of a device.
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\/[a-z][a-z0-9-]{0,62}$/.test(key)
}

const KNOWN: ReadonlySet<string> = new Set([...FIELDS, 'sha256'])

function isEntry(entry: unknown): entry is Entry {
  if (!isGroup(entry)) return false
  for (const key in entry) if (!KNOWN.has(key)) return false
  for (const field of FIELDS) if (entry[field] !== undefined && !isEntryValue(field, entry[field])) return false
  const { sha256 } = entry
  return sha256 === undefined || (typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256))
}
