import { sha256 } from '#checksums'
import { deviceKey } from './device.ts'

/** One of `of` parts of a fleet; `index` counts from one. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/** The most parts: more machines than anybody has for this. */
export const MOST_SHARDS = 10_000

/** `2/7` as a shard, or `undefined` where a text is none. */
export function parseShard(text: string): Shard | undefined {
  const [, index, of] = (/^([1-9][0-9]{0,4})\/([1-9][0-9]{0,4})$/.exec(text) ?? []).map(Number)
  return index === undefined || of === undefined || index > of || of > MOST_SHARDS ? undefined : { index, of }
}

/**
 * Whether a device is in a shard. Its name alone decides, so that one more device moves no other; in whatever case, so that
 * a device whose name changes its case stays where it is known.
 */
export function isIn({ index, of }: Shard, name: string): boolean {
  // 48 bits of it.
  return Number.parseInt(sha256(deviceKey(name)).slice(0, 12), 16) % of === index - 1
}
