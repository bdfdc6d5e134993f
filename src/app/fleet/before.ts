import { join, resolve } from 'node:path'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { kindAt, readTextIfThere } from '../../io/outputs.ts'
import type { World } from '../../io/world.ts'
import { readIndex } from '../../fleet/index-file.ts'
import { namesFor } from '../../fleet/parts.ts'
import type { Made } from '../../fleet/record.ts'
import { isIn, type Shard } from '../../fleet/shard.ts'
import { keyParts, type Entries } from '../../review/entry.ts'
import { readLock } from '../../review/lock.ts'

/** The devices that earlier runs left in a folder; `undefined` with the reason where that is not known. */
export interface Before {
  readonly before: ReadonlyMap<string, Made> | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads the index and the lock in a folder. A shard reads its parts or, once these are merged, its devices in the whole; a
 * run of all devices reads the whole, and the parts that are not merged yet. Parts are newer than the whole, since whoever
 * writes the whole removes them.
 */
export function readBefore(world: World, out: string, shard: Shard | undefined, parts: readonly Shard[]): Before {
  if (shard === undefined) return readAll(world, out, parts)
  const other = parts.find(({ of }) => of !== shard.of)
  if (other !== undefined)
    return { before: undefined, diagnostics: [problem('fleet/other-parts', { out, ...other, now: shard.of })] }
  const part = namesFor(shard)
  const names = kindAt(resolve(world.cwd, out, part.index)) === 'file' ? part : namesFor(undefined)
  return readPair(world, join(out, names.index), join(out, names.lock), (device) => isIn(shard, device))
}

function readAll(world: World, out: string, parts: readonly Shard[]): Before {
  const all = new Map<string, Made>()
  for (const { index, lock } of [undefined, ...parts].map(namesFor)) {
    const { before, diagnostics } = readPair(world, join(out, index), join(out, lock))
    if (before === undefined) return { before, diagnostics }
    for (const [device, made] of before) all.set(device, made)
  }
  return { before: all, diagnostics: [] }
}

/** Reads an index and the lock that belongs to it. */
export function readPair(
  world: World,
  indexPath: string,
  lockPath: string,
  wanted: (device: string) => boolean = () => true,
): Before {
  const index = readTextIfThere(resolve(world.cwd, indexPath))
  if (index === '') return { before: new Map(), diagnostics: [] }
  const devices = readIndex(index)
  const { entries, diagnostics } = readLock(readTextIfThere(resolve(world.cwd, lockPath)), lockPath)
  if (devices === undefined || entries === undefined) {
    const found = problem('fleet/no-index', { path: indexPath }, { location: { file: indexPath } })
    return { before: undefined, diagnostics: [found, ...diagnostics] }
  }
  const lines = byDevice(entries)
  return {
    before: new Map(
      devices
        .filter(({ device }) => wanted(device))
        .map(({ device, ...made }) => [device, { ...made, entries: lines.get(device) ?? [] }]),
    ),
    diagnostics: [],
  }
}

function byDevice(entries: Entries): ReadonlyMap<string, Made['entries']> {
  const lines = new Map<string, (readonly [string, string])[]>()
  for (const [key, entry] of entries) {
    const { profile: device, target } = keyParts(key)
    const own = lines.get(device)
    const line = [target, JSON.stringify(entry)] as const
    if (own === undefined) lines.set(device, [line])
    else own.push(line)
  }
  return lines
}
