import { crc32 } from 'node:zlib'
import type { Artifact } from '../core/artifact.ts'
import type { Bundle } from '../core/bundle.ts'

// A fleet packs a zip for each of its kinds of device, and archiver's streams cost ten times what all the rest of a small
// bundle does (`npm run bench`, and performance.md of the facts: 183 us against 30). So a fleet's zips are put together
// here, byte for byte as archiver does it, which test/effects/zip.test.ts shows with archiver as its oracle. Numbers are
// those of PKWARE's APPNOTE, 4.3.7 to 4.3.16.

const LOCAL = 30
const CENTRAL = 46
const END = 22
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

const sums = new WeakMap<Uint8Array, number>()

/** The bundle as a zip of stored entries, as {@link zip} makes it; `undefined` where it is one that this cannot say. */
export function storedZip({ profile, artifacts }: Bundle): Uint8Array | undefined {
  const names = artifacts.map(({ path }) => `${profile.name}/${path}`)
  const length = artifacts.reduce(
    (sum, { bytes }, at) => sum + bytes.length + LOCAL + CENTRAL + 2 * (names[at] ?? '').length,
    END,
  )
  if (length > MOST_BYTES || artifacts.length > MOST_ENTRIES || names.some((name) => /[^ -~]/.test(name)))
    return undefined
  const zip = Buffer.allocUnsafeSlow(length)
  const places: number[] = []
  let end = 0
  for (const [at, artifact] of artifacts.entries()) {
    places.push(end)
    const name = names[at] ?? ''
    end = zip.writeUInt32LE(0x04034b50, end)
    end = describeEntry(zip, end, artifact, name)
    end += zip.write(name, end, 'latin1')
    zip.set(artifact.bytes, end)
    end += artifact.bytes.length
  }
  const start = end
  for (const [at, artifact] of artifacts.entries())
    end = listEntry(zip, end, artifact, names[at] ?? '', places[at] ?? 0)
  finish(zip, end, artifacts.length, start)
  return zip
}

/** What an entry's own header and its line in the list have in common. */
function describeEntry(zip: Buffer, from: number, { bytes }: Artifact, name: string): number {
  let end = zip.writeUInt16LE(NEEDED, from)
  // No flags, the method "stored", the time 0:00.
  end = zip.writeUInt16LE(0, zip.writeUInt16LE(0, zip.writeUInt16LE(0, end)))
  end = zip.writeUInt16LE(DATE, end)
  end = zip.writeUInt32LE(sumOf(bytes), end)
  end = zip.writeUInt32LE(bytes.length, zip.writeUInt32LE(bytes.length, end))
  return zip.writeUInt16LE(0, zip.writeUInt16LE(name.length, end))
}

function listEntry(zip: Buffer, from: number, artifact: Artifact, name: string, place: number): number {
  let end = zip.writeUInt32LE(0x02014b50, from)
  end = zip.writeUInt16LE(MADE_BY, end)
  end = describeEntry(zip, end, artifact, name)
  // No comment, the first disk, nothing said of the content.
  end = zip.writeUInt16LE(0, zip.writeUInt16LE(0, zip.writeUInt16LE(0, end)))
  end = zip.writeUInt32LE((((REGULAR | artifact.mode) << 16) | ARCHIVE) >>> 0, end)
  end = zip.writeUInt32LE(place, end)
  return end + zip.write(name, end, 'latin1')
}

function finish(zip: Buffer, from: number, count: number, start: number): void {
  let end = zip.writeUInt32LE(0x06054b50, from)
  end = zip.writeUInt32LE(0, end)
  end = zip.writeUInt16LE(count, zip.writeUInt16LE(count, end))
  end = zip.writeUInt32LE(from - start, end)
  zip.writeUInt16LE(0, zip.writeUInt32LE(start, end))
}

/** CRC-32 of a file's bytes; many files of a fleet are the same for all devices. */
function sumOf(bytes: Uint8Array): number {
  const known = sums.get(bytes)
  if (known !== undefined) return known
  const sum = crc32(bytes)
  sums.set(bytes, sum)
  return sum
}
