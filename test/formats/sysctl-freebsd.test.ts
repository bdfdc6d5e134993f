import { describe, expect, it } from 'vitest'
import { isFreebsdConf, readFreebsdConf } from '../../src/formats/sysctl/freebsd.ts'
import { freebsdTrees } from '../../src/formats/sysctl/tree.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { found, places, stated, told } from './sysctl-read.ts'

const read = (text: string | Uint8Array) => found(readFreebsdConf, text)
const idle = 'net.inet.tcp.keepidle'

describe('A sysctl.conf of FreeBSD', () => {
  it('gives the values of profile P1', () => {
    const text = ['keepidle=60000', 'keepintvl=10000', 'keepcnt=5', 'keepinit=30000', 'always_keepalive=1'].map(
      (line) => `net.inet.tcp.${line}\n`,
    )
    expect(read(text.join(''))).toEqual([
      'net.inet.tcp.keepidle 60000',
      'net.inet.tcp.keepintvl 10000',
      'net.inet.tcp.keepcnt 5',
      'net.inet.tcp.keepinit 30000',
      'net.inet.tcp.always_keepalive 1',
    ])
  })

  it.each([
    ['an equals sign', `${idle}=60000`],
    ['blanks around it', `${idle} = 60000`],
    ['a colon', `${idle}: 60000`],
    ['double quotes', `${idle}="60000"`],
    ['single quotes', `${idle}='60000'`],
    ['blanks at both ends', ` \t${idle}=60000 \t`],
    ['a carriage return at the end', `${idle}=60000\r\n`],
    ['a comment behind', `${idle}=60000 # c`],
    ['a comment without a blank', `${idle}=60000# don't`],
    ['comment lines and empty lines', `# ${idle}=1\n\n   \n${idle}=60000`],
  ])('takes %s', (_, text) => {
    expect(read(text)).toEqual([`${idle} 60000`])
  })

  it.each<[text: string, wanted: readonly string[]]>([
    ['060000', ['sysctl/octal', '24576']],
    ['07', ['7']],
    ['0x10', ['16']],
    ['-0x10', ['sysctl/out-of-range']],
    ['60_000', ['sysctl/not-an-integer']],
    ['60000ms', ['sysctl/not-an-integer']],
    ['1e4', ['sysctl/not-an-integer']],
    ['60000;', ['sysctl/not-an-integer']],
    ['60,000', ['sysctl/several-numbers']],
    ['60 000', ['sysctl/several-numbers']],
    ['4294967297', ['sysctl/wraps-around', '1']],
    ['2147483647', ['2147483647']],
    ['2147483648', ['sysctl/wraps-around']],
    ['9223372036854775808', ['sysctl/out-of-range']],
    ['9'.repeat(5_000), ['sysctl/long-line', 'sysctl/out-of-range']],
    ['', ['sysctl/empty-value']],
    ['""', ['sysctl/empty-value']],
    ['0', ['sysctl/out-of-range']],
    ['-1', ['sysctl/out-of-range']],
    ['"60000 # c"', ['sysctl/several-numbers']],
    ['60000\\# c', ['sysctl/several-numbers']],
  ])('gives the idle time as the kernel gets it: %s', (text, wanted) => {
    expect(read(`${idle}=${text}`)).toEqual(wanted.map((one) => (one.startsWith('sysctl/') ? one : `${idle} ${one}`)))
  })

  it('keeps any number of probes, since the kernel does not check it', () => {
    expect(read('net.inet.tcp.keepcnt=0\nnet.inet.tcp.keepcnt=-1')).toEqual([
      'net.inet.tcp.keepcnt 0',
      'net.inet.tcp.keepcnt -1',
    ])
  })

  it.each<[what: string, text: string, wanted: string]>([
    ['a name alone, which only prints', idle, 'error 1:1 sysctl/only-prints'],
    ['a semicolon, which begins no comment', `;${idle}=1`, 'error 1:1 sysctl/bad-name'],
    ['a minus, which is part of the name', `-${idle}=1`, 'error 1:1 sysctl/bad-name'],
    ['a blank, which does not separate', `${idle} 60000`, 'error 1:1 sysctl/bad-name'],
    ['no name', '=1', 'warning 1:1 sysctl/no-name'],
    ['a byte order mark, which breaks the first line', `\ufeff${idle}=1`, 'error 1:1 sysctl/byte-order-mark'],
    [
      'a byte order mark before a comment, which is harmless',
      `\ufeff# ${idle}=1`,
      'warning 1:1 sysctl/byte-order-mark',
    ],
    ['a setting of Linux', 'net.ipv4.tcp_keepalive_time=60', 'error 1:1 sysctl/of-another-system'],
    ['a value that is no number', `\n ${idle} = 60s`, `error 2:${idle.length + 5} sysctl/not-an-integer`],
  ])('reports, with its place: %s', (_, text, wanted) => {
    expect(places(readFreebsdConf, text)).toEqual([wanted])
  })

  it('warns of an octal number and of one that wraps, with the resulting value', () => {
    const messages = told(readFreebsdConf, `${idle}=060000\n${idle}=4294967297`).map(({ message }) => message)
    expect(messages).toEqual([
      'FreeBSD reads "060000" as octal, which is 24576; write 24576, or 60000 if that is meant',
      'FreeBSD keeps the last 32 bits of "4294967297", which are 1; write at most 2147483647',
    ])
  })

  it('finds nothing in UTF-16, and says so once', () => {
    expect(read(Buffer.from(`\ufeff${idle}=60000\n`, 'utf16le'))).toEqual(['sysctl/utf-16'])
  })

  it('keeps other values as text, without quotes, as written', () => {
    const text = 'kern.corefile="/var/%N.core" # c\ndev.cpu.0.%desc=x\nhw.acpi=060'
    expect(stated(readFreebsdConf, text).map(({ name, value, written }) => [name, value, written])).toEqual([
      ['kern.corefile', { kind: 'other', type: 'text', text: '/var/%N.core' }, '"/var/%N.core"'],
      ['dev.cpu.0.%desc', { kind: 'other', type: 'text', text: 'x' }, 'x'],
      ['hw.acpi', { kind: 'other', type: 'text', text: '060' }, '060'],
    ])
  })

  it('gives each statement the place of its value and its line', () => {
    const [statement] = stated(readFreebsdConf, `# c\n  ${idle} = "60000"`)
    expect(statement).toEqual({
      store: 'freebsd',
      key: '',
      name: idle,
      value: { kind: 'number', number: 60_000 },
      written: '"60000"',
      location: { file: 'f', line: 2, column: 27, source: `  ${idle} = "60000"` },
    })
  })

  it.each([
    [true, '# comment\nkern.maxfiles=1\n'],
    [true, `${idle}=1`],
    [false, 'net.ipv4.tcp_keepalive_time = 60\n'],
    [false, '[HKEY_LOCAL_MACHINE\\x]\n"a"=dword:1'],
    [false, 'name: p1\nidle: 20s\n'],
    [false, ''],
  ])('is recognized: %s for %j', (wanted, text) => {
    expect(isFreebsdConf(text)).toBe(wanted)
  })
})

