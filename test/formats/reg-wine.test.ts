import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { readRegEntries } from '../../src/formats/reg/reg.ts'
import { readRegQuery } from '../../src/formats/reg/query.ts'
import { kept, readExport, type Exported, type Kept } from '../readers/reg-export.ts'
import { describeInWine, newWine, type Wine } from '../support/wine.ts'

/**
 * Odd .reg files, imported by Wine's reg.exe and read by ours: all keys, values, types and bytes must be equal. A case
 * is a block of lines under a key of its own; a file has some forty cases, so that 2 400 cases take a minute or two.
 *
 * Some forms are not generated, because Wine 8 differs from Windows or nobody knows what Windows does (facts and
 * sources are in the messages of core/messages/reg.ts and in Wine's tests of reg.exe, programs/reg/tests/import.c):
 * - texts in hex(1|2|7) of version 5 files that are not UTF-16, and of REGEDIT4 files that are: Wine goes by the
 *   encoding, Windows by the version; and such texts with half a character, or empty but for a comment
 * - HKLM for HKEY_LOCAL_MACHINE, which Wine's reg.exe takes; a byte order mark of UTF-8
 * - dword: without digits before a comment, hex(): without a type, signs and 0x within hex data: quirks of C's strtoul
 * - hex(4) of other than four bytes: Wine exports bytes that are not there
 * - hex(1) without data or with a NUL within: Wine exports REG_SZ as text, and so no further than to its first NUL
 * - types of more than 32 bits: Wine skips them, and then each hex(ffffffff) below, since it looks at a stale errno
 * - NULs, which end a line for Wine
 */
const FILES = 60
const BLOCKS = 40
const ROOT = 'HKEY_LOCAL_MACHINE\\Software\\kk'

interface Form {
  readonly header: string
  readonly encoding: 'utf16le' | 'latin1'
  readonly end: '\n' | '\r\n' | '\r'
}

const blank = fc.constantFrom('', '', '', '', ' ', '\t', '  ', ' \t ')
const rest = fc.constantFrom('', '', '', '', '', ' ', '\t', ' ;c', ';c\\', ' #c', '#c', ' x', ' ;#c')
const joined = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(''))
const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'.split('')), minLength: 1, maxLength: 10 })
const dword = joined(
  fc.constantFrom('dword:', 'dword:', 'dword:', 'dword:', 'dword: ', 'dword:\t', 'DWORD:', 'dword', 'dword=', 'qword:'),
  fc.oneof(
    { weight: 6, arbitrary: digits },
    fc.constantFrom('0x1', '1 2', '12g', '-1', '0X20', '30000', '4e20h', '1,2'),
  ),
  rest,
)
const escapes = fc.constantFrom(
  '\\\\',
  '\\"',
  '\\n',
  '\\r',
  '\\0',
  '\\x',
  '\\t',
  'a',
  'B',
  ' ',
  ';',
  '#',
  '=',
  '[',
  ']',
  "'",
  '"',
  '-',
  '@',
  'é',
  'ß',
)
const inside = fc.array(escapes, { maxLength: 6 }).map((all) => all.join(''))
const text = joined(fc.constant('"'), inside, fc.constantFrom('"', '"', '"', '"', '"', ''), rest)
const byte = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 255 }).map((n) => n.toString(16).padStart(2, '0')) },
  { weight: 2, arbitrary: fc.constantFrom('0', 'A', 'fF', '00ff', ' 41', '041') },
  { weight: 1, arbitrary: fc.constantFrom('100', '', 'g', '4 1', '41 ', '\\', '\\41') },
)
const bytesOf = (length: fc.Arbitrary<number>) =>
  length.chain((n) => fc.array(byte, { minLength: n, maxLength: n })).map((all) => all.join(','))
