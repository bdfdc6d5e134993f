import { crc32 } from 'node:zlib'
import type { Bundle } from '../core/bundle.ts'

// A fleet packs a zip for each of its kinds of device, and archiver's streams cost ten times what all the rest of a small
// bundle does (`npm run bench`, and performance.md of the facts: 183 us against 30). So a fleet's zips are put together
// here, byte for byte as archiver does it, which test/io/zip.test.ts shows with archiver as its oracle. Numbers are
// those of PKWARE's APPNOTE, 4.3.7 to 4.3.16.

/** Beyond them, the 64-bit form of a zip is needed: then archiver makes it. */
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
  const bytes = Buffer.alloc(length)
  bytes.writeUInt32LE(signature)
  for (const [at, field] of fields.entries()) bytes.writeUInt16LE(field, 4 + 2 * at)
  return bytes
}

const sums = new WeakMap<Uint8Array, number>()

/** The bundle as a zip of stored entries, as {@link zip} makes it; `undefined` where it is one that this cannot say. */
export function storedZip({ profile, artifacts }: Bundle): Uint8Array | undefined {
  const names = artifacts.map(({ path }) => `${profile.name}/${path}`)
  const length = artifacts.reduce(
    (sum, { bytes }, at) => sum + bytes.length + LOCAL.length + CENTRAL.length + 2 * (names[at] ?? '').length,
    END.length,
  )
  if (length > MOST_BYTES || artifacts.length > MOST_ENTRIES || names.some((name) => /[^ -~]/.test(name)))
    return undefined
  const zip = Buffer.allocUnsafeSlow(length)
  // A Buffer's own methods check what they write, which for small files takes longer than all the rest.
  const view = new DataView(zip.buffer)
  const places: number[] = []
  let end = 0
  for (const [at, { bytes }] of artifacts.entries()) {
    const name = names[at] ?? ''
    places.push(end)
    zip.set(LOCAL, end)
    describe(view, end + 14, bytes, name)
    end += LOCAL.length
    end += zip.write(name, end, 'latin1')
    zip.set(bytes, end)
    end += bytes.length
  }
  const start = end
  for (const [at, { bytes, mode }] of artifacts.entries()) {
    const name = names[at] ?? ''
    zip.set(CENTRAL, end)
    describe(view, end + 16, bytes, name)
    view.setUint32(end + 38, ((REGULAR | mode) << 16) | ARCHIVE, true)
    view.setUint32(end + 42, places[at] ?? 0, true)
    end += CENTRAL.length
    end += zip.write(name, end, 'latin1')
  }
  zip.set(END, end)
  view.setUint16(end + 8, artifacts.length, true)
  view.setUint16(end + 10, artifacts.length, true)
  view.setUint32(end + 12, end - start, true)
  view.setUint32(end + 16, start, true)
  return zip
}

/** What the header of an entry and its line in the list have in common: sum, sizes, the length of the name. */
function describe(view: DataView, at: number, bytes: Uint8Array, name: string): void {
  view.setUint32(at, sumOf(bytes), true)
  view.setUint32(at + 4, bytes.length, true)
  view.setUint32(at + 8, bytes.length, true)
  view.setUint16(at + 12, name.length, true)
}

/** CRC-32 of a file's bytes; many files of a fleet are the same for all devices. */
function sumOf(bytes: Uint8Array): number {
  const known = sums.get(bytes)
  if (known !== undefined) return known
  const sum = crc32(bytes)
  sums.set(bytes, sum)
  return sum
}
