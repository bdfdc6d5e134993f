import { describe, expect, it } from 'vitest'
import { isLinuxConf, readLinuxConf } from '../../src/formats/sysctl/linux/linux.ts'
import { matchesName, readName } from '../../src/formats/sysctl/linux/name.ts'
import { found, places, stated, told } from './sysctl-read.ts'

const read = (text: string | Uint8Array) => found(readLinuxConf, text)
const time = 'net.ipv4.tcp_keepalive_time'
const intvl = 'net.ipv4.tcp_keepalive_intvl'
const probes = 'net.ipv4.tcp_keepalive_probes'
const all = 'net.ipv4.tcp_keepalive_*'

describe('A file of sysctl.d', () => {
  it('gives the values of profile P1', () => {
    expect(read(`# p1\n${time} = 60\n${intvl} = 10\n${probes} = 5\n`)).toEqual([
      `${time} 60`,
      `${intvl} 10`,
      `${probes} 5`,
    ])
  })

  it.each([
    ['tabs', `${time}\t=\t60\t`],
    ['no blanks', `${time}=60`],
    ['slashes', 'net/ipv4/tcp_keepalive_time = 60'],
    ['carriage returns', `${time} = 60\r\n`],
    ['comments of both kinds', `# ${time} = 1\n  ; ${time} = 2\n${time} = 60`],
    ['repeated and leading separators', `.net.ipv4..tcp_keepalive_time = 60`],
    ['hexadecimal', `${time} = 0x3c`],
  ])('takes %s', (_, text) => {
    expect(read(text)).toEqual([`${time} 60`])
  })

  it('takes a - before the name, and says that busybox does not', () => {
    expect(read(`-${time} = 60`)).toEqual([`${time} 60`, 'sysctl/not-for-busybox'])
    expect(read('-net.ipv4.conf.all.rp_filter = 2')).toEqual(['net.ipv4.conf.all.rp_filter 2'])
  })

  it.each<[name: string, value: string, wanted: readonly (string | number)[]]>([
    [time, '010', [8, 'sysctl/octal']],
    [time, '08', ['sysctl/not-an-integer']],
    [time, '-1', [-1]],
    [time, '0', [0]],
    [time, '+60', ['sysctl/not-an-integer']],
    [time, '1.5', ['sysctl/not-an-integer']],
    [time, '60s', ['sysctl/not-an-integer']],
    [time, '"60"', ['sysctl/not-an-integer']],
    [time, '', ['sysctl/empty-value']],
    [time, '60 70', [60, 'sysctl/rest-ignored']],
    [time, '60 # comment', [60, 'sysctl/rest-ignored']],
    [time, '60;', ['sysctl/not-an-integer']],
    [time, '2147483', [2_147_483]],
    [time, '2147484', [2_147_484, 'sysctl/depends-on-clock']],
    [time, '21474836', [21_474_836, 'sysctl/depends-on-clock']],
    [time, '21474837', ['sysctl/out-of-range']],
    [time, '4294967356', ['sysctl/out-of-range']],
    [time, '00000000000000000017', [15, 'sysctl/octal']],
    [time, '000000000000000000017', ['sysctl/out-of-range']],
    [probes, '0', [0]],
    [probes, '255', [255]],
    [probes, '256', ['sysctl/out-of-range']],
    [probes, '-1', ['sysctl/out-of-range']],
    [probes, '-0', ['sysctl/out-of-range']],
  ])('reads %s = %s as the kernel does', (name, value, wanted) => {
    expect(read(`${name} = ${value}`)).toEqual(wanted.map((one) => (typeof one === 'number' ? `${name} ${one}` : one)))
  })

  it.each<[what: string, text: string, wanted: readonly string[]]>([
    ['a name without a value', time, ['error 1:1 sysctl/not-an-assignment']],
    ['a colon', `\n ${time}: 60`, ['error 2:2 sysctl/not-an-assignment']],
    ['another line without an assignment', 'include x', ['warning 1:1 sysctl/not-an-assignment']],
    ['no name', '= 60', ['warning 1:1 sysctl/no-name']],
    ['a byte order mark', `\ufeff${time} = 60`, ['error 1:1 sysctl/byte-order-mark']],
    ['a byte order mark before a comment', `\ufeff# c\n`, ['warning 1:1 sysctl/byte-order-mark']],
    ['a setting of FreeBSD', 'net.inet.tcp.keepidle = 60000', ['error 1:1 sysctl/of-another-system']],
    ['a blank in the name', 'net.ipv4.tcp_keepalive time = 6', ['error 1:1 sysctl/bad-name']],
    ['a path', '/proc/sys/net/ipv4/tcp_keepalive_time = 60', ['error 1:1 sysctl/bad-name']],
    ['quotes', `${time} = "60"`, ['error 1:31 sysctl/not-an-integer']],
  ])('reports, with its place: %s', (_, text, wanted) => {
    expect(places(readLinuxConf, text)).toEqual(wanted)
    expect(stated(readLinuxConf, text)).toEqual([])
  })

  it('finds nothing in UTF-16, and says so once', () => {
    expect(read(Buffer.from(`\ufeff${time} = 60\n`, 'utf16le'))).toEqual(['sysctl/utf-16'])
  })

  it('states every line of a name, so that the last one counts', () => {
    expect(read(`${time} = 60\n${time} = 70`)).toEqual([`${time} 60`, `${time} 70`])
  })

  it.each<[what: string, text: string, procps: string, systemd: string]>([
    ['a last line that the kernel refuses', `${time} = 60\n${time} = x`, 'sets it to 60', 'does not set it'],
    ['an exclusion after the name', `${time} = 60\n-${time}`, 'sets it to 60', 'does not set it'],
    ['two dashes', `--${time} = 60`, `reads ${time} = 60`, `reads -${time} = 60`],
    ['a blank behind the dash', `- ${time} = 60`, `reads  ${time} = 60`, `reads ${time} = 60`],
    ['a carriage return within', `# c\r${time} = 60`, 'skips it', `reads ${time} = 60`],
    ['a separator at the end', `${time}. = 60`, 'skips it', 'takes it'],
    ['an odd blank', `${time} = 60\u000b`, `reads ${time} = 60`, `reads ${time} = 60\\u000b`],
  ])('states nothing if procps and systemd differ, and reports what each does: %s', (_, text, procps, systemd) => {
    const messages = told(readLinuxConf, text).filter(({ code }) => code === 'sysctl/tools-differ')
    expect(messages.map(({ message }) => message)).toEqual([
      expect.stringContaining(`: sysctl of procps ${procps}, systemd-sysctl ${systemd};`),
    ])
    expect(stated(readLinuxConf, text)).toEqual([])
  })

  it.each<[what: string, text: string, wanted: readonly string[]]>([
    [
      'every setting that it matches',
      `${all} = 60`,
      [`${time} 60`, `${intvl} 60`, `${probes} 60`, 'sysctl/not-for-busybox'],
    ],
    [
      'settings that are not excluded',
      `-${time}\n${all} = 60`,
      [`${intvl} 60`, `${probes} 60`, 'sysctl/not-for-busybox'],
    ],
    [
      'no setting that a line names in full',
      `${all} = 60\n${time} = 50`,
      [`${intvl} 60`, `${probes} 60`, 'sysctl/not-for-busybox', `${time} 50`],
    ],
    [
      'no setting that an earlier line names in full',
      `${time} = 50\n${all} = 60`,
      [`${time} 50`, `${intvl} 60`, `${probes} 60`, 'sysctl/pattern-yields', 'sysctl/not-for-busybox'],
    ],
    [
      'only values that the kernel takes',
      `${all} = 5000`,
      [`${time} 5000`, `${intvl} 5000`, 'sysctl/out-of-range', 'sysctl/not-for-busybox'],
    ],
    ['no other setting of the machine', 'net.ipv4.conf.*.rp_filter = 2', []],
  ])('lets a pattern set %s', (_, text, wanted) => {
    expect(read(text)).toEqual(wanted)
  })

  it('keeps the text of other names, with dots and with slashes for dots', () => {
    expect(read('kernel.core_pattern = |/bin/x %p\nnet/ipv4/conf/eth0.100/forwarding = 1')).toEqual([
      'kernel.core_pattern |/bin/x %p',
      'net.ipv4.conf.eth0/100.forwarding 1',
    ])
  })

  it.each([
    [true, `${time} = 60\n`],
    [true, '# c\n-net.ipv4.conf.all.rp_filter\nkernel.sysrq=1\n'],
    [false, 'net.inet.tcp.keepidle=60000\n'],
    [false, 'name: p1\nidle: 20s\n'],
    [false, '#!/bin/sh\nsysctl -w net.ipv4.tcp_keepalive_time=60\n'],
    [false, ''],
  ])('is recognized: %s for %j', (wanted, text) => {
    expect(isLinuxConf(text)).toBe(wanted)
  })
})

