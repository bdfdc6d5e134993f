import { hash } from 'node:crypto'
import { crc32 as nodeCrc32 } from 'node:zlib'

// In Node, whose own code is some ten times faster than `portable.ts`.

/** SHA-256 in hex, as `sha256sum` prints it; text is hashed as UTF-8. */
export function sha256(content: Uint8Array | string): string {
  return hash('sha256', content)
}

/** CRC-32 as zips have it. */
export function crc32(bytes: Uint8Array): number {
  return nodeCrc32(bytes)
}
