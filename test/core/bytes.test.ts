import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  latin1Bytes,
  latin1Text,
  sameBytes,
  utf16leBytes,
  utf16Text,
  utf8Bytes,
  utf8Text,
} from '../../src/core/bytes.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 20_000 })
const anyBytes = fc.uint8Array({ maxLength: 20_000 })

describe('text and bytes', () => {
  it.each([
    ['UTF-8', utf8Bytes, 'utf8'],
    ['latin1', latin1Bytes, 'latin1'],
    ['UTF-16 LE', utf16leBytes, 'utf16le'],
  ] as const)('%s is written as Node writes it', (_name, encode, encoding) => {
    fc.assert(fc.property(anyText, (text) => sameBytes(encode(text), Buffer.from(text, encoding))))
  })

  it.each([
    ['UTF-8', utf8Text, 'utf8'],
    ['latin1', latin1Text, 'latin1'],
    ['UTF-16 LE', (bytes: Uint8Array) => utf16Text(bytes, 'little'), 'utf16le'],
  ] as const)('%s is read as Node reads it, whatever the bytes are', (_name, decode, encoding) => {
    fc.assert(fc.property(anyBytes, (bytes) => decode(bytes) === Buffer.from(bytes).toString(encoding)))
  })

  it('reads UTF-16 BE as the swapped UTF-16 LE', () => {
    fc.assert(fc.property(anyText, (text) => utf16Text(Buffer.from(text, 'utf16le').swap16(), 'big') === text))
  })

  it('keeps half of a surrogate pair and a byte order mark', () => {
    expect(utf16Text(utf16leBytes('\ud800'), 'little')).toBe('\ud800')
    expect(utf8Text(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
  })

  it('tells runs of bytes apart', () => {
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false)
  })
})
