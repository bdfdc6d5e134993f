import { basename, dirname, join, resolve } from 'node:path'
import { inTheWay, recover } from '../../io/tree.ts'
import type { World } from '../../io/world.ts'
import { removeFiles } from '../../io/zips.ts'
import { namesFor } from '../../fleet/parts.ts'
import type { Shard } from '../../fleet/shard.ts'

/** Where the records of a run lie: beside its folder, of which they are no part. */
export function recordsPath(world: World, out: string, shard: Shard | undefined): string {
  const folder = resolve(world.cwd, out)
  const part = shard === undefined ? '' : `-${shard.index}-of-${shard.of}`
  return join(dirname(folder), `.${basename(folder)}.keepalive-kit-state${part}`)
}

/**
 * Does away with what shards left beside their zips, once the whole is written. A shard writes its lock first and its index
 * then; the indexes go first, so that what a stopped run leaves of a part is never an index without its lock.
 */
export function removeParts(world: World, out: string, shards: readonly Shard[]): void {
  const records = shards.map((shard) => recordsPath(world, out, shard))
  for (const kind of ['index', 'lock'] as const)
    removeFiles(shards.map((shard) => resolve(world.cwd, out, namesFor(shard)[kind])))
  const names = new Set(records.map((path) => basename(path)))
  recover(dirname(resolve(world.cwd, out)), (name) => names.has(name))
  removeFiles(records.filter((path) => inTheWay(path, 'file') === undefined))
}
