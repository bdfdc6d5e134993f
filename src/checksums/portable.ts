import { sha256 as noble } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

// Everywhere but in Node. `#checksums` of package.json chooses between this module and `node.ts`;
// test/checksums.test.ts holds them against each other.

const ENCODER = new TextEncoder()

/** SHA-256 in hex, as `sha256sum` prints it; text is hashed as UTF-8. */
export function sha256(content: Uint8Array | string): string {
  return bytesToHex(noble(typeof content === 'string' ? ENCODER.encode(content) : content))
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
