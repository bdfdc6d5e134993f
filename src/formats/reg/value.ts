import { utf16leBytes } from '../../core/bytes.ts'
import { problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import { failure, success, type Failure, type Result } from '../../core/result.ts'
import { GrowingBytes, GrowingText } from '../growing.ts'
import { windows1252 } from '../text.ts'

/** The location of a character of the current line, by its index. */
export type LocationAt = (index: number) => Location

/** The data of a value, as the registry keeps it. */
export interface Data {
  readonly done: true
  /** REG_SZ is 1, REG_DWORD is 4, and so on; any 32 bits are possible. */
  readonly type: number
  readonly bytes: Uint8Array
  /** The index after the data in its line. */
  readonly end: number
}

/** Hex data that continues in the next line. */
export interface Unfinished {
  readonly done: false
  readonly type: number
  readonly so: GrowingBytes
  readonly end: number
}

/** A text in quotes. */
export interface Quoted {
  readonly text: string
  /** The index after the closing quote. */
  readonly end: number
}

/**
 * The text that begins after a quote, or the error in it; `open` is the error for a missing closing quote. There is at
 * most one warning, because an oddity usually repeats throughout the text.
 */
export function readQuoted(
  line: string,
  start: number,
  place: LocationAt,
  open: 'reg/name-not-closed' | 'reg/text-not-closed',
): Result<Quoted> {
  const warnings: Diagnostic[] = []
  const parts = new GrowingText()
  let from = start
  for (let at = start; at < line.length; at += 1) {
    if (line[at] === '"') return success({ text: parts.text() + line.slice(from, at), end: at + 1 }, warnings)
    if (line[at] !== '\\') continue
    const character = line[at + 1]
    if (character === undefined) break
    if (character === '0') return failure(problem('reg/null-escape', {}, { location: place(at) }))
    if (warnings.length === 0 && !'\\"nr'.includes(character))
      warnings.push(problem('reg/unknown-escape', { character }, { location: place(at) }))
    if (from < at) parts.push(line.slice(from, at))
    parts.push(ESCAPES[character] ?? character)
    at += 1
    from = at + 1
  }
  return failure(problem(open, {}, { location: place(start - 1) }))
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r' }

/**
 * The data after the equals sign of a value, from index `at` of a line without trailing blanks. `version` decides the
 * encoding of texts in hex.
 */
export function readData(
  line: string,
  at: number,
  version: 4 | 5 | 'fragment',
  place: LocationAt,
): Result<Data | Unfinished> {
  if (line[at] === '"') return readText(line, at, place)
  if (line.startsWith('dword:', at)) return readDword(line, at + 6, place)
  if (line.startsWith('hex', at)) {
    const [tag, digits] = /^hex(?:\(([0-9a-f]{1,8})\))?:/i.exec(line.slice(at, at + 15)) ?? []
    if (tag !== undefined)
      return readHex(
        line,
        at + tag.length,
        { type: digits === undefined ? 3 : Number.parseInt(digits, 16), so: new GrowingBytes() },
        version,
        place,
      )
  }
  if (version === 'fragment' && line.startsWith('multi_sz:', at)) return readTexts(line, at + 9, place)
  const text = line.slice(at)
  const lower = /^(?:dword|hex(?:\([0-9a-f]+\))?):/i.test(text)
  return failure(problem('reg/unknown-type', { text, lower }, { location: place(at) }))
}

/** Continues hex data: `begun`, followed by the digits of the line from index `at` on. */
export function readHex(
  line: string,
  at: number,
  begun: Pick<Unfinished, 'type' | 'so'>,
  version: 4 | 5 | 'fragment',
  place: LocationAt,
): Result<Data | Unfinished> {
  const { type, so } = begun
  const bad = (index: number) =>
    failure(problem('reg/bad-hex', { text: line.slice(index) }, { location: place(index) }))
  const done = (end: number) => success(hexData(begun, version, end))
  let next = at
  while (next < line.length) {
    const start = skipBlanks(line, next)
    let [end, byte] = [start, 0]
    for (let digit = hexDigit(line, end); digit !== -1; digit = hexDigit(line, end)) {
      byte = Math.min(byte * 16 + digit, 0x100)
      end += 1
    }
    if (byte > 0xff) return bad(start)
    if (end === start) {
      if (line[end] === ';') return done(next)
      return line[end] === '\\' && isRest(line, end + 1) ? success({ done: false, type, so, end }) : bad(start)
    }
    so.push(byte)
    if (line[end] !== ',') return isRest(line, end) ? done(end) : bad(start)
    next = end + 1
  }
  return done(line.length)
}

/** Hex data, complete. */
export function hexData({ type, so }: Pick<Unfinished, 'type' | 'so'>, version: 4 | 5 | 'fragment', end: number): Data {
  return { done: true, type, bytes: terminated(type, so, version), end }
}

/** Whether the rest of the line is empty or a comment. */
export function isRest(line: string, at: number): boolean {
  const next = skipBlanks(line, at)
  return next === line.length || line[next] === ';'
}

/** The index of the next character other than a blank or a tab. */
export function skipBlanks(line: string, at: number): number {
  let next = at
  while (line[next] === ' ' || line[next] === '\t') next += 1
  return next
}

function readText(line: string, at: number, place: LocationAt): Result<Data> {
  const quoted = readQuoted(line, at + 1, place, 'reg/text-not-closed')
  if (!quoted.ok) return quoted
  const { text, end } = quoted.value
  if (!isRest(line, end)) return afterValue(line, end, place)
  return success({ done: true, type: 1, bytes: utf16leBytes(`${text}\0`), end }, quoted.diagnostics)
}

/** Texts separated by commas, as in files of Windows CE images. */
function readTexts(line: string, at: number, place: LocationAt): Result<Data> {
  const texts: string[] = []
  const warnings: Diagnostic[] = []
  let end = at
  do {
    const start = skipBlanks(line, texts.length === 0 ? end : end + 1)
    if (line[start] !== '"')
      return failure(problem('reg/unknown-type', { text: line.slice(at), lower: false }, { location: place(at) }))
    const quoted = readQuoted(line, start + 1, place, 'reg/text-not-closed')
    if (!quoted.ok) return quoted
    texts.push(quoted.value.text)
    warnings.push(...quoted.diagnostics)
    end = quoted.value.end
  } while (line[end] === ',')
  if (!isRest(line, end)) return afterValue(line, end, place)
  return success({ done: true, type: 7, bytes: utf16leBytes(`${texts.join('\0')}\0\0`), end }, warnings)
}

function readDword(line: string, at: number, place: LocationAt): Result<Data> {
  const start = skipBlanks(line, at)
  let end = start
  while (hexDigit(line, end) !== -1) end += 1
  const wrong = dwordProblem(line, start, end, place)
  if (wrong !== undefined) return failure(wrong)
  if (!isRest(line, end)) return afterValue(line, end, place)
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, Number.parseInt(line.slice(start, end), 16), true)
  return success({ done: true, type: 4, bytes, end })
}

/** The error in the digits of a dword, from index `start` to `end`. */
function dwordProblem(line: string, start: number, end: number, place: LocationAt): Diagnostic | undefined {
  const where = () => ({ location: place(start) })
  if (/^0x/i.test(line.slice(start, start + 2))) return problem('reg/dword-prefix', {}, where())
  if (start === end && isRest(line, start)) return problem('reg/dword-empty', {}, where())
  if (end - start > 8) return problem('reg/dword-too-long', { digits: end - start }, where())
  const another = !isRest(line, end) && !/[ \t;#]/.test(line.charAt(end))
  return start === end || another ? problem('reg/dword-not-hex', { text: line.slice(start) }, where()) : undefined
}

function afterValue(line: string, at: number, place: LocationAt): Failure {
  const start = skipBlanks(line, at)
  return failure(problem('reg/after-value', { text: line.slice(start) }, { location: place(start) }))
}

/** REG_SZ, REG_EXPAND_SZ and REG_MULTI_SZ. */
const TEXTS = new Set([1, 2, 7])

/** Adds the final NUL where hex data of a text leaves it out; texts of REGEDIT4 are in the ANSI code page. */
function terminated(type: number, so: GrowingBytes, version: 4 | 5 | 'fragment'): Uint8Array {
  const bytes = so.bytes()
  const { length } = bytes
  if (!TEXTS.has(type) || length === 0) return bytes
  if (version === 4) {
    const text = windows1252(bytes)
    return utf16leBytes(text.endsWith('\0') ? text : `${text}\0`)
  }
  return length >= 2 && bytes[length - 1] === 0 && bytes[length - 2] === 0 ? bytes : so.bytes(2)
}

/** The value of a hex digit, or -1. */
function hexDigit(line: string, at: number): number {
  const code = line.charCodeAt(at)
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
