import { latin1Text, utf16Text, utf8Text } from '../core/bytes.ts'

/** The encoding of a file's bytes; `ascii` fits every 8-bit encoding. */
export type Encoding = 'ascii' | 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** The text of a file, with its encoding. */
export interface Text {
  /** The text without the byte order mark. */
  readonly text: string
  readonly encoding: Encoding
  /** Whether the bytes began with a byte order mark. */
  readonly bom: boolean
}

/**
 * Decodes any bytes. A byte order mark decides; without one, NULs reveal UTF-16, and bytes that are not UTF-8 are read
 * as windows-1252. Undecodable bytes become U+FFFD, and half a unit of UTF-16 at the end is dropped. Throws only beyond
 * the greatest length of a string (some 500 MB).
 */
export function decode(bytes: Uint8Array): Text {
  const [first, second, third] = bytes
  if (first === 0xff && second === 0xfe)
    return { text: utf16Text(bytes.subarray(2), 'little'), encoding: 'utf-16le', bom: true }
  if (first === 0xfe && second === 0xff)
    return { text: utf16Text(bytes.subarray(2), 'big'), encoding: 'utf-16be', bom: true }
  if (first === 0xef && second === 0xbb && third === 0xbf)
    return { text: utf8Text(bytes.subarray(3)), encoding: 'utf-8', bom: true }
  const wide = looksWide(bytes)
  if (wide !== undefined)
    return { text: utf16Text(bytes, wide === 'utf-16le' ? 'little' : 'big'), encoding: wide, bom: false }
  if (bytes.every((byte) => byte < 0x80)) return { text: utf8Text(bytes), encoding: 'ascii', bom: false }
  return isUtf8(bytes)
    ? { text: utf8Text(bytes), encoding: 'utf-8', bom: false }
    : { text: windows1252(bytes), encoding: 'windows-1252', bom: false }
}

/** The text of a file in any encoding, with LF as its line ends, for diffs. */
export function textOf(bytes: Uint8Array): string {
  return decode(bytes).text.replaceAll('\r\n', '\n')
}

/** A line of a text. */
export interface Line {
  /** The line number, counted from one. */
  readonly number: number
  /** The text without its line end. */
  readonly text: string
  /** The line end; `''` if the text ends without one. */
  readonly end: '\n' | '\r\n' | '\r' | ''
}

/**
 * The lines of a text, one at a time, so that no more than one is held. `bareCarriageReturn` says whether a carriage
 * return without a line feed ends a line too. A final line end adds no empty line.
 */
export function* linesOf(
  text: string,
  { bareCarriageReturn = false }: { readonly bareCarriageReturn?: boolean } = {},
): Generator<Line, void, undefined> {
  let carriageReturn = bareCarriageReturn ? orEnd(text, text.indexOf('\r')) : text.length
  let lineFeed = orEnd(text, text.indexOf('\n'))
  for (let [start, number] = [0, 1]; start < text.length; number += 1) {
    const at = Math.min(carriageReturn, lineFeed)
    const end = endAt(text, at, start)
    yield { number, text: text.slice(start, end === '\r\n' ? text.lastIndexOf('\r', at) : at), end }
    start = end === '\r\n' ? lineFeed + 1 : at + 1
    // Each is searched for again only when it is passed, so a text without any is searched once and not at every line.
    if (lineFeed < start) lineFeed = orEnd(text, text.indexOf('\n', start))
    if (carriageReturn < start) carriageReturn = orEnd(text, text.indexOf('\r', start))
  }
}

function orEnd(text: string, at: number): number {
  return at === -1 ? text.length : at
}

function endAt(text: string, at: number, start: number): Line['end'] {
  if (at >= text.length) return ''
  if (text[at] === '\r') return text[at + 1] === '\n' ? '\r\n' : '\r'
  return at > start && text[at - 1] === '\r' ? '\r\n' : '\n'
}

/** Bytes as read by a Windows program that knows only the machine's code page, here that of western Europe. */
export function windows1252(bytes: Uint8Array): string {
  // Not TextDecoder: some versions of Node read windows-1252 as latin1.
  return latin1Text(bytes).replace(
    /[\u0080-\u009f]/g,
    (character) => HIGH_CONTROLS[character.charCodeAt(0) - 0x80] ?? character,
  )
}

/**
 * 0x80 to 0x9f of windows-1252, https://encoding.spec.whatwg.org/index-windows-1252.txt; five bytes keep their value.
 */
const HIGH_CONTROLS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** The bytes that reveal UTF-16: text in Latin letters has a NUL in every pair. */
const SAMPLE = 4096

/** The kind of UTF-16 without a mark: at least half of the first pairs have a NUL, always on the same side. */
function looksWide(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const pairs = Math.floor(Math.min(bytes.length, SAMPLE) / 2)
  let [even, odd] = [0, 0]
  for (let pair = 0; pair < pairs; pair += 1) {
    if (bytes[pair * 2] === 0) even += 1
    if (bytes[pair * 2 + 1] === 0) odd += 1
  }
  if (odd * 2 >= pairs && even * 8 < odd) return 'utf-16le'
  return even * 2 >= pairs && odd * 8 < even ? 'utf-16be' : undefined
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    // As a stream: a file that is cut off within a character is still UTF-8.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}
