import { BUNDLE_LIMITS } from '../../core/bundle.ts'
import { sameBytes } from '../../core/bytes.ts'
import { readDirectory, readLocalHeader, type ListedEntry } from './directory.ts'

const DEFLATED = 8

/**
 * Whether a zip is what `bundle --compress` writes for a stored zip: the same files with the same dates and modes, each
 * deflated, and nothing else. The compressed bytes depend on the zlib that made them; {@link unzip} checks what they
 * unpack to.
 */
export function isCompressedFrom(stored: Uint8Array, zip: Uint8Array): boolean {
  const [wanted, found] = [stored, zip].map((bytes) => readDirectory(bytes, BUNDLE_LIMITS.files))
  if (!wanted?.ok || !found?.ok || wanted.value.entries.length !== found.value.entries.length) return false
  return (
    found.value.recordStart + END_LENGTH === zip.length &&
    wanted.value.entries.every((entry, at) => isCompressedEntry(entry, found.value.entries[at], zip))
  )
}

/** The length in bytes of the last record, without a comment. */
const END_LENGTH = 22

function isCompressedEntry(wanted: ListedEntry, found: ListedEntry | undefined, zip: Uint8Array): boolean {
  if (found === undefined) return false
  const header = readLocalHeader(zip, found)
  return (
    found.method === DEFLATED &&
    sameBytes(found.name, wanted.name) &&
    found.crc32 === wanted.crc32 &&
    found.uncompressedSize === wanted.uncompressedSize &&
    found.attributes === wanted.attributes &&
    found.modified === wanted.modified &&
    found.extra.length === 0 &&
    header.ok &&
    header.value.extra.length === 0
  )
}
