import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isStatement } from '../../src/core/capture.ts'
import { isRegQuery, readRegQuery } from '../../src/formats/reg/query.ts'
import { timesOf } from '../support/depth.ts'

const K = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'

function read(text: string | Uint8Array): readonly string[] {
  return [...readRegQuery(typeof text === 'string' ? Buffer.from(text) : text, 'q.txt')].map((each) => {
    if (!isStatement(each)) return `${each.code}@${each.location?.line}:${each.location?.column}`
    const { key, name, value } = each
    const shown =
      value.kind === 'number' ? value.number : value.kind === 'other' ? `${value.type} ${value.text}` : 'absent'
    return `${key === K ? '' : `${key}!`}${name}=${shown}`
  })
}

describe('output of reg query', () => {
  const vista = `\r\n${K}\r\n    KeepAliveTime    REG_DWORD    0x4e20\r\n    KeepAliveInterval    REG_DWORD    0x1388\r\n    Domain    REG_SZ    \r\n\r\n`
  const wanted = ['KeepAliveTime=20000', 'KeepAliveInterval=5000', 'Domain=REG_SZ ']
  it.each([
    ['Windows Vista and later', vista, wanted],
    ['as UTF-16, from PowerShell', Buffer.from(`\ufeff${vista}`, 'utf16le'), wanted],
    ['as UTF-16 without a mark', Buffer.from(vista, 'utf16le'), wanted],
    ['as UTF-8 with a mark and no empty line before', Buffer.from(`\ufeff${vista.trimStart()}`), wanted],
    ['with CR CR LF', vista.replaceAll('\r\n', '\r\r\n'), wanted],
    [
      'Windows XP',
      `\r\n! REG.EXE VERSION 3.0\r\n\r\n${K}\r\n    <NO NAME>\tREG_SZ\ta\r\n    KeepAliveTime\tREG_DWORD\t0x4e20\r\n`,
      ['=REG_SZ a', 'KeepAliveTime=20000'],
    ],
    [
      'German',
      Buffer.from(
        `\r\n${K}\r\n    (Standard)    REG_SZ    (Wert nicht gesetzt)\r\n    KeepAliveTime    REG_DWORD    0x1\r\n\r\nSuchende: 2 Übereinstimmung(en) gefunden.\r\n`,
        'latin1',
      ),
      ['=REG_SZ (Wert nicht gesetzt)', 'KeepAliveTime=1'],
    ],
    ['with /z', `${K}\r\n    v    REG_DWORD (4)    0xff\r\n`, ['v=255']],
    ['with blanks moved by copying', `${K}\n  v  REG_DWORD  0xff\n`, ['v=255']],
    ['a name with blanks', `${K}\n     a    b     REG_DWORD    0x1\n`, [' a    b =1']],
    [
      'several keys',
      `${K}\n    a    REG_DWORD    0x1\n\nHKEY_CURRENT_USER\\x\n    b    REG_BINARY    0102\n`,
      ['a=1', 'HKEY_CURRENT_USER\\x!b=REG_BINARY 0102'],
    ],
  ] as const)('%s', (_, text, lines) => {
    expect(read(text)).toEqual(lines)
  })

  it.each([
    ['a value without a key', '    a    REG_DWORD    0x1\n    b    REG_DWORD    0x1\n', ['reg/query-without-key@1:23']],
    ['a number in decimal', `${K}\n    a    REG_DWORD    20000\n`, ['reg/query-not-a-number@2:23']],
    ['a number of nine digits', `${K}\n    a    REG_DWORD    0x123456789\n`, ['reg/query-not-a-number@2:23']],
    ['a key with a blank at its end', `${K} \n    a    REG_DWORD    0x1\n`, ['reg/query-key-blank@1:70', `${K} !a=1`]],
  ])('is reported: %s', (_, text, lines) => {
    expect(read(text)).toEqual(lines)
  })

  it.each([
    [vista, true],
    [`! REG.EXE VERSION 3.0\n\n${K}\n`, true],
    ['', false],
    [`REGEDIT4\n[${K}]\n`, false],
    ['    a REG_DWORD', false],
    ['net.inet.tcp.keepidle: 1', false],
  ])('is recognized by its beginning: %j, %s', (text, is) => {
    expect(isRegQuery(text)).toBe(is)
  })
})

const RUNS = Number(process.env['FUZZ_RUNS'] ?? timesOf(5_000, 1_000))

describe('the reader neither throws nor hangs, for any bytes', () => {
  const pieces = fc.constantFrom(
    K,
    'HKEY_USERS',
    '\\',
    '    ',
    ' ',
    '\t',
    'REG_DWORD',
    'REG_SZ',
    'REG_',
    '0x',
    '1f',
    'name',
    '(',
    ')',
    '<',
    '>',
    '\n',
    '\r',
    '\0',
    'é',
  )
  const text = fc.array(pieces, { maxLength: 40 }).map((all) => all.join(''))
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    text.map((all) => Buffer.from(`${K}\n${all}`)),
    text.map((all) => Buffer.from(all, 'utf16le')),
  )
  it(`${RUNS} of them`, () => {
    fc.assert(
      fc.property(bytes, (odd) => {
        for (const { location } of readRegQuery(odd, 'q.txt'))
          expect((location?.column ?? 0) <= (location?.source ?? '').length + 1).toBe(true)
      }),
      { numRuns: RUNS },
    )
  }, 600_000)

  it.each([' ', '\t', '\r', '\\', 'REG_', '  REG_A', '    a    REG_DWORD    0x1\n', 'REG_A\r'])(
    '5 MB of %j take a moment',
    (part) => {
      const huge = Buffer.from(
        `${K}${part.repeat(1_000_000 / part.length)}x\n    a${part.repeat(4_000_000 / part.length)}b`,
      )
      const begun = performance.now()
      let count = 0
      for (const found of readRegQuery(huge, 'q.txt')) count += found.location === undefined ? 0 : 1
      expect(count).toBeGreaterThanOrEqual(0)
      expect(performance.now() - begun).toBeLessThan(20_000)
    },
  )
})
