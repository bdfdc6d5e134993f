/** Times that FreeBSD holds in ticks of its clock: it refuses what is not at least one tick. */
const FREEBSD_TIMES: readonly string[] = ['net.inet.tcp.keepidle', 'net.inet.tcp.keepintvl', 'net.inet.tcp.keepinit']

/** The keep-alive settings of FreeBSD: all are whole numbers. */
export const FREEBSD_NAMES: readonly string[] = [
  ...FREEBSD_TIMES,
  'net.inet.tcp.keepcnt',
  'net.inet.tcp.always_keepalive',
]

/** The keep-alive settings of Linux: all are whole numbers. */
export const LINUX_NAMES: readonly string[] = [
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
]

/** Whether a setting of FreeBSD is a time. */
export function isFreebsdTime(name: string): boolean {
  return FREEBSD_TIMES.includes(name)
}
