import type { Stack } from '../../core/stack.ts'

/** tcp_keepalive_timer; `test/kernel` holds this against a real kernel. */
export const LINUX_STACK: Stack = {
  name: 'Linux',
  afterAnswer: 'timer',
  sources: [
    {
      title: 'Linux: tcp_keepalive_timer in tcp_timer.c',
      url: 'https://github.com/torvalds/linux/blob/master/net/ipv4/tcp_timer.c',
    },
  ],
}
