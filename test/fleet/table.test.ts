import { describe, expect, it } from 'vitest'
import { csvRecords } from '../../src/fleet/csv.ts'
import { readFleet, type Listed } from '../../src/fleet/fleet.ts'
import { TARGETS } from '../../src/targets/index.ts'

/** Each device as `LINE NAME PROFILE [TAGS] VALUES`, or what is wrong with its line. */
function read(text: string | Uint8Array, file = 'plant.csv'): readonly string[] {
  const { list, diagnostics } = readFleet(TARGETS, Buffer.from(text as string), file)
  const told = diagnostics.map(({ location, code }) => `${location?.line} ${code}`)
  const listed = [...list()].map((one) =>
    one.ok ? described(one.value) : one.diagnostics.map(({ location, code }) => `${location?.line} ${code}`).join(),
  )
  return [...told, ...listed]
}

function described({ device, location }: Listed): string {
  const { name, profile, tags, site, own } = device
  const words = [...tags, ...(site === undefined ? [] : [`at ${site}`])]
  return `${location.line} ${name} ${profile ?? '-'} [${words.join(' ')}] ${JSON.stringify(own.value)}`
}

describe('A table of devices', () => {
  const LINES = [
    '2 plc-1 line [at hall-3] {"targets":["linux"],"idle":"20s"}',
    '3 plc-2 line [] {"overrides":{"tcbsd":{"idle":"4s"}}}',
  ]
  const rows = (separator: string, end: string) =>
    [
      ['name', 'profile', 'site', 'targets', 'idle', 'tcbsd.idle'],
      ['plc-1', 'line', 'hall-3', 'linux', '20s', ''],
      ['plc-2', 'line', '', '', '', '4s'],
    ]
      .map((row) => row.join(separator) + end)
      .join('')

  it.each([
    ['commas and LF', rows(',', '\n')],
    ['commas and CRLF', rows(',', '\r\n')],
    ['semicolons, as spreadsheets of many countries write it', rows(';', '\r\n')],
    ['tabs', rows('\t', '\n')],
    ['a byte order mark', `\ufeff${rows(';', '\r\n')}`],
    ['no line end after the last line', rows(',', '\n').trimEnd()],
    [
      'headings in capitals and other words',
      rows(',', '\n').replace('name,profile,site,targets', 'Device, Profile ,SITE,Target'),
    ],
    ['cells between quotes', rows(',', '\n').replace('plc-1,line', '"plc-1","line"')],
  ])('is read with %s', (_, text) => {
    expect(read(text)).toEqual(LINES)
  })

  it.each([
    ['LF in one line of CRLF', rows(',', '\r\n').replace('\r\nplc-2', '\nplc-2')],
    ['CRLF in one line of LF', rows(';', '\n').replace('\nplc-2', '\r\nplc-2')],
    ['LF in lines that were added to CRLF', rows(',', '\r\n').replace('4s\r\n', '4s\n')],
    ['CR alone, as old Macs write it', rows(',', '\r')],
    ['CRLF behind a quoted cell in a text of LF', rows(',', '\n').replace('20s,\n', '20s,""\r\n')],
  ])('keeps each device with %s', (_, text) => {
    expect(read(text)).toEqual(LINES)
  })

  it('may be short, with two columns and semicolons', () => {
    expect(read('name;profile\r\nplc-1;preset:beckhoff\r\n')).toEqual(['2 plc-1 preset:beckhoff [] {}'])
  })

  it.each([
    ['name its separator as Excel does', `sep=;\r\n${rows(';', '\r\n')}`],
    [
      'name a separator that its first line has less often',
      `SEP=\t\n${rows('\t', '\n').replace('site', 'a,b,c,d,e,f,g')}`,
    ],
  ])('may %s', (_, text) => {
    expect(read(text).filter((line) => !line.endsWith('not-read'))).toHaveLength(2)
  })

  it('may end with lines of separators, as spreadsheets write empty rows', () => {
    expect(read(`${rows(';', '\n')};;;;;\n ;;;;;\n`)).toEqual(LINES)
  })

  it('is read in UTF-16, as spreadsheets call Unicode', () => {
    expect(read(Buffer.from(`\ufeff${rows('\t', '\r\n')}`, 'utf16le'))).toEqual(LINES)
  })

  it.each([
    [
      'numbers and switches',
      'name,probes,always\na,9,TRUE\nb,0x9,no',
      ['2 a - [] {"probes":9,"always":true}', '3 b - [] {"probes":"0x9","always":"no"}'],
    ],
    [
      'several words in a cell',
      'name;tags;targets\na;"x;y z";linux|tcbsd',
      ['2 a - [x y z] {"targets":["linux","tcbsd"]}'],
    ],
    ['options of a target', 'name,windows.control-set\na,2', ['2 a - [] {"options":{"windows":{"control-set":"2"}}}']],
    ['an alias of a target', 'name,freebsd.idle\na,4s', ['2 a - [] {"overrides":{"tcbsd":{"idle":"4s"}}}']],
    ['wishes', 'name,detect,path\na,60s,azure-lb', ['2 a - [] {"detect":"60s","path":["azure-lb"]}']],
    [
      'lines that are empty, or shorter',
      'name,idle,interval\n\na,5s\n\n\nb',
      ['3 a - [] {"idle":"5s"}', '6 b - [] {}'],
    ],
    [
      'a line break in a cell, which counts as a line',
      'name,room,idle\na,"up\nstairs",5s\nb,,6s',
      ['1 fleet/columns-not-read', '2 a - [] {"idle":"5s"}', '4 b - [] {"idle":"6s"}'],
    ],
    ['names with capitals, dots and lines below', 'name\nPLC_4.hall-3', ['2 PLC_4.hall-3 - [] {}']],
  ])('may have %s', (_, text, wanted) => {
    expect(read(text)).toEqual(wanted)
  })

  it.each([
    ['no line', '', ['1 fleet/empty']],
    [
      'no column with names',
      'host,idle\na,5s',
      ['1 fleet/no-name-column', '1 fleet/columns-not-read', '2 fleet/bad-name'],
    ],
    ['a column twice', 'name,idle,Idle\na,5s,6s', ['1 fleet/column-twice']],
    ['a mistyped column', 'name,intervall\na,5s', ['1 fleet/column-mistyped']],
    ['a target that there is not', 'name,linuks.idle\na,5s', ['1 fleet/columns-not-read']],
    ['more cells than columns', 'name,idle\na,5s,x', ['2 fleet/too-many-cells']],
    ['a quote that nothing closes', 'name,idle\na,5s\n"b,5s\nc,5s\n', ['3 fleet/not-csv']],
    ['more behind a quote', 'name,idle\n"a"x,5s\n', ['2 fleet/not-csv']],
    [
      'a name that Windows refuses',
      'name\nCOM1\nnul.x\na.\n-a\na b',
      ['2 fleet/bad-name', '3 fleet/bad-name', '4 fleet/bad-name', '5 fleet/bad-name', '6 fleet/bad-name'],
    ],
  ])('with %s says so', (_, text, wanted) => {
    expect(read(text).filter((line) => line.includes('fleet/'))).toEqual(wanted)
  })

  it('may have a cell with any number of words', () => {
    const [listed] = readFleet(TARGETS, Buffer.from(`name,tags\na,${'x '.repeat(500_000)}\n`), 'plant.csv').list()
    expect(listed?.ok && listed.value.device.tags.length).toBe(500_000)
  })

  it('takes a time in proportion to its number of columns', () => {
    const milliseconds = (columns: number) => {
      const header = Array.from({ length: columns }, (_, at) => `c${at}`).join(',')
      const begin = performance.now()
      expect(read(`name,${header}\na\n`)).toHaveLength(2)
      return performance.now() - begin
    }
    milliseconds(1_000)
    expect(milliseconds(80_000) / milliseconds(10_000)).toBeLessThan(24)
  })

  it('of any length is cut into slices between its lines only', () => {
    const cell = `"${'x, "" \n'.repeat(40)}"`
    const text = `name,room\n${Array.from({ length: 20_000 }, (_, index) => `d${index},${index % 100 === 0 ? cell : 'r'}\n`).join('')}`
    const records = [...csvRecords(text)]
    expect(records).toHaveLength(20_001)
    expect(records.map((record) => (record.kind === 'record' ? record.cells[0] : record.why))).toEqual([
      'name',
      ...Array.from({ length: 20_000 }, (_, index) => `d${index}`),
    ])
    expect(records.at(-1)?.line).toBe(20_001 + 200 * 40)
  })
})

