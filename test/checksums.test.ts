import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as inBrowsers from '../src/checksums/portable.ts'
import * as inNode from '../src/checksums/node.ts'

describe.each([
  ['in browsers', inBrowsers],
  ['in Node', inNode],
])('checksums %s', (_where, sums) => {
  it('are those of FIPS 180-4 and PKWARE for known inputs', () => {
    expect(sums.sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(sums.sha256(new Uint8Array())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(sums.crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })

  it('are those of OpenSSL and zlib for any bytes and text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' }), (bytes, text) => {
        expect(sums.sha256(bytes)).toBe(hash('sha256', bytes))
        expect(sums.sha256(text)).toBe(hash('sha256', text))
        expect(sums.crc32(bytes)).toBe(crc32(bytes))
      }),
    )
  })
})
