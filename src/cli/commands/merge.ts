import { mergeShards as merge } from '../../app/fleet/merge.ts'
import { escapeInvisible } from '../../core/words.ts'
import type { MergeOptions } from '../definitions/fleets.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/**
 * Joins the locks and indexes of all shards of a fleet; the folder is then the same as after one run without shards.
 */
export function mergeShards(world: CommandWorld, { folder }: MergeOptions): Outcome {
  const { merged, diagnostics, unread } = merge(world, folder)
  if (merged === undefined) return { diagnostics, ...(unread ? { exit: 2 } : {}) }
  return {
    diagnostics,
    text: () => merged.files.map((file) => `${escapeInvisible(file)}\n`).join(''),
    notes: () => `${merged.devices} devices of ${merged.shards} shards\n`,
  }
}
