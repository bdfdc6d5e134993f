import type { Stack } from '../../core/stack.ts'

/**
 * tcp_timer_keep of FreeBSD 13 and later, on which TC/BSD is built: since review D21363 an incoming segment only sets
 * t_rcvtime. FreeBSD 12 restarted the timer with each segment, as Windows is documented to do. The kernel compares the
 * quiet time with idle + probes x interval where Linux counts probes; both give the same probes and the same drop.
 */
export const FREEBSD_STACK: Stack = {
  name: 'FreeBSD 13 and later',
  afterAnswer: 'timer',
  sources: [
    {
      title: 'FreeBSD: tcp_timer_keep in tcp_timer.c',
      url: 'https://github.com/freebsd/freebsd-src/blob/main/sys/netinet/tcp_timer.c',
    },
    {
      title: 'FreeBSD review D21363: the keep-alive timer is not reset for each segment',
      url: 'https://reviews.freebsd.org/D21363',
    },
  ],
}
