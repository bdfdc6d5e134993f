import { describe, expect, it } from 'vitest'
import { digestOf, encode, type Digests, type LatestArtifacts } from '../../src/core/artifact.ts'
import { pathProblem } from '../../src/core/file-name.ts'

describe('encode', () => {
  it.each([
    ['reg', 'a\r\n', 'fffe61000d000a00', 0o644],
    ['reg-ascii', 'a\r\n', '610d0a', 0o644],
    ['sysctl', 'a\n', '610a', 0o644],
    ['sh', 'a\n', '610a', 0o755],
    ['cmd', 'a\r\n', '610d0a', 0o755],
    ['powershell', 'a\r\n', '610d0a', 0o755],
    ['text', 'ä\r\n', 'efbbbfc3a40d0a', 0o644],
  ] as const)('%s: %j is %s, mode %o', (language, text, hex, mode) => {
    const { bytes, mode: given } = encode('x', language, text)
    expect(Buffer.from(bytes).toString('hex')).toBe(hex)
    expect(given).toBe(mode)
  })

  it.each([
    ['reg', 'a\n', 'wrong line end'],
    ['cmd', 'a\r', 'wrong line end'],
    ['sh', 'a\r\n', 'wrong line end'],
    ['sh', 'ä\n', 'not ASCII'],
    ['reg', 'ä\r\n', 'not ASCII'],
    ['powershell', '\u2019\r\n', 'not ASCII'],
  ] as const)('%s refuses %j: %s', (language, text, why) => {
    expect(() => encode('x', language, text)).toThrow(why)
  })
})

describe('the latest artifacts', () => {
  it('give the artifact of a text again, for the same path alone', () => {
    const latest: LatestArtifacts = new Map()
    const first = encode('x', 'sh', 'a\n', latest)
    expect(encode('x', 'sh', 'a\n', latest)).toBe(first)
    expect(encode('y', 'sh', 'a\n', latest)).not.toBe(first)
    expect(encode('x', 'sh', 'a\n', new Map())).not.toBe(first)
    expect(encode('x', 'sh', 'a\n')).toEqual(first)
  })

  it('hold one artifact for each path, of its last text and language', () => {
    const latest: LatestArtifacts = new Map()
    const first = encode('x', 'sh', 'a\n', latest)
    expect(encode('x', 'sh', 'b\n', latest)).not.toEqual(first)
    expect(encode('x', 'data', 'b\n', latest).mode).toBe(0o644)
    expect(encode('x', 'sh', 'a\n', latest)).not.toBe(first)
    expect(latest.size).toBe(1)
  })
})

describe('the digest of an artifact', () => {
  it('is that of its bytes, whether it is known already or not', () => {
    const bytes = new Uint8Array([0x61, 0x62, 0x63])
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    const digests: Digests = new WeakMap()
    expect(digestOf({ bytes })).toBe(digest)
    expect(digestOf({ bytes }, digests)).toBe(digest)
    expect(digests.get(bytes)).toBe(digest)
    expect(digestOf({ bytes }, new WeakMap([[bytes, 'known']]))).toBe('known')
  })
})

describe('paths in a bundle', () => {
  it.each([
    [['a', 'b/c.txt', 'b/d.sh'], undefined],
    [['a', 'a'], 'there twice'],
    [['README.txt', 'readme.TXT'], 'there twice'],
    [[''], 'not a file name'],
    [['/a'], 'not a file name'],
    [['a//b'], 'not a file name'],
    [['../a'], 'not a file name'],
    [['a/../b'], 'not a file name'],
    [['a\\b'], 'not a file name'],
    [['C:a'], 'not a file name'],
    [['a.'], 'not a file name'],
    [['a '], 'not a file name'],
    [['con'], 'not a file name'],
    [['a/NUL.txt'], 'not a file name'],
    [['com0.txt'], 'not a file name'],
    [['lpt\u00b9'], 'not a file name'],
    [['ä'], 'not a file name'],
    [['a?b'], 'not a file name'],
  ] as const)('%j: %s', (paths, why) => {
    if (why === undefined) expect(pathProblem(paths)).toBeUndefined()
    else expect(pathProblem(paths)).toContain(why)
  })
})
