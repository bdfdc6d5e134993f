import { describe, expect, it } from 'vitest'
import { encode, pathProblem } from '../../src/core/artifact.ts'

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
