import { extraFields } from './extra.ts'

// The records that describe a zip, read as PKWARE's APPNOTE 6.3.10 lays them out (section 4.3). This reader only checks
// that their numbers point into the file; `unzip.ts` checks whether they agree.

/** A file in the central directory at the end of the zip. Sizes and offsets are in bytes. */
export interface ListedEntry {
  readonly name: Uint8Array
  readonly flags: number
  readonly method: number
  /** The time of the last change in MS-DOS form: the time in the lower half, the date in the upper. */
  readonly modified: number
  readonly crc32: number
  readonly compressedSize: number
  readonly uncompressedSize: number
  /** The upper half is st_mode of Unix, whatever system the packer names. */
  readonly attributes: number
  readonly extra: Uint8Array
  /** The offset of its local header. */
  readonly offset: number
}

/** A file in the header before its data. */
export interface LocalHeader {
  readonly name: Uint8Array
  readonly flags: number
  readonly method: number
  readonly crc32: number
  readonly compressedSize: number
  readonly uncompressedSize: number
  readonly extra: Uint8Array
  /** The offset of its data. */
  readonly dataStart: number
}

/** The offsets of the list of files and of the record after it. */
export interface Directory {
  readonly entries: readonly ListedEntry[]
  readonly start: number
  readonly end: number
  readonly recordStart: number
}

/** The reason why a zip cannot be read. */
export interface Unreadable {
  readonly code: 'zip/not-a-zip' | 'zip/truncated' | 'zip/damaged' | 'zip/encrypted' | 'zip/too-many-entries'
  /** For `zip/damaged`: the reason in words. */
  readonly reason: string
}

/** A part of a zip, or the reason why it cannot be read. */
export type Read<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly why: Unreadable }

const SIGNATURE = { local: 0x04034b50, listed: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 }
/** Lengths of the records in bytes, without their variable parts. */
const LENGTH = { local: 30, listed: 46, end: 22, end64: 56, locator64: 20 }
const LONGEST_COMMENT = 0xffff
/** The value of a 32-bit field whose number is in the extra field for 64 bits. */
const IN_EXTRA = 0xffff_ffff
const ZIP64_EXTRA = 0x0001
const STRONG_ENCRYPTION = 0x40

const damaged = (reason: string): Read<never> => ({ ok: false, why: { code: 'zip/damaged', reason } })

/** Reads the list of files of a zip, or refuses one of more than `most` files. */
export function readDirectory(bytes: Uint8Array, most: number): Read<Directory> {
  const view = viewOf(bytes)
  const recordStart = endRecord(view)
  if (recordStart === undefined) {
    const begins = bytes.length >= 4 && view.getUint32(0, true) === SIGNATURE.local
    return { ok: false, why: { code: begins ? 'zip/truncated' : 'zip/not-a-zip', reason: '' } }
  }
  const place = listPlace(view, recordStart)
  if (!place.ok) return place
  const { start, count } = place.value
  if (count > most) return { ok: false, why: { code: 'zip/too-many-entries', reason: '' } }
  const entries: ListedEntry[] = []
  let at = start
  for (let index = 0; index < count; index += 1) {
    const listed = readListed(bytes, view, at)
    if (!listed.ok) return listed
    entries.push(listed.value.entry)
    at = listed.value.end
  }
  return { ok: true, value: { entries, start, end: at, recordStart } }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The offset of the last record, which a comment of up to 64 KiB may follow. */
function endRecord(view: DataView): number | undefined {
  const last = view.byteLength - LENGTH.end
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at -= 1)
    if (view.getUint32(at, true) === SIGNATURE.end) return at
  return undefined
}

/** The offset of the list of files and its length; a zip64 has them in a record of its own. */
function listPlace(view: DataView, at: number): Read<{ readonly start: number; readonly count: number }> {
  const commentLength = view.getUint16(at + 20, true)
  if (at + LENGTH.end + commentLength !== view.byteLength)
    return damaged('its last record ends elsewhere than the file does')
  const locator = at - LENGTH.locator64
  if (locator >= 0 && view.getUint32(locator, true) === SIGNATURE.locator64) return listPlace64(view, locator)
  if (view.getUint16(at + 4, true) !== 0) return damaged('it is one part of a split archive')
  return { ok: true, value: { start: view.getUint32(at + 16, true), count: view.getUint16(at + 10, true) } }
}

