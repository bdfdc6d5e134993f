import { describe, expect, it } from 'vitest'
import { isStatement } from '../../src/core/capture.ts'
import { isSysctlOutput, readSysctlOutput } from '../../src/formats/sysctl/output.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { inOwnNetwork, missingNamespaces } from '../support/netns.ts'
import { describeWithOracle, missingPrograms } from '../support/oracle.ts'
import { found, places, stated } from './sysctl-read.ts'

const read = (text: string | Uint8Array) => found(readSysctlOutput, text)
const idle = 'net.inet.tcp.keepidle'
const time = 'net.ipv4.tcp_keepalive_time'

describe('output of sysctl', () => {
  it.each<[what: string, text: string, wanted: readonly string[]]>([
    ['on FreeBSD', `${idle}: 7200000\nnet.inet.tcp.keepcnt: 8\n`, [`${idle} 7200000`, 'net.inet.tcp.keepcnt 8']],
    ['on FreeBSD with -e', `${idle}=7200000\n`, [`${idle} 7200000`]],
    ['on FreeBSD when it set a value', `${idle}: 7200000 -> 60000\n`, [`${idle} 60000`]],
    [
      'on Linux',
      `${time} = 7200\nnet.ipv4.tcp_keepalive_probes = 9\n`,
      [`${time} 7200`, 'net.ipv4.tcp_keepalive_probes 9'],
    ],
    ['in a terminal', `$ sysctl ${idle}\r\n${idle}: 60000\r\n$ \r\n`, [`${idle} 60000`]],
    ['indented in a ticket', `    ${time} = 60\n`, [`${time} 60`]],
    ['with negative numbers', `${time} = -1\n`, [`${time} -1`]],
    [
      'over several lines',
      `kern.geom.conftxt: 0 DISK ada0\n1 PART a = b\n  x: y\n${idle}: 5000\n`,
      ['kern.geom.conftxt 0 DISK ada0', `${idle} 5000`],
    ],
  ])('is read: %s', (_, text, wanted) => {
    expect(read(text)).toEqual(wanted)
  })

  it('has the store of its names', () => {
    const stores = (text: string) => stated(readSysctlOutput, text).map(({ store }) => store)
    expect(stores(`kern.ostype: FreeBSD\ndebug.x: 1\n${idle}: 1`)).toEqual(['freebsd', 'freebsd', 'freebsd'])
    expect(stores(`abi.vsyscall32 = 1\ndebug.x = 1\n${time} = 1`)).toEqual(['linux', 'linux', 'linux'])
  })

  it('may be UTF-16, as saved by a shell of Windows', () => {
    expect(read(Buffer.from(`\ufeff${time} = 60\r\n`, 'utf16le'))).toEqual([`${time} 60`])
  })

  it.each<[what: string, text: string, wanted: readonly string[]]>([
    [
      'descriptions of -d, once',
      `${idle}: time before keepalive probes begin\nnet.inet.tcp.keepintvl: time between keepalive probes`,
      ['error 1:24 sysctl/descriptions'],
    ],
    ['values of -n', '7200000\n75000\n8\n', ['error 1:1 sysctl/no-names']],
    ['no number', `${idle}: -`, ['error 1:24 sysctl/unreadable-value']],
    ['no permission', `sysctl: permission denied on key '${time}'`, ['warning 1:1 sysctl/not-shown']],
    ['no such setting', `sysctl: unknown oid 'net.inet.tcp.keepcnt'`, ['warning 1:1 sysctl/not-shown']],
    [
      'no such file',
      'sysctl: cannot stat /proc/sys/net/ipv4/tcp_keepalive_time: No such file or directory',
      ['warning 1:1 sysctl/not-shown'],
    ],
    ['another system', `kern.ostype=OpenBSD\n${idle}=7200\n`, ['error undefined:undefined sysctl/foreign-output']],
    ['other messages', `sysctl: permission denied on key 'net.ipv4.tcp_fastopen_key'\n${time} = 60`, []],
  ])('is reported if a value is missing: %s', (_, text, wanted) => {
    expect(places(readSysctlOutput, text)).toEqual(wanted)
  })

  it.each([
    [true, `kern.ostype: FreeBSD\n${idle}: 1\n`],
    [true, `sysctl: permission denied on key 'x'\n${time} = 60\n`],
    [false, `# comment\n${time} = 60\n`],
    [false, 'name: p1\nidle: 20s\n'],
    [false, 'a.b: c\n'],
    [false, ''],
  ])('is recognized: %s for %j', (wanted, text) => {
    expect(isSysctlOutput(text)).toBe(wanted)
  })
})

describeWithOracle('output of sysctl on this kernel', missingPrograms('sysctl') ?? missingNamespaces(), () => {
  it.each([
    'sysctl -a',
    'sysctl net.ipv4',
    'sysctl -e net.ipv4.tcp_keepalive_time net.ipv4.tcp_keepalive_intvl',
    'busybox sysctl -a',
  ])('is read with the values of the kernel: %s', (command) => {
    const set = ['time 61', 'intvl 11', 'probes 6'].map(
      (one) => `echo ${one.split(' ')[1]} >/proc/sys/net/ipv4/tcp_keepalive_${one.split(' ')[0]}`,
    )
    const { stdout } = inOwnNetwork([...set, `${command} 2>&1`].join('\n'))
    const statements = [...readSysctlOutput(Buffer.from(stdout), 'x', TARGETS)].filter(isStatement)
    const ours = statements.filter(({ name }) => name?.includes('tcp_keepalive'))
    const wanted = { time: 61, intvl: 11, probes: 6 }
    expect(ours.length).toBeGreaterThan(1)
    for (const { name, value, store } of ours)
      expect({ store, value }).toEqual({
        store: 'linux',
        value: { kind: 'number', number: wanted[name?.split('_').at(-1) as keyof typeof wanted] },
      })
    expect(isSysctlOutput(stdout)).toBe(true)
  })
})