const turn = fc.constantFrom(
  ',\\\n  ',
  ',\\\n',
  ',\\;c\n\t',
  ',\\ \n  ',
  ', \\\n  ',
  ',\\\n\n  ',
  ',\\\n  ;c\n  ',
  ',\\\n;c\\\n  ',
  '\\\n  ',
  ',\n  ',
  ',\\#c\n  ',
  ',\\\n#c\n  ',
  ',\\\n  ,',
  ',\\\\\n',
  ',;c\n  ',
  ',\\\n"x"=dword:1\n',
  ',\\\n@=dword:1\n',
  ',\\\n  \\\n',
)
/** Any number of bytes, of types that are not texts. */
const plainHex = joined(
  fc.constantFrom(
    'hex:',
    'hex:',
    'hex(0):',
    'hex(3):',
    'hex(b):',
    'hex(B):',
    'hex(5):',
    'hex(8):',
    'hex(100):',
    'hex(ffffffff):',
    'hex(7fff):',
    'hex(0x3):',
    'hex(x3):',
    'HEX:',
    'hex (3):',
    'hex3:',
    'hex(3)',
  ),
  fc.constantFrom('', '', '', '\\\n  ', ' '),
  bytesOf(fc.integer({ min: 1, max: 9 })),
  fc.oneof({ weight: 2, arbitrary: fc.constant('') }, joined(turn, bytesOf(fc.integer({ min: 1, max: 5 })))),
  fc.constantFrom('', '', ','),
  rest,
)
const emptyHex = fc.constantFrom('hex:', 'hex(0):', 'hex(2):', 'hex(7):', 'hex(b):', 'hex(abcd):')
const letters = fc.string({ unit: fc.constantFrom(...'Line%\\ concat'.split('')), maxLength: 8 })
const inHex = (wide: boolean) => (all: string) =>
  [...Buffer.from(all, wide ? 'utf16le' : 'latin1')].map((code) => code.toString(16).padStart(2, '0'))
/** Whole characters of texts, with one NUL at their end, several, or no NUL. */
const textHex = (wide: boolean) =>
  fc
    .tuple(
      fc.constantFrom('hex(1):', 'hex(2):', 'hex(7):'),
      letters,
      fc.constantFrom('', '\0', '\0\0', '\0x\0\0'),
      turn,
      fc.boolean(),
      fc.constantFrom('', ','),
      rest,
    )
    .map(([type, body, nul, fold, folds, comma, behind]) => {
      const all = inHex(wide)(`a${body}${type === 'hex(1):' ? nul.slice(0, 1) : nul}`)
      const unit = wide ? 2 : 1
      const whole = folds ? `${all.slice(0, unit).join(',')}${fold}${all.slice(unit).join(',')}` : all.join(',')
      return `${type}${all.length === unit && folds ? all.join(',') : whole}${comma}${behind}`
    })
const removal = joined(fc.constantFrom('-', '-', '- ', '-x', '-"a"', '--'), rest)
const nothing = fc.constantFrom('', '#"v"', ';dword:1', '\\"', '\\"a\\"', 'text', '0x10', '20000', "'a'", '$x')

const valueName = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom(
      '"v"',
      '"w"',
      '"KeepAliveTime"',
      '"keepalivetime"',
      '@',
      '""',
      '" v "',
      '"a\\\\b"',
      '"a\\"b"',
      '"x=y"',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom('"v', 'v', 'v"', '"v"x', '@@', "'v'", '"a\\qb"', '"a\\0"', '"', '"v\\"') },
)
const valueLine = (wide: boolean | undefined) =>
  joined(
    blank,
    valueName,
    blank,
    fc.constantFrom('=', '=', '=', '=', '=', '=', '=', '==', ':', ''),
    blank,
    fc.oneof(
      { weight: 6, arbitrary: dword },
      { weight: 4, arbitrary: text },
      { weight: 6, arbitrary: plainHex },
      ...(wide === undefined ? [] : [{ weight: 3, arbitrary: textHex(wide) }]),
      { weight: 1, arbitrary: emptyHex },
      { weight: 2, arbitrary: removal },
      { weight: 1, arbitrary: nothing },
    ),
  )
const otherLine = fc.constantFrom(
  '',
  '',
  '',
  ' ',
  ';c',
  '  ;c\\',
  '#c',
  '#c\\',
  'words',
  ';"v"=dword:1',
  '= 1',
  '\\',
  '  41,42',
  'REGEDIT4',
  '-',
  'IF X',
  ']',
)
const keyLine = (key: string) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        `[${key}]`,
        `[${key}\\Sub]`,
        `[${key}\\sub]`,
        `[${key}\\Sub\\Deep]`,
        `[${key}\\Sub\\]`,
        `[${key.toUpperCase()}\\SUB]`,
      ),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        `[ ${key}\\A]`,
        `[\t${key}\\A]`,
        `[${key}\\A`,
        `${key}\\A]`,
        `[${key}\\A ]`,
        `[${key}\\ A]`,
        `[${key}\\A\t]`,
        `[${key}\\A\\\\]`,
        `[${key}\\\\A]`,
        `[${key}\\A] `,
        `[${key}\\A];c`,
        `[${key}\\A] x`,
        `[${key}\\A]]`,
        `[${key}\\A] ;c]`,
        `[${key}\\a/b"c]`,
        ` \t[${key}\\A]`,
        `[[${key}\\A]`,
        `[HKEY_LOCAL_MACHINES\\${key.slice(19)}\\A]`,
        `[HKEY_FOO\\x]`,
        `[hkey_local_machine${key.slice(18)}\\A]`,
        `[HKEY_LOCAL_MACHINE\\\\${key.slice(19)}\\A]`,
        `[\\${key}\\A]`,
        '[]',
        '[',
        '[-]',
        `[${key}\\B]"v"=dword:7`,
      ),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        `[-${key}\\Sub]`,
        `[-${key}\\sub\\deep]`,
        `[-${key}\\None]`,
        `[- ${key}\\Sub]`,
        `[ -${key}\\Sub]`,
        `[-${key}\\A] x`,
        `[-HKEY_FOO\\x]`,
        `[-${key}`,
      ),
    },
  )

