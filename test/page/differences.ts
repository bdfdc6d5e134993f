import type { PageDifference, PageGroup } from '../../src/review/page/page.ts'

const names = (count: number, line: string) =>
  Array.from({ length: count }, (_, index) => `${line}-${String(index + 1).padStart(String(count).length, '0')}`)

/** The times of Windows change to those of a profile. */
export const WINDOWS: PageGroup = {
  devices: ['packaging-line-4'],
  target: 'windows',
  systems: 'Windows Vista and later: Embedded Standard 7, 7, 8, 10/11 IoT, Server',
  changes: [
    {
      key: 'KeepAliveTime',
      summary: 'quiet time before the first probe',
      before: 'not set (default 2 h)',
      after: '20 000 ms (20 s, 0x4e20)',
    },
    {
      key: 'KeepAliveInterval',
      summary: 'time between unanswered probes',
      before: 'not set (default 1 s)',
      after: '5 000 ms (5 s, 0x1388)',
    },
  ],
  consequences: [
    'A dead peer is noticed after 70 s instead of 2 h 10 s.',
    'The settings take effect when the machine restarts.',
    'Existing connections keep the old times.',
  ],
  timeline: {
    before: { idle: 7_200_000, interval: 1_000, probes: 10 },
    after: { idle: 20_000, interval: 5_000, probes: 10 },
  },
  files: [
    { path: 'windows/keepalive.reg', how: '2 values' },
    { path: 'windows/install.ps1', how: 'the same effects, other values' },
  ],
}

/** Many devices, with times of similar size. */
export const LINUX: PageGroup = {
  devices: names(1_200, 'press-hall'),
  target: 'linux',
  systems: 'Beckhoff RT Linux, Debian, any Linux',
  changes: [
    {
      key: 'net.ipv4.tcp_keepalive_time',
      summary: 'quiet time before the first probe',
      before: '300 s (5 min)',
      after: '240 s (4 min)',
    },
    { key: 'net.ipv4.tcp_keepalive_intvl', summary: 'time between unanswered probes', before: '10 s', after: '15 s' },
    { key: 'net.ipv4.tcp_keepalive_probes', summary: 'unanswered probes before the drop', before: '9', after: '5' },
  ],
  consequences: [
    'A dead peer is noticed after 5 min 15 s instead of 6 min 30 s.',
    'Existing connections keep the old times.',
  ],
  timeline: {
    before: { idle: 300_000, interval: 10_000, probes: 9 },
    after: { idle: 240_000, interval: 15_000, probes: 5 },
  },
  files: [{ path: 'linux/60-keepalive.conf', how: '3 values' }],
}

/** The number of probes is not known. */
export const CE: PageGroup = {
  devices: ['panel-1', 'panel-2', 'panel-3'],
  target: 'windows-ce',
  systems: 'Windows CE, Windows Embedded Compact',
  changes: [
    {
      key: 'KeepAliveTime',
      summary: 'quiet time before the first probe',
      before: '30 000 ms (30 s, 0x7530)',
      after: '20 000 ms (20 s, 0x4e20)',
    },
  ],
  consequences: ['The detection time is not known: the number of probes is not known.'],
  timeline: { before: { idle: 30_000, interval: 5_000 }, after: { idle: 20_000, interval: 5_000 } },
  files: [],
}

/** Present on one side only, with more probes than a drawing can show. */
export const TCBSD: PageGroup = {
  devices: names(12, 'gateway'),
  target: 'tcbsd',
  systems: 'TC/BSD, FreeBSD',
  changes: [
    {
      key: 'net.inet.tcp.keepcnt',
      summary: 'unanswered probes before the drop',
      before: 'no such profile',
      after: '255',
    },
  ],
  consequences: ['New: a dead peer is noticed after 5 min 55 s.'],
  timeline: { after: { idle: 100_000, interval: 1_000, probes: 255 } },
  files: [{ path: 'tcbsd/keepalive.sysctl.conf', how: 'new' }],
}

export const DIFFERENCE: PageDifference = {
  before: 'main:profiles',
  after: 'profiles/',
  groups: [WINDOWS, LINUX, CE, TCBSD],
  unchanged: 1_204,
}

/** The worst case: as many groups as devices, no two alike. */
export function everyDeviceItsOwnGroup(count: number): PageDifference {
  const groups = names(count, 'device').map((device, index): PageGroup => ({
    ...WINDOWS,
    devices: [device],
    changes: WINDOWS.changes.map((change) => ({ ...change, before: `${index + 1_000} ms` })),
    timeline: {
      before: { idle: 1_000 + index, interval: 1_000, probes: 10 },
      after: { idle: 20_000, interval: 5_000, probes: 10 },
    },
  }))
  return { before: 'lock of yesterday', after: 'lock of today', groups, unchanged: 0 }
}
