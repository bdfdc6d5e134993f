import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isStatement, type CaptureReader } from '../../src/core/capture.ts'
import { isFreebsdConf, readFreebsdConf } from '../../src/formats/sysctl/freebsd.ts'
import { isLinuxConf, readLinuxConf } from '../../src/formats/sysctl/linux/linux.ts'
import { isSysctlOutput, readSysctlOutput } from '../../src/formats/sysctl/output.ts'
import { freebsdTrees, linuxTrees } from '../../src/formats/sysctl/tree.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { timesOf } from '../support/depth.ts'

const numRuns = Number(process.env['FUZZ_RUNS'] ?? timesOf(5_000, 1_000))

const part = fc.constantFrom(
  'net.ipv4.tcp_keepalive_time',
  'net/ipv4/tcp_keepalive_',
  'net.inet.tcp.keepidle',
  'net.ipv4.tcp_keepalive_*',
  'kern.ostype',
  'sysctl: ',
  ' -> ',
  '[:alpha:]',
  '99999999999999999999999',
  '0x',
  '010',
  '60',
  '\r\n',
  '💥',
  ...'*?[]=:\n\r\0#;-"\'\\ \t\u000b\ufeff./0ä\ud800'.split(''),
)
const file = fc.oneof(
  fc.array(part, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''))),
  fc.array(part, { maxLength: 20 }).map((parts) => Buffer.from(parts.join(''), 'utf16le')),
  fc.uint8Array({ maxLength: 200 }),
)

describe.each<[string, CaptureReader, (text: string) => boolean]>([
  ['sysctl.conf of FreeBSD', readFreebsdConf, isFreebsdConf],
  ['sysctl.d', readLinuxConf, isLinuxConf],
  ['output of sysctl', readSysctlOutput, isSysctlOutput],
])('any bytes, read as %s,', (_, reader, detector) => {
  it('cause no exception, and every finding has its place', () => {
    fc.assert(
      fc.property(file, (bytes) => {
        const text = Buffer.from(bytes).toString('utf8')
        expect(typeof detector(text)).toBe('boolean')
        for (const found of reader(bytes, 'f', TARGETS)) {
          const { line, column, source } = found.location ?? {}
          expect(found.location?.file).toBe('f')
          if (line === undefined) continue
          expect(line).toBeGreaterThan(0)
          expect(column).toBeGreaterThan(0)
          expect(column).toBeLessThanOrEqual((source?.length ?? 0) + 1)
          if (isStatement(found)) expect(source?.slice((column ?? 0) - 1)).toContain(found.written)
          else expect(found.message).not.toMatch(/undefined|NaN/)
        }
      }),
      { numRuns },
    )
  })

  it.each([
    ['one long line', (size: number) => 'net.ipv4.tcp_keepalive_time = '.padEnd(size, '1')],
    ['blanks', (size: number) => `a =${' '.repeat(size)}x`],
    ['brackets', (size: number) => `${'['.repeat(size)} = 1`],
    ['stars', (size: number) => `net.ipv4.${'*'.repeat(size)}x = 1`],
    ['separators', (size: number) => `${'./'.repeat(size / 2)} = 1`],
    ['quotes', (size: number) => `net.inet.tcp.keepidle="${'#"'.repeat(size / 2)}`],
    ['carriage returns', (size: number) => '\r'.repeat(size)],
    ['empty lines', (size: number) => '\n'.repeat(size)],
    ['lines with one name', (size: number) => 'net.ipv4.tcp_keepalive_time=1\n'.repeat(size / 30)],
    ['lines with many names', (size: number) => Array.from({ length: size / 12 }, (_n, i) => `a.${i}=1`).join('\n')],
    ['patterns', (size: number) => 'net.ipv4.*_*_time=1\n'.repeat(size / 20)],
  ])('are read in proportional time: %s', (_what, make) => {
    const timed = (size: number): number => {
      const bytes = Buffer.from(make(size))
      const start = performance.now()
      for (const found of reader(bytes, 'f', TARGETS)) if (found.location === undefined) break
      return performance.now() - start
    }
    timed(20_000)
    // 25 times the size; a quadratic reader would need 625 times the time.
    expect(timed(500_000)).toBeLessThan(Math.max(3_000, 150 * timed(20_000)))
  })
})

describe('Any tree', () => {
  const path = fc
    .array(
      fc.constantFrom(
        'etc',
        'run',
        'usr',
        'local',
        'lib',
        'sysctl.d',
        'sysctl.conf',
        'sysctl.conf.local',
        '1.conf',
        '..',
        '',
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join('/'))

  it.each([
    ['machines of Linux', (at: number) => [`${at}/etc/sysctl.conf`, 'net.ipv4.tcp_keepalive_time = 60\n']],
    ['machines of FreeBSD', (at: number) => [`${at}/etc/sysctl.conf`, 'net.inet.tcp.keepidle=60000\n']],
    ['files of a machine', (at: number) => [`etc/sysctl.d/${at}.conf`, 'net.ipv4.tcp_keepalive_time = 60\n']],
    ['files that are masked', (at: number) => [`${at % 2 ? 'etc' : 'run'}/sysctl.d/${at >> 1}.conf`, 'vm.x = 1\n']],
  ] as const)('is read in proportional time: %s', (_what, make) => {
    const timed = (size: number): number => {
      const tree = new Map(
        Array.from({ length: size }, (_, index) => make(index)).map(([at = '', text = '']) => [at, Buffer.from(text)]),
      )
      const start = performance.now()
      for (const { effective } of freebsdTrees(tree, TARGETS)) if (effective.size === 0) break
      for (const { systemd } of linuxTrees(tree, TARGETS)) if (systemd.files.length === 0) break
      return performance.now() - start
    }
    timed(200)
    // 25 times the size, as above.
    expect(timed(5_000)).toBeLessThan(Math.max(3_000, 150 * timed(200)))
  })

  it('causes no exception', () => {
    fc.assert(
      fc.property(fc.dictionary(path, file, { maxKeys: 5 }), (files) => {
        const tree = new Map(Object.entries(files))
        for (const { effective } of [
          ...freebsdTrees(tree, TARGETS),
          ...linuxTrees(tree, TARGETS).flatMap((one) => [one.systemd, one.procps]),
        ])
          for (const [name, found] of effective) expect(found.name).toBe(name)
      }),
      { numRuns: numRuns / 5 },
    )
  })
})