/** The lines of one case; they end in \n here. */
const block = (key: string, form: Form) => {
  const wide =
    form.header.trim() === 'REGEDIT4'
      ? form.encoding === 'latin1'
        ? false
        : undefined
      : form.encoding === 'utf16le'
        ? true
        : undefined
  const line = fc.oneof(
    { weight: 8, arbitrary: valueLine(wide) },
    { weight: 2, arbitrary: otherLine },
    { weight: 2, arbitrary: keyLine(key) },
  )
  return fc.array(line, { minLength: 1, maxLength: 7 }).map((lines) => [`[${key}]`, ...lines, ''].join('\n'))
}

const FORMS: readonly Form[] = (['Windows Registry Editor Version 5.00', 'REGEDIT4', ' \tREGEDIT4'] as const).flatMap(
  (header) =>
    (['utf16le', 'latin1'] as const).flatMap((encoding) =>
      (['\r\n', '\n', '\r'] as const).map((end) => ({ header, encoding, end })),
    ),
)
/** Headers that are refused or import nothing; with each, values that must not appear. */
const HEADERS = [
  'REGEDIT3',
  'REGEDIT 4',
  'REGEDIT4FOO',
  'REGEDIT4 ',
  'REGEDIT',
  'regedit4',
  'Windows Registry Editor Version 4.00',
  'Windows Registry Editor Version 5',
  'Windows Registry Editor version 5.00',
  'Windows Registry Editor Version 5.00 ',
  '',
  ';c',
  '\nREGEDIT4',
  'AREGEDIT4',
]

function bytesIn({ encoding, end }: Form, whole: string): Buffer {
  const lines = whole.replaceAll('\n', end)
  return Buffer.from(encoding === 'utf16le' ? `\ufeff${lines}` : lines, encoding)
}

/** All cases, the same in every run. */
function files(): readonly { readonly name: string; readonly bytes: Buffer }[] {
  const odd = Array.from({ length: FILES }, (_, file) => {
    const form = FORMS[file % FORMS.length] as Form
    const blocks = Array.from(
      { length: BLOCKS },
      (__, index) =>
        fc.sample(block(`${ROOT}\\case${String(file * BLOCKS + index).padStart(4, '0')}`, form), {
          numRuns: 1,
          seed: 5_000 + file * BLOCKS + index,
        })[0] ?? '',
    ).join('\n')
    // Every third file has no line end at its end.
    return {
      name: `odd${file}.reg`,
      bytes: bytesIn(form, `${form.header}\n\n${file % 3 === 0 ? blocks.trimEnd() : blocks}`),
    }
  })
  const refused = HEADERS.flatMap((header, index) =>
    FORMS.slice(0, 4)
      .filter(({ end }) => end === '\r\n')
      .map((form) => {
        const name = `header${index}${form.encoding}.reg`
        return { name, bytes: bytesIn(form, `${header}\n\n[${ROOT}\\${name}]\n"v"=dword:1\n`) }
      }),
  )
  const noMark = {
    name: 'nomark.reg',
    bytes: Buffer.from(`REGEDIT4\r\n[${ROOT}\\nomark]\r\n"v"=dword:1\r\n`, 'utf16le'),
  }
  return [...odd, ...refused, noMark]
}