describe('A document of devices', () => {
  const YAML = `name: plant-3
profiles:
  line: { idle: 20s, interval: 5s }
  fast: { extends: line, idle: 10s }
devices:
  - { name: plc-1, profile: fast, tags: [a, b], site: hall-3, targets: [linux] }
  - name: plc-2
    idle: 5s
`
  it('is read as YAML and as JSON', () => {
    const devices = ['plc-1 fast [a b at hall-3] {"targets":["linux"]}', 'plc-2 - [] {"idle":"5s"}']
    expect(read(YAML, 'plant.yaml')).toEqual([`6 ${devices[0]}`, `7 ${devices[1]}`])
    const json =
      '{"devices":[{"name":"plc-1","profile":"fast","tags":["a","b"],"site":"hall-3","targets":["linux"]},\n{"name":"plc-2","idle":"5s"}]}'
    expect(read(json, 'plant.json')).toEqual([`1 ${devices[0]}`, `2 ${devices[1]}`])
  })

  it('is told from a table by its first line if it has no file name', () => {
    expect(read(YAML, '<stdin>')).toHaveLength(2)
    expect(read('name,idle\na,5s\n', '<stdin>')).toEqual(['2 a - [] {"idle":"5s"}'])
  })

  it.each([
    ['no devices', 'name: a\n', ['1 fleet/no-devices']],
    ['a list that is empty', 'devices: []\n', ['1 fleet/no-devices']],
    ['a key that there is not', 'device: 1\ndevices: [{ name: a }]\n', ['1 fleet/unknown-key', '2 a - [] {}']],
    ['a device without a name', 'devices:\n  - { idle: 5s }\n  - b\n', ['2 fleet/wrong-type', '3 fleet/wrong-type']],
    ['a profile that is no text', 'devices: [{ name: a, profile: [b] }]\n', ['1 fleet/wrong-type']],
    ['tags that are no words', 'devices: [{ name: a, tags: [1] }]\n', ['1 fleet/wrong-type']],
    ['profiles that are no group', 'profiles: []\ndevices: [{ name: a }]\n', ['1 fleet/wrong-type', '2 a - [] {}']],
    [
      'a name that no profile may have',
      'name: Plant\ndevices: [{ name: a }]\n',
      ['undefined profile/bad-name', '2 a - [] {}'],
    ],
    ['what is no YAML', 'devices: [\n', ['2 document/syntax']],
  ])('with %s says so', (_, text, wanted) => {
    expect(read(text, 'plant.yaml')).toEqual(wanted)
  })
})

describe('A fleet in YAML with thousands of problems', () => {
  it.each([
    ['anchors', (index: number) => `  - &a${index} { name: plc-${index} }\n`, 'document/alias'],
    ['tags', (index: number) => `  - !a { name: plc-${index} }\n`, 'document/tag'],
    ['devices without a name', () => '  - { profile: line }\n', 'fleet/wrong-type'],
    ['bad names', () => '  - { name: a/b }\n', 'fleet/bad-name'],
    ['unknown keys', (index: number) => `k${index}: 1\n`, 'fleet/unknown-key'],
  ])('gets a hundred messages of each kind, and the number of the others: %s', (_what, line, code) => {
    const text = `devices:\n  - { name: plc }\n${Array.from({ length: 3_000 }, (_, index) => line(index)).join('')}`
    const { diagnostics } = readFleet(TARGETS, Buffer.from(text), 'plant.yaml')
    expect(diagnostics.filter((one) => one.code === code)).toHaveLength(100)
    expect(diagnostics.at(-1)).toMatchObject({ code: 'file/more-alike', data: { code, more: 2_900 } })
    expect(diagnostics).toHaveLength(101)
  })
})
