import { LINUX_STACK } from './stack.ts'
import { slack } from './timers.ts'
import type { Source } from '../../core/sourced.ts'
import type { DurationSetting, Field, Rule, Target } from '../../core/target.ts'
import { checking, installing, sharing, uninstalling } from './permissions.ts'

const IP_SYSCTL: Source = {
  title: 'Linux: ip-sysctl',
  url: 'https://docs.kernel.org/networking/ip-sysctl.html',
}
const TCP_H: Source = {
  title: 'Linux: MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL and MAX_TCP_KEEPCNT in tcp.h',
  url: 'https://github.com/torvalds/linux/blob/master/include/net/tcp.h',
}
const SYSCTL_IPV4: Source = {
  title: 'Linux: sysctl_net_ipv4.c',
  url: 'https://github.com/torvalds/linux/blob/master/net/ipv4/sysctl_net_ipv4.c',
}

const TCP7: Source = { title: 'Linux: tcp(7)', url: 'https://man7.org/linux/man-pages/man7/tcp.7.html' }
const TIMER_WHEEL: Source = {
  title: 'Linux: the timer wheel and its granularity, kernel/time/timer.c',
  url: 'https://github.com/torvalds/linux/blob/master/kernel/time/timer.c',
}

/** The most that setsockopt takes; a sysctl may be larger, but then no program can ask for the same by itself. */
const SOCKET_LIMIT = { seconds: 32_767, probes: 127 }

/** The kernel multiplies by its clock rate in an int: a 1000 Hz kernel takes at most 2147483 s. */
const SECONDS = {
  kind: 'duration',
  unit: 's',
  range: { min: 1, max: 2_147_483 },
  step: { size: 1, why: 'the kernel reads whole seconds' },
} as const

const seconds = (key: string, summary: string, defaultTime: number, zero: string): DurationSetting => ({
  ...SECONDS,
  key: `net.ipv4.tcp_keepalive_${key}`,
  summary,
  default: defaultTime,
  zero,
  sources: [IP_SYSCTL, SYSCTL_IPV4],
})

const ABOVE_SOCKET_LIMIT: Rule = {
  name: 'above-socket-limit',
  severity: 'warning',
  sources: [TCP_H],
  check: ({ idle, interval, probes = 0 }) => {
    const limit = SOCKET_LIMIT.seconds * 1_000
    const times = { idle, interval }
    const fields = (['idle', 'interval'] as const).filter((field) => times[field] > limit)
    const finding = (field: Field, most: number, unit: string) => ({
      field,
      message: `${field} is more than a program may set on its own socket (${most} ${unit})`,
      data: { most, unit },
    })
    return [
      ...fields.map((field) => finding(field, SOCKET_LIMIT.seconds, 's')),
      ...(probes > SOCKET_LIMIT.probes ? [finding('probes', SOCKET_LIMIT.probes, 'probes')] : []),
    ]
  },
}

/** Beckhoff RT Linux, Debian and any other Linux. */
export const linux: Target = {
  id: 'linux',
  aliases: [],
  alsoCalled: [
    'linux* gnulinux* rtlinux* realtimelinux* preemptrt* beckhofflinux* beckhoffrtlinux*',
    'debian* ubuntu* raspbian* raspberry* raspberrypi* arch archlinux* alpine*',
    'rhel* redhat* centos* fedora* rocky* almalinux* oraclelinux* amazonlinux*',
    'suse* opensuse* sles* yocto* buildroot* busybox* openwrt*',
  ].flatMap((words) => words.split(' ')),
  family: 'Linux',
  systems: 'Beckhoff RT Linux, Debian, any Linux',
  settings: {
    idle: seconds('time', 'quiet time before the first probe', 7_200, 'would probe without a pause'),
    interval: seconds('intvl', 'time between unanswered probes', 75, 'would leave a peer no time to answer'),
    probes: {
      kind: 'count',
      key: 'net.ipv4.tcp_keepalive_probes',
      summary: 'unanswered probes before the connection is dropped',
      range: { min: 1, max: 255 },
      default: 9,
      zero: 'would drop a healthy connection without sending a single probe',
      sources: [IP_SYSCTL, SYSCTL_IPV4],
    },
    init: {
      kind: 'unsupported',
      instead: 'the time to establish a connection follows from tcp_syn_retries, which is a count',
      sources: [IP_SYSCTL],
    },
    always: {
      kind: 'unsupported',
      instead: 'only sockets whose program sets SO_KEEPALIVE are probed',
      fixed: false,
      sources: [IP_SYSCTL],
    },
  },
  outputs: [
    { path: '60-keepalive.conf', language: 'sysctl' },
    { path: 'install.sh', language: 'sh', permissions: installing },
    { path: 'uninstall.sh', language: 'sh', permissions: uninstalling },
    { path: 'check.sh', language: 'sh', permissions: checking },
    { path: 'shared.sh', language: 'sh', permissions: sharing },
    { path: 'overlay/etc/sysctl.d/60-keepalive.conf', language: 'sysctl', template: 'linux/60-keepalive.conf' },
    { path: 'containers/compose.yaml', language: 'yaml' },
    { path: 'containers/kubernetes.yaml', language: 'yaml' },
  ],
  steps: { install: 'type sudo sh install.sh', check: 'type sh check.sh' },
  store: { kind: 'linux', words: ['keep'] },
  options: {},
  places: () => ({ file: '/etc/sysctl.d/60-keepalive.conf', state: '/var/lib/keepalive-kit' }),
  activation: {
    text: 'The settings take effect at once for new connections; existing connections keep their old timer.',
    sources: [TCP_H],
  },
  limitations: [
    { text: 'Sockets without SO_KEEPALIVE are not probed.', sources: [IP_SYSCTL] },
    {
      text: 'TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT override these settings for the socket that sets them.',
      sources: [TCP7],
    },
    { text: 'Containers and other network namespaces have their own values.', sources: [SYSCTL_IPV4] },
  ],
  stack: LINUX_STACK,
  timers: {
    late: slack,
    why: 'the timers of the kernel may be late by up to an eighth',
    sources: [TIMER_WHEEL],
  },
  rules: [ABOVE_SOCKET_LIMIT],
}
