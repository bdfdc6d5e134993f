import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isStatement } from '../../src/core/capture.ts'
import { isReg, readReg, readRegEntries } from '../../src/formats/reg/reg.ts'
import { timesOf } from '../support/depth.ts'

const V5 = 'Windows Registry Editor Version 5.00\r\n\r\n'
const K = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'
const wide = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')

/** The result of reading a file, one line each: `NAME=VALUE` for a statement, `CODE@LINE:COLUMN` for a diagnostic. */
function read(bytes: Uint8Array | string): readonly string[] {
  const found = [...readReg(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, 'a.reg')]
  return found.map((each) => {
    if (!isStatement(each)) return `${each.code}@${each.location?.line}:${each.location?.column}`
    const { name, value, key } = each
    const shown =
      value.kind === 'number' ? value.number : value.kind === 'absent' ? 'absent' : `${value.type} ${value.text}`
    return `${key === K ? '' : `${key}!`}${name ?? 'KEY'}=${shown}`
  })
}
/** The lines below `[K]` in a file of version 5. */
const below = (lines: string) => read(`${V5}[${K}]\r\n${lines}\r\n`)

describe('whole files are read', () => {
  const both = `"KeepAliveTime"=dword:00004e20\r\n"KeepAliveInterval"=dword:00001388\r\n`
  const CE = 'HKEY_LOCAL_MACHINE\\Comm\\TcpIp\\Parms'
  const OFF = 'ControlSet001\\Services\\Tcpip\\Parameters'
  const values = (key: string) => [`${key}KeepAliveTime=20000`, `${key}KeepAliveInterval=5000`]
  it.each([
    ['T1', wide(`${V5}[${K}]\r\n${both}\r\n`), 368, 'aef83c93', values('')],
    ['T2', Buffer.from(`${V5}[${K}]\r\n${both}\r\n`), 183, '0d5a2d89', values('')],
    ['T3', Buffer.from(`REGEDIT4\r\n\r\n[${K}]\r\n${both}\r\n`), 155, '39b071e1', values('')],
    ['T4', Buffer.from(`REGEDIT4\r\n\r\n[${CE}]\r\n${both}\r\n`), 121, '5bce6d80', values(`${CE}!`)],
    [
      'T5',
      Buffer.from(`REGEDIT4\r\n\r\n[${CE}]\r\n${both}\r\n[${CE.replace('TcpIp', 'Tcpip6')}]\r\n${both}\r\n`),
      231,
      'ab14241d',
      [...values(`${CE}!`), ...values(`${CE.replace('TcpIp', 'Tcpip6')}!`)],
    ],
    [
      'T6',
      wide(`${V5}[${K}]\r\n"KeepAliveTime"=-\r\n"KeepAliveInterval"=-\r\n\r\n`),
      316,
      'd5ef989d',
      ['KeepAliveTime=absent', 'KeepAliveInterval=absent'],
    ],
    [
      'T7',
      Buffer.from(`${V5}[HKEY_LOCAL_MACHINE\\SYSTEM\\${OFF}]\r\n${both}\r\n`),
      179,
      '8c461b86',
      values(`HKEY_LOCAL_MACHINE\\SYSTEM\\${OFF}!`),
    ],
    [
      'T8',
      Buffer.from(`${V5}[HKEY_LOCAL_MACHINE\\OFFLINE\\${OFF}]\r\n${both}\r\n`),
      180,
      '4b9ea8aa',
      values(`HKEY_LOCAL_MACHINE\\OFFLINE\\${OFF}!`),
    ],
  ] as const)('%s', (_, bytes, size, sha256, wanted) => {
    expect(bytes.length).toBe(size)
    expect(createHash('sha256').update(bytes).digest('hex').slice(0, 8)).toBe(sha256)
    expect(read(bytes)).toEqual(wanted)
  })
})

describe('a statement has its place and its text', () => {
  it('for a value, a removed value and a removed key', () => {
    const line = '  "KeepAliveTime" = dword:4E20 ; 20 s'
    const found = [...readReg(Buffer.from(`REGEDIT4\n[${K}\\]\n${line}\n"x"=-;c\n[-${K}] ;c\n`), 'a.reg')]
    const place = (number: number, column: number, source: string) => ({ file: 'a.reg', line: number, column, source })
    expect(found).toEqual([
      {
        store: 'registry',
        key: K,
        name: 'KeepAliveTime',
        value: { kind: 'number', number: 20_000 },
        written: 'dword:4E20',
        location: place(3, 21, line),
      },
      {
        store: 'registry',
        key: K,
        name: 'x',
        value: { kind: 'absent' },
        written: '-',
        location: place(4, 5, '"x"=-;c'),
      },
      {
        store: 'registry',
        key: K,
        name: undefined,
        value: { kind: 'absent' },
        written: `[-${K}]`,
        location: place(5, 1, `[-${K}] ;c`),
      },
    ])
  })
})