describe('A name of sysctl.d', () => {
  it.each([
    ['net.ipv4.conf.eth0/100.forwarding', 'net.ipv4.conf.eth0/100.forwarding'],
    ['net/ipv4/conf/eth0.100/forwarding', 'net.ipv4.conf.eth0/100.forwarding'],
    ['net.ipv4/tcp', 'net.ipv4/tcp'],
    ['net/ipv4.tcp', 'net.ipv4/tcp'],
    ['/net//ipv4/', 'net.ipv4'],
    ['kernel', 'kernel'],
  ])('%s becomes %s with dots', (written, name) => {
    expect(readName(written).name).toBe(name)
  })

  it.each<[pattern: string, name: string, matches: boolean]>([
    ['a.*', 'a.bc', true],
    ['a.*', 'a.b.c', false],
    ['*.b', 'a.b', true],
    ['a.?', 'a.b', true],
    ['a.?', 'a.', false],
    ['a.*c*e', 'a.bcdcfe', true],
    ['a.*c', 'a.bcd', false],
    ['a.[x-z]', 'a.y', true],
    ['a.[!x-z]', 'a.y', false],
    ['a.[]x]', 'a.]', true],
    ['a.[[:digit:]]', 'a.5', true],
    ['a.[x', 'a.[x', true],
    ['a.\\*', 'a.*', true],
    ['a.\\*', 'a.b', false],
  ])('%s as a pattern for %s: %s', (pattern, name, matches) => {
    expect(matchesName(pattern, name)).toBe(matches)
  })
})
