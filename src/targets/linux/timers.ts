/**
 * The clock rates of Linux in ticks per second, as offered by kernel/Kconfig.hz. Debian and its RT kernels have 250,
 * other distributions 1000, small machines 100.
 */
export const LINUX_HZ = [100, 250, 300, 1_000] as const

/** A level of the timer wheel has 64 slots; a timer is put at the level where it needs fewer than 63 of them. */
const SLOTS = 63
/** A slot of a level is as wide as eight of the level below. */
const WIDER = 8
const LEVELS = 9

/**
 * The most by which Linux may fire a timer late, in ms: one tick and the width of one slot at the timer's level of the
 * wheel, which is up to 8/63 of its time. It never fires early. Without `hz`, the result is the maximum over {@link
 * LINUX_HZ}.
 *
 * Source: calc_index and calc_wheel_index in kernel/time/timer.c of Linux 4.8 and later.
 */
export function slack(ms: number, hz?: number): number {
  if (hz === undefined) return Math.max(...LINUX_HZ.map((one) => slack(ms, one)))
  const ticks = Math.ceil((ms * hz) / 1_000) + 1
  let width = 1
  for (let level = 1; level < LEVELS && ticks >= SLOTS * width; level++) width *= WIDER
  return ((width + 1) * 1_000) / hz
}