describe('A tree of FreeBSD', () => {
  it('lets sysctl.conf.local decide, separately for each root', () => {
    const files = new Map(
      Object.entries({
        'a/etc/sysctl.conf.local': `${idle}=2`,
        'a/etc/sysctl.conf': `${idle}=1\nnet.inet.tcp.keepcnt=5\nnet.inet.tcp.keepcnt=x`,
        'a/etc/sysctl.conf.bak': `${idle}=9`,
        '/etc/sysctl.conf': `${idle}=3`,
      }).map(([path, text]) => [path, Buffer.from(text)] as const),
    )
    const trees = freebsdTrees(files, TARGETS).map(({ root, files: order, effective, diagnostics }) => ({
      root,
      read: order,
      effective: [...effective.values()].map(({ name, statement, overridden }) => [
        name,
        statement?.written,
        ...overridden.map(({ written }) => written),
      ]),
      diagnostics: diagnostics.map(({ code }) => code),
    }))
    expect(trees).toEqual([
      { root: '/', read: ['/etc/sysctl.conf'], effective: [[idle, '3']], diagnostics: [] },
      {
        root: 'a/',
        read: ['a/etc/sysctl.conf', 'a/etc/sysctl.conf.local'],
        effective: [
          [idle, '2', '1'],
          ['net.inet.tcp.keepcnt', '5'],
        ],
        diagnostics: ['sysctl/not-an-integer'],
      },
    ])
  })
})
