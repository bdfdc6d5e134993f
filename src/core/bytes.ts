// Text to bytes and back, without Node: the same in a browser.

const ENCODER = new TextEncoder()
/** A byte order mark stays in the text, since the readers of formats need it. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true })
/** Refuses an unpaired surrogate, and keeps a byte order mark. */
const UTF16 = { fatal: true, ignoreBOM: true } as const
/** `fromCharCode` takes its characters as arguments, of which an engine allows some ten thousand. */
const CHUNK = 8_192

/** UTF-8; an unpaired surrogate becomes U+FFFD. */
export function utf8Bytes(text: string): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(text)
}

/** One byte a character: its lower eight bits. For ASCII, and for bytes that were read as {@link latin1Text}. */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at)
  return bytes
}

/** UTF-16 LE without a byte order mark. */
export function utf16leBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 2)
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    bytes[at * 2] = unit
    bytes[at * 2 + 1] = unit >> 8
  }
  return bytes
}

/** Decodes UTF-8; malformed parts become U+FFFD. */
export function utf8Text(bytes: Uint8Array): string {
  return DECODER.decode(bytes)
}

/** One character a byte, U+0000 to U+00FF. */
export function latin1Text(bytes: Uint8Array): string {
  return inChunks(bytes.length, (from, to) => bytes.subarray(from, to))
}

/** Decodes UTF-16 LE or BE without a byte order mark; half a unit at the end is dropped, an unpaired surrogate is kept. */
export function utf16Text(bytes: Uint8Array, order: 'little' | 'big'): string {
  const units = bytes.subarray(0, bytes.length - (bytes.length % 2))
  try {
    return new TextDecoder(order === 'little' ? 'utf-16le' : 'utf-16be', UTF16).decode(units)
  } catch {
    return unitsText(units, order)
  }
}

/** The same unit by unit, for text with an unpaired surrogate, which no decoder keeps. */
function unitsText(bytes: Uint8Array, order: 'little' | 'big'): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const unitAt = (unit: number) => view.getUint16(unit * 2, order === 'little')
  return inChunks(bytes.length / 2, (from, to) => Uint16Array.from({ length: to - from }, (_, at) => unitAt(from + at)))
}

function inChunks(length: number, unitsOf: (from: number, to: number) => Uint8Array | Uint16Array): string {
  const parts: string[] = []
  for (let from = 0; from < length; from += CHUNK)
    parts.push(String.fromCharCode(...unitsOf(from, Math.min(from + CHUNK, length))))
  return parts.join('')
}

/** Whether two runs of bytes are the same. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false
  return true
}
