import { sha256 as noble } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { utf8Bytes } from './bytes.ts'

// For browsers. `#checksums` of package.json chooses `io/checksums.ts` in Node, whose own code is some ten times faster;
// test/core/checksums.test.ts compares both.

/** SHA-256 in hex, as `sha256sum` prints it; text is hashed as UTF-8. */
export function sha256(content: Uint8Array | string): string {
  return bytesToHex(noble(typeof content === 'string' ? utf8Bytes(content) : content))
}

/** The reversed polynomial of CRC-32, and its remainders for each byte (PKWARE APPNOTE 4.4.7). */
const POLYNOMIAL = 0xedb88320
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit += 1)
    remainder = (remainder & 1) === 0 ? remainder >>> 1 : (remainder >>> 1) ^ POLYNOMIAL
  return remainder
})

/** CRC-32 as zips have it. */
export function crc32(bytes: Uint8Array): number {
  let sum = 0xffff_ffff
  for (const byte of bytes) sum = (sum >>> 8) ^ (REMAINDERS[(sum ^ byte) & 0xff] ?? 0)
  return (sum ^ 0xffff_ffff) >>> 0
}
