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

/** One thing that importing a .reg file does. */
export type RegEntry = {
  /** The full path, as it is written but for backslashes that do not count. */
  readonly key: string
  /** What does it, as it is written; of data in several lines, the first of them. */
  readonly written: string
  readonly location: Location
} & (
  | { readonly does: 'open-key' }
  | { readonly does: 'delete-key' }
  | { readonly does: 'set-value'; readonly name: string; readonly type: number; readonly bytes: Uint8Array }
  | { readonly does: 'delete-value'; readonly name: string }
)

/**
 * What importing the bytes of a .reg file does, in the order of the file, with type and bytes of every value. It is what
 * Windows Vista and later do; where Windows XP differs, a diagnostic says so. Of a file that Windows refuses there is one
 * diagnostic and nothing else, except for a part of the registry of a Windows CE image, which has no header by nature.
 *
 * What is not known of Windows is as in Wine 8: after a line `[ KEY]`, which is ignored, values go on into the key above.
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

/** Tells an entry from what is said about the file. */
export function isRegEntry(found: RegEntry | Diagnostic): found is RegEntry {
  return 'does' in found
}

/** The statements of a .reg file about values and keys, and all that Windows skips in it; see {@link readRegEntries}. */
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
  /** The line that was read last. */
  last: Line | undefined
  /** The key that values go into. */
  key: string | undefined
  /** Why there is none, as long as nobody was told. */
  closed: 'reg/value-without-key' | 'reg/value-below-deleted-key' | undefined
  /** What is said once a file, or once in a row of lines. */
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
  // Files that were put together have headers within.
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

/** `-` takes a value away. */
function readRemoval(text: string, at: number, place: LocationAt): Result<Data> {
  if (isRest(text, at + 1)) return success({ done: true, type: 0, bytes: new Uint8Array(), end: at + 1 })
  const behind = skipBlanks(text, at + 1)
  return failure(problem('reg/after-value', { text: text.slice(behind) }, { location: place(behind) }))
}

/** Hex data that goes on in the next lines; empty lines and comments may stand between. */
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

/** Why no key takes a value, said once. */
function whyLost(reader: Reader, location: Location): LineResult {
  const { closed } = reader
  reader.closed = undefined
  return closed === undefined ? [] : [problem(closed, {}, { location })]
}

/** Says once that text which is not ASCII stands in a name or in data of a file that is not UTF-16. */
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

/** Without blanks and tabs at its end; what else counts as white space elsewhere is text here. */
function trimEnd(line: string): string {
  let end = line.length
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1
  return line.slice(0, end)
}
