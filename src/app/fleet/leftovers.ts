import { basename, dirname, join, resolve } from 'node:path'
import { inTheWay, recover } from '../../io/tree.ts'
import type { World } from '../../io/world.ts'
import { removeFiles } from '../../io/zips.ts'
import { namesFor } from '../../fleet/parts.ts'
import type { Shard } from '../../fleet/shard.ts'

/** The path of a run's records: beside its folder, since they are no output. */
export function recordsPath(world: World, out: string, shard: Shard | undefined): string {
  const folder = resolve(world.cwd, out)
  const part = shard === undefined ? '' : `-${shard.index}-of-${shard.of}`
  return join(dirname(folder), `.${basename(folder)}.keepalive-kit-state${part}`)
}

/**
 * Removes the parts of shards, once the whole is written. A shard writes its lock first and its index then; the indexes
 * are removed first, so that a stopped run never leaves an index without its lock.
 */
export function removeParts(world: World, out: string, shards: readonly Shard[]): void {
  const records = shards.map((shard) => recordsPath(world, out, shard))
  for (const kind of ['index', 'lock'] as const)
    removeFiles(shards.map((shard) => resolve(world.cwd, out, namesFor(shard)[kind])))
  const names = new Set(records.map((path) => basename(path)))
  recover(dirname(resolve(world.cwd, out)), (name) => names.has(name))
  removeFiles(records.filter((path) => inTheWay(path, 'file') === undefined))
}
