import { problem } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { parseShard, type Shard } from './shard.ts'

/** The two files beside the zips: the lock, and the index. */
export const LOCK_NAME = 'keepalive.lock.json'
export const INDEX_NAME = 'devices.csv'

/** The files that a run writes beside the zips; a shard writes its parts of them. */
export function namesFor(shard: Shard | undefined): { readonly lock: string; readonly index: string } {
  if (shard === undefined) return { lock: LOCK_NAME, index: INDEX_NAME }
  const part = `${shard.index}-of-${shard.of}`
  return { lock: `keepalive.lock.${part}.json`, index: `devices.${part}.csv` }
}

const PART = /^(?:keepalive\.lock|devices)\.(\d+)-of-(\d+)\.(?:json|csv)$/

/** The shards, of whatever number, with a part or half of one among the files of a folder. */
export function partsAmong(files: readonly string[]): readonly Shard[] {
  const found = files.flatMap((file) => {
    const part = PART.exec(file)
    if (part === null) return []
    const text = `${part[1]}/${part[2]}`
    const shard = parseShard(text)
    return shard === undefined ? [] : [[text, shard] as const]
  })
  return [...new Map(found).values()]
}

/** The shards with parts among the files of a folder; a failure says which parts are missing. */
export function shardsAmong(files: readonly string[]): Result<readonly Shard[]> {
  const counts = [...new Set(partsAmong(files).map(({ of }) => of))].toSorted((a, b) => a - b)
  const [of] = counts
  if (of === undefined) return success([])
  if (counts.length > 1) return failure(problem('merge/counts', { counts }))
  const shards = Array.from({ length: of }, (_, index) => ({ index: index + 1, of }))
  const names = shards.flatMap((shard) => Object.values(namesFor(shard)))
  const missing = names.filter((name) => !files.includes(name))
  return missing.length > 0 ? failure(problem('merge/missing', { names: missing })) : success(shards)
}