function listPlace64(view: DataView, locator: number): Read<{ readonly start: number; readonly count: number }> {
  const at = number64(view, locator + 8)
  if (at + LENGTH.end64 > view.byteLength || view.getUint32(at, true) !== SIGNATURE.end64)
    return damaged('its record for 64 bits is not where it should be')
  if (view.getUint32(at + 16, true) !== 0) return damaged('it is one part of a split archive')
  return { ok: true, value: { start: number64(view, at + 48), count: number64(view, at + 32) } }
}

/** Exact up to 2^53; a greater number points beyond any file. */
function number64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true))
}

function readListed(
  bytes: Uint8Array,
  view: DataView,
  at: number,
): Read<{ readonly entry: ListedEntry; readonly end: number }> {
  if (at + LENGTH.listed > bytes.length || view.getUint32(at, true) !== SIGNATURE.listed)
    return damaged('its list of files ends early or is not where it should be')
  const flags = view.getUint16(at + 8, true)
  if ((flags & STRONG_ENCRYPTION) !== 0) return { ok: false, why: { code: 'zip/encrypted', reason: '' } }
  const [nameEnd, extraEnd, end] = endsOf(
    at + LENGTH.listed,
    [28, 30, 32].map((field) => view.getUint16(at + field, true)),
  )
  if (end > bytes.length) return damaged('its list of files ends early')
  const extra = bytes.subarray(nameEnd, extraEnd)
  const sizes = withExtra64(extra, {
    uncompressedSize: view.getUint32(at + 24, true),
    compressedSize: view.getUint32(at + 20, true),
    offset: view.getUint32(at + 42, true),
  })
  if (sizes === undefined) return damaged('an extra field of its list of files ends early')
  const entry: ListedEntry = {
    name: bytes.subarray(at + LENGTH.listed, nameEnd),
    flags,
    method: view.getUint16(at + 10, true),
    modified: view.getUint32(at + 12, true),
    crc32: view.getUint32(at + 16, true),
    attributes: view.getUint32(at + 38, true),
    extra,
    ...sizes,
  }
  return { ok: true, value: { entry, end } }
}

/** The end offsets of consecutive parts of these lengths. */
function endsOf(start: number, lengths: readonly number[]): readonly [number, number, number] {
  const [first = 0, second = 0, third = 0] = lengths
  return [start + first, start + first + second, start + first + second + third]
}

interface Sizes {
  readonly uncompressedSize: number
  readonly compressedSize: number
  readonly offset: number
}

/** Numbers beyond 32 bits are in an extra field, in this order (APPNOTE 4.5.3); `undefined` if it ends early. */
function withExtra64(extra: Uint8Array, sizes: Sizes): Sizes | undefined {
  const fields = extraFields(extra)
  if (fields === undefined) return undefined
  const data = fields.find(({ id }) => id === ZIP64_EXTRA)?.data
  if (data === undefined) return sizes
  const view = viewOf(data)
  const found: Record<string, number> = {}
  let at = 0
  for (const [name, size] of Object.entries(sizes)) {
    if (size !== IN_EXTRA) continue
    if (at + 8 > data.length) return undefined
    found[name] = number64(view, at)
    at += 8
  }
  return { ...sizes, ...found }
}

/** Reads the header before a file's data; refuses data that reaches beyond the zip. */
export function readLocalHeader(bytes: Uint8Array, { offset, compressedSize }: ListedEntry): Read<LocalHeader> {
  const view = viewOf(bytes)
  if (offset + LENGTH.local > bytes.length || view.getUint32(offset, true) !== SIGNATURE.local)
    return damaged('a file is not where the list of files says')
  const [nameEnd, dataStart] = endsOf(
    offset + LENGTH.local,
    [26, 28].map((field) => view.getUint16(offset + field, true)),
  )
  if (dataStart + compressedSize > bytes.length) return damaged('the data of a file goes on beyond the end of the zip')
  const extra = bytes.subarray(nameEnd, dataStart)
  if (extraFields(extra) === undefined) return damaged('an extra field of a file ends early')
  return {
    ok: true,
    value: {
      name: bytes.subarray(offset + LENGTH.local, nameEnd),
      flags: view.getUint16(offset + 6, true),
      method: view.getUint16(offset + 8, true),
      crc32: view.getUint32(offset + 14, true),
      compressedSize: view.getUint32(offset + 18, true),
      uncompressedSize: view.getUint32(offset + 22, true),
      extra,
      dataStart,
    },
  }
}
