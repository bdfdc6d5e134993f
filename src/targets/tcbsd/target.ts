import { FREEBSD_STACK } from './stack.ts'
import type { Source } from '../../core/sourced.ts'
import type { DurationSetting, Rule, Target } from '../../core/target.ts'
import { checking, installing, sharing, uninstalling } from './permissions.ts'
import { BECKHOFF } from '../sources.ts'

const FREEBSD = 'https://github.com/freebsd/freebsd-src/blob/main'
const TCP4: Source = { title: 'FreeBSD: tcp(4)', url: 'https://man.freebsd.org/cgi/man.cgi?query=tcp&sektion=4' }
const TCP_TIMER: Source = { title: 'FreeBSD: tcp_timer.c', url: `${FREEBSD}/sys/netinet/tcp_timer.c` }
const KERN_SYSCTL: Source = {
  title: 'FreeBSD: sysctl_msec_to_ticks in kern_sysctl.c',
  url: `${FREEBSD}/sys/kern/kern_sysctl.c`,
}

const SUBR_PARAM: Source = {
  title: 'FreeBSD: the clock rate of virtual machines in subr_param.c',
  url: `${FREEBSD}/sys/kern/subr_param.c`,
}

const INT_MAX = 2_147_483_647

/**
 * The kernel keeps whole clock ticks and silently drops the rest. Virtual machines tick 100 times a second; multiples
 * of 10 ms are exact there and at 1000 Hz, and the largest of them ends the range. A machine with another kern.hz may
 * still round down: install.sh reads the value back.
 */
const TICKS_MS = {
  kind: 'duration',
  unit: 'ms',
  range: { min: 10, max: INT_MAX - (INT_MAX % 10) },
  step: { size: 10, why: 'the clock of a 100 Hz system' },
} as const

const ticks = (key: string, summary: string, defaultTime: number): DurationSetting => ({
  ...TICKS_MS,
  key: `net.inet.tcp.${key}`,
  summary,
  default: defaultTime,
  zero: 'refuses 0',
  sources: [TCP4, KERN_SYSCTL, SUBR_PARAM, BECKHOFF],
})

const DEFAULT_PROBES = 8

/** The kernel adds and multiplies ticks in an int: at 1000 Hz, the sum in ms must fit an int. */
const DETECTION_FITS: Rule = {
  name: 'detection-too-long',
  severity: 'error',
  sources: [TCP_TIMER],
  check: ({ idle, interval, probes = DEFAULT_PROBES }) => {
    const detection = idle + probes * interval
    if (detection <= INT_MAX) return []
    const field = idle > probes * interval ? 'idle' : probes > 1_000 ? 'probes' : 'interval'
    const message = `idle + ${probes} probes x interval is ${detection} ms; at 1000 Hz the kernel counts to ${INT_MAX} ms (24.8 days) at most`
    return [{ field, message, data: { detection, probes, most: INT_MAX } }]
  },
}

/** A slow controller or a long line takes seconds to answer the first packet. */
const SHORT_INIT: Rule = {
  name: 'short-init',
  severity: 'warning',
  sources: [TCP_TIMER],
  check: ({ init }) =>
    init !== undefined && init < 10_000
      ? [
          {
            field: 'init',
            message: `init of ${init} ms drops connections that take longer to establish`,
            data: { init },
          },
        ]
      : [],
}

/** Beckhoff TC/BSD and FreeBSD. */
export const tcbsd: Target = {
  id: 'tcbsd',
  aliases: ['freebsd'],
  alsoCalled: ['bsd', 'tcbsd*', 'twincatbsd*', 'beckhoffbsd*', 'beckhofftcbsd*', 'freebsd*'],
  family: 'FreeBSD',
  systems: 'TC/BSD, FreeBSD',
  settings: {
    idle: ticks('keepidle', 'quiet time before the first probe', 7_200_000),
    interval: ticks('keepintvl', 'time between unanswered probes', 75_000),
    probes: {
      kind: 'count',
      key: 'net.inet.tcp.keepcnt',
      summary: 'unanswered probes before the connection is dropped',
      range: { min: 1, max: INT_MAX },
      default: DEFAULT_PROBES,
      zero: 'would drop a healthy connection without sending a single probe',
      sources: [TCP4, TCP_TIMER],
    },
    init: ticks('keepinit', 'time to establish a connection', 75_000),
    always: {
      kind: 'switch',
      key: 'net.inet.tcp.always_keepalive',
      summary: 'keep-alive also on sockets that did not ask for it',
      default: true,
      sources: [TCP4, TCP_TIMER],
    },
  },
  outputs: [
    { path: 'keepalive.sysctl.conf', language: 'sysctl' },
    { path: 'install.sh', language: 'sh', permissions: installing },
    { path: 'uninstall.sh', language: 'sh', permissions: uninstalling },
    { path: 'check.sh', language: 'sh', permissions: checking },
    { path: 'shared.sh', language: 'sh', permissions: sharing },
    { path: 'stick/INSTALLER/post_install.d/60-keepalive.chroot', language: 'sh', permissions: installing },
    { path: 'overlay/etc/sysctl.conf.local', language: 'sysctl', template: 'tcbsd/keepalive.sysctl.conf' },
  ],
  steps: { install: 'type doas sh install.sh', check: 'type sh check.sh' },
  store: { kind: 'freebsd', words: ['keep'] },
  options: {},
  places: () => ({ file: '/etc/sysctl.conf', localFile: '/etc/sysctl.conf.local', state: '/var/db/keepalive-kit' }),
  activation: {
    text: 'The settings take effect at once for new connections; existing connections keep their old timer.',
    sources: [TCP_TIMER],
  },
  limitations: [
    {
      text: 'With always_keepalive off, sockets without SO_KEEPALIVE are not probed.',
      sources: [TCP4],
    },
    {
      text: 'TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT override these settings for the socket that sets them.',
      sources: [TCP4],
    },
    {
      text: 'A jail with its own network has its own always_keepalive, and the times of the host.',
      sources: [TCP_TIMER],
    },
  ],
  stack: FREEBSD_STACK,
  timers: {
    late: () => TICKS_MS.step.size,
    why: 'a timer of the kernel may be late by one tick of its clock',
    sources: [TCP_TIMER],
  },
  rules: [DETECTION_FITS, SHORT_INIT],
}
