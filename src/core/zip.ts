import { crc32 } from '#checksums'
import type { Bundle } from './bundle.ts'
import { latin1Bytes } from './bytes.ts'
import type { Sums } from './render-cache.ts'

// The kit's zips: stored entries only, so that their bytes depend on no zlib, put together here and not by a library, whose
// streams would cost ten times what all the rest of a small bundle does, and which no browser has. test/core/zip.test.ts
// shows with archiver as its oracle that the bytes are the same. Numbers are those of PKWARE's APPNOTE, 4.3.7 to 4.3.16.

/** A zip beyond them needs the 64-bit form; the largest bundle has below 1 MB and 100 files. */
const MOST_BYTES = 0xffff_ffff
const MOST_ENTRIES = 0xffff
/** Version 1.0 of the format is enough to unpack; written by 4.5, on UNIX, so that modes count. */
const NEEDED = 10
const MADE_BY = (3 << 8) | 45
const REGULAR = 0o100000
/** MS-DOS's bit for a file that was not backed up yet. */
const ARCHIVE = 0x20
/** The first of January 1980, as MS-DOS has it. */
const DATE = (1 << 5) | 1

/** The three headers with all that is the same in each: no flags, the method "stored", the time 0:00, no comment. */
const LOCAL = header(30, 0x04034b50, [NEEDED, 0, 0, 0, DATE])
const CENTRAL = header(46, 0x02014b50, [MADE_BY, NEEDED, 0, 0, 0, DATE])
const END = header(22, 0x06054b50, [])

function header(length: number, signature: number, fields: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, signature, true)
  for (const [at, field] of fields.entries()) view.setUint16(4 + 2 * at, field, true)
  return bytes
}

/**
 * The bundle as a zip: its tree below its folder, in the bundle's order, dated 1980-01-01, with the modes of its files. Equal
 * bundles give equal bytes on every machine. Whoever packs many bundles passes the same `sums` for each.
 */
export function storedZip({ folder, artifacts }: Bundle, sums: Sums = new WeakMap()): Uint8Array<ArrayBuffer> {
  const names = artifacts.map(({ path }) => latin1Bytes(`${folder}/${path}`))
  const length = artifacts.reduce(
    (sum, { bytes }, at) => sum + bytes.length + LOCAL.length + CENTRAL.length + 2 * lengthOf(names[at]),
    END.length,
  )
  if (length > MOST_BYTES || artifacts.length > MOST_ENTRIES) throw new Error('bug: a bundle needs a zip of 64 bits')
  const zip = new Uint8Array(length)
  const view = new DataView(zip.buffer)
  const places: number[] = []
  let end = 0
  const put = (bytes: Uint8Array = NO_NAME) => {
    zip.set(bytes, end)
    end += bytes.length
  }
  for (const [at, { bytes }] of artifacts.entries()) {
    places.push(end)
    put(LOCAL)
    describe(view, end - LOCAL.length + 14, bytes, lengthOf(names[at]), sums)
    put(names[at])
    put(bytes)
  }
  const start = end
  for (const [at, { bytes, mode }] of artifacts.entries()) {
    put(CENTRAL)
    const entry = end - CENTRAL.length
    describe(view, entry + 16, bytes, lengthOf(names[at]), sums)
    view.setUint32(entry + 38, ((REGULAR | mode) << 16) | ARCHIVE, true)
    view.setUint32(entry + 42, places[at] ?? 0, true)
    put(names[at])
  }
  const record = end
  put(END)
  view.setUint16(record + 8, artifacts.length, true)
  view.setUint16(record + 10, artifacts.length, true)
  view.setUint32(record + 12, record - start, true)
  view.setUint32(record + 16, start, true)
  return zip
}

const NO_NAME = new Uint8Array()

function lengthOf(name: Uint8Array = NO_NAME): number {
  return name.length
}

/** The fields that the header of an entry and its line in the list share: sum, sizes, the length of the name. */
function describe(view: DataView, at: number, bytes: Uint8Array, nameLength: number, sums: Sums): void {
  view.setUint32(at, sumOf(bytes, sums), true)
  view.setUint32(at + 4, bytes.length, true)
  view.setUint32(at + 8, bytes.length, true)
  view.setUint16(at + 12, nameLength, true)
}

/** CRC-32 of a file's bytes; many files of a fleet are the same for all devices. */
function sumOf(bytes: Uint8Array, sums: Sums): number {
  const known = sums.get(bytes)
  if (known !== undefined) return known
  const sum = crc32(bytes)
  sums.set(bytes, sum)
  return sum
}