describe('a value is read as Windows reads it', () => {
  it.each([
    ['"v"=dword:1', ['v=1']],
    ['"v"=dword:30000', ['v=196608']],
    ['"v"=dword:FFFFffff', ['v=4294967295']],
    ['"v"=dword:1234;5678', ['v=4660']],
    ['\t"v"\t=\tdword:\t00000008\t', ['v=8']],
    ['@=dword:2', ['=2']],
    ['""=dword:2', ['=2']],
    ['"v"=hex(4):20,4e,00,00', ['v=20000']],
    ['"v"=hex(4):20,4e,00', ['v=REG_DWORD 20 4e 00']],
    ['"v"=hex(b):20,4e,00,00,00,00,00,00', ['v=REG_QWORD 20000']],
    ['"v"=hex:01,\\\r\n  ;c\r\n\r\n  02,\\;c\r\n\t03', ['v=REG_BINARY 01 02 03']],
    ['"v"=hex(2):25,00,41,00', ['v=REG_EXPAND_SZ %A']],
    ['"v"=hex(7):41,00,00,00,42,00,00,00,00,00', ['v=REG_MULTI_SZ A, B']],
    ['"v"=hex(abcd):', ['v=type 0xabcd ']],
    ['"a\\"b\\\\c"="d\\"\\\\e\\n"', ['a"b\\c=REG_SZ d"\\e\n']],
    ['; c\\\r\n#c\r\n"v"=dword:1', ['v=1']],
    ['"v"=dword:1\r\nWindows Registry Editor Version 5.00\r\n"w"=dword:2', ['v=1', 'w=2']],
  ])('%j', (lines, wanted) => {
    expect(below(lines)).toEqual(wanted)
  })
})

describe('a line that Windows silently skips is reported, and the next line counts', () => {
  it.each([
    ['"v"=dword:000004e20', 'reg/dword-too-long@4:11'],
    ['"v"=dword:', 'reg/dword-empty@4:11'],
    ['"v"=dword:0x123', 'reg/dword-prefix@4:11'],
    ['"v"=dword:hello', 'reg/dword-not-hex@4:11'],
    ['"v"=dword:1234 5678', 'reg/after-value@4:16'],
    ['"v"=dword:12345678abc', 'reg/dword-too-long@4:11'],
    ['"v"=dword:1 #c', 'reg/after-value@4:13'],
    ['"v"=dword:1#c', 'reg/after-value@4:12'],
    ['"v"=DWORD:1', 'reg/unknown-type@4:5'],
    ['"v"=20000', 'reg/unknown-type@4:5'],
    ['"v"=', 'reg/unknown-type@4:5'],
    ['"v"="x" #c', 'reg/after-value@4:9'],
    ['"v"="x', 'reg/text-not-closed@4:5'],
    ['"v"="a\\0"', 'reg/null-escape@4:7'],
    ['"v=dword:1', 'reg/name-not-closed@4:1'],
    ['"v" dword:1', 'reg/no-equals-sign@4:5'],
    ['"v"=-x', 'reg/after-value@4:6'],
    ['"v"=hex:01,100', 'reg/bad-hex@4:12'],
    ['"v"=hex:01,,02', 'reg/bad-hex@4:12'],
    ['"v"=hex(x2):01', 'reg/unknown-type@4:5'],
    ['"v"=hex:01,\\\r\n"w"=dword:1', 'reg/bad-continuation@5:1'],
    ['v=dword:1', 'reg/not-a-line@4:1'],
    ['words\r\n\r\nand more\r\n', 'reg/not-a-line@4:1'],
  ])('%j', (lines, code) => {
    expect(below(`${lines}\r\n"after"=dword:1`)).toEqual([code, 'after=1'])
  })

  it('an unknown escape is read without its backslash', () => {
    expect(below('"v"="C:\\Temp\\x"')).toEqual(['reg/unknown-escape@4:8', 'v=REG_SZ C:Tempx'])
  })
  it('values without a key, and below a deleted key, are reported once each', () => {
    expect(read(`${V5}"a"=dword:1\r\n"b"=dword:1\r\n[-${K}]\r\n"c"=dword:1\r\n"d"=dword:1\r\n`)).toEqual([
      'reg/value-without-key@3:1',
      'KEY=absent',
      'reg/value-below-deleted-key@6:1',
    ])
  })
  it('a last line without an end is reported, because Windows XP drops it', () => {
    expect(read(`${V5}[${K}]\r\n"a"=dword:1\r\n"b"=dword:2`)).toEqual(['a=1', 'reg/no-line-end@5:5', 'b=2'])
  })
  it('text outside ASCII without a byte order mark is reported once, and not in a comment', () => {
    const lines = `; für\r\n[${K}]\r\n"a"=dword:1\r\n"ä"="ö"\r\n"ü"="ö"\r\n`
    expect(read(Buffer.from(`REGEDIT4\r\n${lines}`, 'latin1'))).toEqual([
      'a=1',
      'reg/code-page@5:1',
      'ä=REG_SZ ö',
      'ü=REG_SZ ö',
    ])
    expect(read(wide(V5 + lines))).toEqual(['a=1', 'ä=REG_SZ ö', 'ü=REG_SZ ö'])
  })
})

