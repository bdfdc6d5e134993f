import type { Stated, Statement } from '../../core/capture.ts'
import { problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import { failure, success, type Result } from '../../core/result.ts'
import { acceptReg, isHeader, type Accepted } from './header.ts'
import { readKeyLine } from './key.ts'
import { describeData } from './types.ts'
import {
  hexData,
  isRest,
  readData,
  readHex,
  readQuoted,
  skipBlanks,
  type Data,
  type LocationAt,
  type Unfinished,
} from './value.ts'
import { linesOf, type Line } from '../text.ts'

export { isReg } from './header.ts'

/** One effect of importing a .reg file. */
export type RegEntry = {
  /** The full path as written, without backslashes that do not count. */
  readonly key: string
  /** The text that has the effect, as written; the first line of data in several lines. */
  readonly written: string
  readonly location: Location
} & (
  | { readonly does: 'open-key' }
  | { readonly does: 'delete-key' }
  | { readonly does: 'set-value'; readonly name: string; readonly type: number; readonly bytes: Uint8Array }
  | { readonly does: 'delete-value'; readonly name: string }
)

/**
 * The effects of importing the bytes of a .reg file, in the order of the file, with type and bytes of every value. They
 * are those of Windows Vista and later; a diagnostic names each difference of Windows XP. A file that Windows refuses
 * gives one diagnostic and nothing else. A part of the registry of a Windows CE image is read without a header, since
 * it has none.
 *
 * Where the behaviour of Windows is not known, Wine 8 decides: `[ KEY]` is ignored, and values below it go into the key
 * above.
 */
export function* readRegEntries(bytes: Uint8Array, file: string): Generator<RegEntry | Diagnostic, void, undefined> {
  const found = acceptReg(bytes, file)
  yield* found.diagnostics
  if (!found.ok) return
  const accepted = found.value
  const lines = linesOf(accepted.text, { bareCarriageReturn: true })
  if (accepted.version !== 'fragment') lines.next()
  const reader: Reader = {
    accepted,
    file,
    lines,
    last: undefined,
    key: undefined,
    closed: 'reg/value-without-key',
    said: new Set(),
  }
  for (const line of lines) yield* readLine(reader, line)
}

/** Tells an entry from a diagnostic. */
export function isRegEntry(found: RegEntry | Diagnostic): found is RegEntry {
  return 'does' in found
}

/**
 * The statements of a .reg file about values and keys, and diagnostics of all that Windows skips; see {@link
 * readRegEntries}.
 */
export function* readReg(bytes: Uint8Array, file: string): Generator<Statement | Diagnostic, void, undefined> {
  for (const found of readRegEntries(bytes, file)) {
    if (!isRegEntry(found)) yield found
    else if (found.does !== 'open-key') {
      const { key, written, location } = found
      const name = found.does === 'delete-key' ? undefined : found.name
      const value: Stated = found.does === 'set-value' ? describeData(found.type, found.bytes) : { kind: 'absent' }
      yield { store: 'registry', key, name, value, written, location }
    }
  }
}

interface Reader {
  readonly accepted: Accepted
  readonly file: string
  readonly lines: Iterator<Line>
  /** The last line read. */
  last: Line | undefined
  /** The key that takes the values. */
  key: string | undefined
  /** The reason why no key is open, until it is reported. */
  closed: 'reg/value-without-key' | 'reg/value-below-deleted-key' | undefined
  /** Diagnostics that are reported once a file, or once for consecutive lines. */
  readonly said: Set<'reg/not-a-line' | 'reg/conditional' | 'reg/code-page'>
}

type LineResult = readonly (RegEntry | Diagnostic)[]

function readLine(reader: Reader, line: Line): LineResult {
  const { text } = line
  reader.last = line
  const at = skipBlanks(text, 0)
  if (at === text.length || text[at] === ';' || text[at] === '#') return []
  const place = placeIn(reader, line)
  const isKey = text[at] === '['
  const isValue = text[at] === '"' || text[at] === '@'
  const isCondition = reader.accepted.version === 'fragment' && /^(?:IF|ELSE|ENDIF)\b/i.test(text.slice(at, at + 6))
  // Concatenated files have headers within.
  if (isHeader(text.slice(at))) return []
  if (!isKey && !isValue && !isCondition) return once(reader, 'reg/not-a-line', place(at))
  reader.said.delete('reg/not-a-line')
  if (isCondition) return once(reader, 'reg/conditional', place(at))
  return isKey ? readKey(reader, line, at) : readValue(reader, line, at)
}

function readKey(reader: Reader, line: Line, at: number): LineResult {
  const place = placeIn(reader, line)
  const found = readKeyLine(line.text, at, reader.key, place)
  if (found.does === 'nothing') return found.warnings
  reader.key = found.does === 'open' ? found.key : undefined
  reader.closed = found.does === 'delete' ? 'reg/value-below-deleted-key' : undefined
  if (found.does === 'close') return found.warnings
  const written = line.text.slice(at, line.text.lastIndexOf(']') + 1)
  const does = found.does === 'open' ? 'open-key' : 'delete-key'
  const entry: RegEntry = { does, key: found.key, written, location: place(at) }
  return [...found.warnings, ...codePage(reader, found.key, place(at)), entry]
}

function readValue(reader: Reader, line: Line, at: number): LineResult {
  const place = placeIn(reader, line)
  const text = trimEnd(line.text)
  const name =
    text[at] === '@' ? success({ text: '', end: at + 1 }) : readQuoted(text, at + 1, place, 'reg/name-not-closed')
  if (!name.ok) return name.diagnostics
  const equals = skipBlanks(text, name.value.end)
  if (text[equals] !== '=') return [problem('reg/no-equals-sign', {}, { location: place(equals) })]
  const start = skipBlanks(text, equals + 1)
  const removes = text[start] === '-'
  const first = removes ? readRemoval(text, start, place) : readData(text, start, reader.accepted.version, place)
  if (!first.ok) return first.diagnostics
  const data = first.value.done ? success(first.value) : readOn(reader, first.value, line)
  if (!data.ok) return data.diagnostics
  const { key } = reader
  if (key === undefined) return whyLost(reader, place(at))
  const { end } = first.value
  const { type, bytes } = data.value
  const entry = { key, name: name.value.text, written: text.slice(start, end), location: place(start) }
  return [
    ...name.diagnostics,
    ...first.diagnostics,
    ...codePage(reader, text.slice(at, end), place(at)),
    ...(reader.last?.end === '' && reader.accepted.version !== 'fragment'
      ? [problem('reg/no-line-end', {}, { location: place(start) })]
      : []),
    removes ? { does: 'delete-value', ...entry } : { does: 'set-value', ...entry, type, bytes },
  ]
}

/** `-` removes a value. */
function readRemoval(text: string, at: number, place: LocationAt): Result<Data> {
  if (isRest(text, at + 1)) return success({ done: true, type: 0, bytes: new Uint8Array(), end: at + 1 })
  const behind = skipBlanks(text, at + 1)
  return failure(problem('reg/after-value', { text: text.slice(behind) }, { location: place(behind) }))
}

/** Hex data that continues in the next lines; empty lines and comments are allowed between them. */
function readOn(reader: Reader, begun: Unfinished, from: Line): Result<Data> {
  const { version } = reader.accepted
  let [data, last]: [Unfinished, Line] = [begun, from]
  for (let next = reader.lines.next(); next.done !== true; next = reader.lines.next()) {
    const line = next.value
    reader.last = line
    const at = skipBlanks(line.text, 0)
    if (at === line.text.length || line.text[at] === ';') continue
    const place = placeIn(reader, line)
    if (!/[0-9a-f]/i.test(line.text.charAt(at)))
      return failure(problem('reg/bad-continuation', { line: last.number }, { location: place(at) }))
    const more = readHex(line.text, at, data, version, place)
    if (!more.ok) return more
    if (more.value.done) return success(more.value)
    ;[data, last] = [more.value, line]
  }
  return success(hexData(data, version, from.text.length))
}

/** Reports once why no key takes a value. */
function whyLost(reader: Reader, location: Location): LineResult {
  const { closed } = reader
  reader.closed = undefined
  return closed === undefined ? [] : [problem(closed, {}, { location })]
}

/** Reports once that a name or data has characters outside ASCII in a file that is not UTF-16. */
function codePage(reader: Reader, text: string, location: Location): LineResult {
  return reader.accepted.wide || !/[^\0-\u007f]/.test(text) ? [] : once(reader, 'reg/code-page', location)
}

function once(
  reader: Reader,
  code: 'reg/not-a-line' | 'reg/conditional' | 'reg/code-page',
  location: Location,
): LineResult {
  if (reader.said.has(code)) return []
  reader.said.add(code)
  return [problem(code, {}, { location })]
}

function placeIn({ file }: Reader, { number, text }: Line): LocationAt {
  return (index) => ({ file, line: number, column: index + 1, source: text })
}

/** Drops trailing blanks and tabs; any other white space is part of the text here. */
function trimEnd(line: string): string {
  let end = line.length
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1
  return line.slice(0, end)
}
