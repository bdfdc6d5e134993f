import { sha256 } from '#checksums'
import { deviceKey } from './device.ts'

/** One of `of` parts of a fleet; `index` counts from one. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/** The most parts: more than anybody has machines for this. */
export const MOST_SHARDS = 10_000

/** Reads `2/7` as a shard; `undefined` for any other text. */
export function parseShard(text: string): Shard | undefined {
  const [, index, of] = (/^([1-9][0-9]{0,4})\/([1-9][0-9]{0,4})$/.exec(text) ?? []).map(Number)
  return index === undefined || of === undefined || index > of || of > MOST_SHARDS ? undefined : { index, of }
}

/**
 * Whether a device is in a shard. Only its name decides, so that one more device moves no other; case does not count, so
 * that a device whose name changes its case stays where it is known.
 */
export function isIn({ index, of }: Shard, name: string): boolean {
  // The first 48 bits of the digest.
  return Number.parseInt(sha256(deviceKey(name)).slice(0, 12), 16) % of === index - 1
}