describe('keys', () => {
  it.each([
    [`[${K}\\]`, ['v=1']],
    [`[${K}];c`, ['v=1']],
    [` [${K}] `, ['v=1']],
    [`[${K.toLowerCase()}]`, [`${K.toLowerCase()}!v=1`]],
    [`[ ${K}]`, ['reg/key-leading-blank@3:2', 'reg/value-without-key@4:1']],
    [`[${K}`, ['reg/key-not-closed@3:1', 'reg/value-without-key@4:1']],
    [`${K}]`, ['reg/not-a-line@3:1', 'reg/value-without-key@4:1']],
    [`[- ${K}]`, ['reg/no-key-deleted@3:3']],
    ['[HKLM\\SYSTEM\\x]', ['reg/unknown-root@3:2']],
    ['[HKEY_CURRENT_USERS\\x]', ['reg/unknown-root@3:2']],
    [`[${K} ]`, ['reg/key-blank@3:61', `${K} !v=1`]],
    [`[${K}] ;see [x]`, ['reg/key-bracket@3:71', `${K}] ;see [x!v=1`]],
    [`[${K}] "w"=dword:2`, ['reg/after-key@3:73', 'v=1']],
    [`[${K.replace('\\SYSTEM', '\\\\SYSTEM')}]`, ['reg/key-begins-with-backslash@3:21']],
    [`[${K.replace('\\Services', '\\\\Services')}]`, ['reg/key-doubled-backslash@3:45', 'v=1']],
  ])('%s', (line, wanted) => {
    expect(read(`${V5}${line}\r\n"v"=dword:1\r\n`)).toEqual(wanted)
  })
})

describe('the first line and the encoding decide about the whole file', () => {
  const body = `[${K}]\r\n"v"=dword:1\r\n`
  it.each([
    ['a header with blanks before it', Buffer.from(` \tREGEDIT4\n${body}`), ['v=1']],
    ['no empty line after the header', Buffer.from(`REGEDIT4\n${body}`), ['v=1']],
    ['bare carriage returns', Buffer.from(`REGEDIT4\n${body}`.replaceAll(/\r?\n/g, '\r')), ['v=1']],
    ['REGEDIT4 as UTF-16', wide(`REGEDIT4\n${body}`), ['v=1']],
    ['UTF-16 without a byte order mark', wide(V5 + body).subarray(2), ['reg/no-bom@1:1']],
    ['UTF-16 in big-endian order', wide(V5 + body).swap16(), ['reg/big-endian@1:1']],
    ['a byte order mark of UTF-8', Buffer.from(`\ufeff${V5}${body}`), ['reg/utf8-bom@1:1']],
    ['another case', Buffer.from(`regedit4\n${body}`), ['reg/bad-header@1:1']],
    ['Version 5', Buffer.from(`Windows Registry Editor Version 5\n${body}`), ['reg/bad-header@1:1']],
    ['REGEDIT5', Buffer.from(`REGEDIT5\n${body}`), ['reg/header-imports-nothing@1:1']],
    ['Windows 3.1', Buffer.from(`REGEDIT\n${body}`), ['reg/windows-3@1:1']],
    ['an empty line before it', Buffer.from(`\nREGEDIT4\n${body}`), ['reg/header-not-first@2:1']],
    ['no header, and a key of Windows itself', Buffer.from(body), ['reg/no-header@1:1']],
    ['nothing at all', Buffer.from(''), ['reg/no-header@1:1']],
  ])('%s', (_, bytes, wanted) => {
    expect(read(bytes)).toEqual(wanted)
  })

  it('a part of the registry of a Windows CE image needs no header', () => {
    const CE = 'HKEY_LOCAL_MACHINE\\Comm\\Tcpip\\Parms'
    const lines = [
      '; HIVE BOOT SECTION',
      'IF BSP_NOTCP !',
      `[${CE}]`,
      '"KeepAliveTime"=dword:4E20',
      '"Group"=multi_sz:"a","b"',
      'ENDIF',
      '; END HIVE BOOT SECTION',
      `[-${CE}\\x]`,
    ]
    expect(read(lines.join('\r\n'))).toEqual([
      'reg/fragment@3:1',
      'reg/conditional@2:1',
      `${CE}!KeepAliveTime=20000`,
      `${CE}!Group=REG_MULTI_SZ a, b`,
      `${CE}\\x!KEY=absent`,
    ])
  })
})