/** The content of an empty registry after our reading of the files. */
function held(all: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Exported {
  const keys = new Map<string, Map<string, Kept>>()
  for (const { name, bytes } of all) {
    const entries = [...readRegEntries(bytes, name)]
    // A file without a header is read as a part of a Windows CE image; Windows refuses it.
    if (entries.some((entry) => 'code' in entry && entry.code === 'reg/fragment')) continue
    for (const entry of entries) {
      if ('code' in entry) continue
      const key = entry.key.toLowerCase()
      if (entry.does === 'delete-key')
        for (const other of keys.keys()) if (`${other}\\`.startsWith(`${key}\\`)) keys.delete(other)
      if (entry.does === 'open-key') open(keys, key)
      if (entry.does === 'set-value') keys.get(key)?.set(entry.name.toLowerCase(), kept(entry.type, entry.bytes))
      if (entry.does === 'delete-value') keys.get(key)?.delete(entry.name.toLowerCase())
    }
  }
  return keys
}

/** A key exists with all keys above it. */
function open(keys: Map<string, Map<string, Kept>>, key: string): void {
  const parts = key.split('\\')
  for (let length = ROOT.split('\\').length; length <= parts.length; length += 1) {
    const path = parts.slice(0, length).join('\\')
    if (!keys.has(path)) keys.set(path, new Map())
  }
}

/** By key, for a readable diff. */
const shown = (keys: Exported) =>
  Object.fromEntries(
    [...keys]
      .filter(([key]) => key.startsWith(ROOT.toLowerCase()))
      .map(([key, values]) => [key, Object.fromEntries(values)]),
  )

describeInWine('odd .reg files are read as Wine imports them', () => {
  let wine: Wine
  const all = files()
  let exported: Exported
  let queried: Buffer
  beforeAll(() => {
    wine = newWine()
    mkdirSync(wine.driveC('reg'))
    for (const { name, bytes } of all) writeFileSync(wine.driveC(`reg/${name}`), bytes)
    const imports = all.map(({ name }) => `@reg import ${name}\r\n@>>codes.txt echo ${name} %errorlevel%`)
    const reads = ['@reg export HKLM\\Software\\kk out.reg /y', '@reg query HKLM\\Software\\kk /s > query.txt']
    const clean = ['@reg delete HKLM\\Software\\kk /f', '@if exist codes.txt del codes.txt']
    writeFileSync(wine.driveC('reg/all.bat'), [...clean, ...imports, ...reads, ''].join('\r\n'))
  }, 600_000)
  // Once for all tests, and again before a retry: Wine may have lost an import.
  beforeEach(({ task }) => {
    if (exported !== undefined && task.result?.retryCount === 0) return
    wine.run('cmd', ['/c', 'all.bat'], { cwd: wine.driveC('reg') })
    exported = readExport(readFileSync(wine.driveC('reg/out.reg')))
    queried = readFileSync(wine.driveC('reg/query.txt'))
  }, 600_000)
  afterAll(() => wine?.remove())

  it(`${FILES * BLOCKS} cases agree, value by value`, () => {
    expect(exported.size).toBeGreaterThan(FILES * BLOCKS)
    expect(shown(held(all))).toEqual(shown(exported))
  })

  it('a file is refused where Wine refuses it', () => {
    const codes = Object.fromEntries(
      readFileSync(wine.driveC('reg/codes.txt'), 'latin1')
        .trim()
        .split('\r\n')
        .map((line) => line.split(' ')),
    ) as Record<string, string>
    const REFUSED = ['reg/no-bom', 'reg/no-header', 'reg/bad-header', 'reg/header-not-first', 'reg/fragment']
    const ours = all.map(({ name, bytes }) => {
      const [first] = readRegEntries(bytes, name)
      return [name, first !== undefined && 'code' in first && REFUSED.includes(first.code) ? '1' : '0']
    })
    expect(Object.fromEntries(ours)).toEqual(codes)
  })

  it('reg query prints the imported numbers', () => {
    const printed = [...readRegQuery(queried, 'query.txt')].flatMap((found) =>
      'store' in found && found.value.kind === 'number'
        ? [`${found.key}\\${found.name}=${found.value.number}`.toLowerCase()]
        : [],
    )
    const wanted = [...exported].flatMap(([key, values]) =>
      [...values].flatMap(([value, data]) => {
        const [type, bytes = ''] = data.split(':')
        return type === '4' && bytes.length === 8
          ? [`${key}\\${value}=${Buffer.from(bytes, 'hex').readUInt32LE(0)}`]
          : []
      }),
    )
    expect(printed.toSorted()).toEqual(wanted.toSorted())
    expect(printed.length).toBeGreaterThan(300)
  })

  it('the cases are the same in every run', () => {
    const digest = createHash('sha256')
    for (const { bytes } of files()) digest.update(bytes)
    const again = createHash('sha256')
    for (const { bytes } of all) again.update(bytes)
    expect(digest.digest('hex')).toBe(again.digest('hex'))
  })
})