describe('a .reg file is recognized by its beginning', () => {
  it.each([
    [V5, true],
    ['REGEDIT4', true],
    ['regedit 5', true],
    [`\ufeff${V5}`, true],
    [`;c\n\n[${K}]`, true],
    ['IF X\n[-HKEY_USERS\\a]', true],
    ['[HKLM\\x]', true],
    ['', false],
    ['[section]\na=1', false],
    [`\r\n${K}\r\n    a    REG_SZ    b`, false],
    ['net.ipv4.tcp_keepalive_time = 1', false],
    ['name: a', false],
  ])('%j: %s', (text, wanted) => {
    expect(isReg(text)).toBe(wanted)
  })
})

const RUNS = Number(process.env['FUZZ_RUNS'] ?? timesOf(5_000, 1_000))

describe('the reader neither throws nor hangs, for any bytes', () => {
  const pieces = fc.constantFrom(
    'REGEDIT4',
    V5,
    '[',
    ']',
    `[${K}]`,
    '[-',
    '"',
    '\\',
    '"v"=',
    '@=',
    'dword:',
    'hex:',
    'hex(',
    'hex(2):',
    'hex(7):',
    '1',
    'ff',
    ',',
    ';',
    '#',
    '-',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\r',
    '\0',
    'IF',
    'multi_sz:"a",',
    'é',
    '\ufeff',
    '\ud800',
  )
  const text = fc.array(pieces, { maxLength: 40 }).map((all) => all.join(''))
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    text.map((all) => Buffer.from(`REGEDIT4\n${all}`, 'latin1')),
    text.map((all) => wide(V5 + all)),
    text.map((all) => Buffer.from(`[HKEY_LOCAL_MACHINE\\Comm]\n${all}`)),
    text.map((all) => Buffer.from(all, 'utf16le').subarray(1)),
  )
  it(`${RUNS} of them`, () => {
    fc.assert(
      fc.property(bytes, (odd) => {
        for (const found of readReg(odd, 'a.reg')) {
          const { line = 0, column = 0, source = '' } = found.location ?? {}
          expect(line >= 1 && column >= 1 && column <= source.length + 1).toBe(true)
          if (isStatement(found) && found.value.kind === 'number')
            expect(found.value.number).toBe(found.value.number >>> 0)
        }
      }),
      { numRuns: RUNS },
    )
  }, 600_000)

  it.each(['x', '\n', '"', '[', '\\', '] ', '\\ ', '\r', ' ', 'a,', '\\\n', '"a"="\\q', '\0'])(
    '5 MB of %j take a moment',
    (part) => {
      const huge = Buffer.from(
        `REGEDIT4\n[HKEY_USERS\\a]\n"a"=hex:\\\n${part.repeat(1_000_000)}\n[HKEY_USERS\\a${part.repeat(4_000_000 / part.length)}b]`,
      )
      const begun = performance.now()
      let count = 0
      for (const found of readRegEntries(huge, 'a.reg')) count += found.location === undefined ? 0 : 1
      expect(count).toBeGreaterThan(0)
      // A nonlinear reader takes minutes.
      expect(performance.now() - begun).toBeLessThan(20_000)
    },
  )
})
