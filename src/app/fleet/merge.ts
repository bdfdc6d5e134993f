import { join, resolve } from 'node:path'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { byEntryKey, byName } from '../../fleet/device-table.ts'
import { deviceKey } from '../../fleet/device.ts'
import { indexLines, zipName } from '../../fleet/index-file.ts'
import { INDEX_NAME, LOCK_NAME, namesFor, shardsAmong } from '../../fleet/parts.ts'
import type { Made } from '../../fleet/record.ts'
import { isIn, type Shard } from '../../fleet/shard.ts'
import { replaceText } from '../../io/long-text.ts'
import { kindAt } from '../../io/outputs.ts'
import { takeFolder } from '../../io/run-lock.ts'
import { recover } from '../../io/tree.ts'
import type { World } from '../../io/world.ts'
import { digestAt, removeUnchanged } from '../../io/zips.ts'
import { entryKey } from '../../review/entry.ts'
import { lockLines } from '../../review/lock.ts'
import { readPair } from './before.ts'
import { removeParts } from './leftovers.ts'

/** The whole that is joined from shards. */
export interface Merged {
  readonly devices: number
  readonly shards: number
  /** The paths of the written files in messages and results. */
  readonly files: readonly string[]
}

export interface MergeReport {
  /** `undefined` if a diagnostic is an error: then nothing was written. */
  readonly merged: Merged | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Whether the folder is missing. */
  readonly unread: boolean
}

type Devices = ReadonlyMap<string, Made>

/** Joins the locks and indexes of all shards in a folder; the result is that of one run without shards. */
export function mergeShards(world: World, folder: string): MergeReport {
  const path = resolve(world.cwd, folder)
  const kind = folder === '' ? undefined : kindAt(path)
  if (kind === undefined) return { ...refused(problem('input/no-such-file', { file: folder })), unread: true }
  if (kind === 'file') return { ...refused(problem('merge/no-parts', { folder })), unread: true }
  const lock = takeFolder(path, undefined)
  if ('pid' in lock) return refused(problem('fleet/busy', lock))
  try {
    recover(path, (name) => [lock.mark, LOCK_NAME, INDEX_NAME].includes(name), lock.names)
    const found = shardsAmong(lock.names)
    if (!found.ok) return refused(...found.diagnostics)
    if (found.value.length === 0) return refused(problem('merge/no-parts', { folder }))
    return joinAll(world, folder, found.value)
  } finally {
    lock.release()
  }
}

function refused(...diagnostics: readonly Diagnostic[]): MergeReport {
  return { merged: undefined, diagnostics, unread: false }
}

function joinAll(world: World, folder: string, shards: readonly Shard[]): MergeReport {
  const whole = readPair(world, join(folder, INDEX_NAME), join(folder, LOCK_NAME))
  const { devices, diagnostics } = readParts(world, folder, shards)
  const wrong = [...whole.diagnostics, ...diagnostics, ...wrongZips(world, folder, devices)]
  if (wrong.length > 0) return refused(...wrong)
  const left = removeGone(world, folder, whole.before ?? new Map(), devices)
  writeWhole(world, folder, devices)
  removeParts(world, folder, shards)
  const files = [LOCK_NAME, INDEX_NAME].map((name) => join(folder, name))
  return { merged: { devices: devices.size, shards: shards.length, files }, diagnostics: left, unread: false }
}

function readParts(world: World, folder: string, shards: readonly Shard[]) {
  const devices = new Map<string, Made>()
  const diagnostics: Diagnostic[] = []
  for (const shard of shards) {
    const { index, lock } = namesFor(shard)
    const { before } = readPair(world, join(folder, index), join(folder, lock))
    const stray = [...(before?.keys() ?? [])].some((device) => !isIn(shard, device))
    if (before === undefined || stray) diagnostics.push(problem('merge/not-a-part', { name: join(folder, index) }))
    for (const [device, made] of before ?? []) devices.set(device, made)
  }
  return { devices, diagnostics }
}

/** Zips that are missing, and those that are not as their shard wrote them, such as copies that were cut off. */
function wrongZips(world: World, folder: string, devices: Devices): readonly Diagnostic[] {
  const all = [...devices].map(([device, { sha256 }]) => ({ name: zipName(device), sha256 }))
  const pathOf = (name: string) => resolve(world.cwd, folder, name)
  const isThere = ({ name }: { readonly name: string }) => kindAt(pathOf(name)) === 'file'
  const missing = all.filter((zip) => !isThere(zip)).map(({ name }) => name)
  const other = all.filter((zip) => isThere(zip) && digestAt(pathOf(zip.name)) !== zip.sha256).map(({ name }) => name)
  return [
    ...(missing.length > 0 ? [problem('merge/no-zip', { names: missing })] : []),
    ...(other.length > 0 ? [problem('merge/other-zip', { names: other })] : []),
  ]
}

/** Removes the zips of devices that the earlier whole had and no shard has: shards that ran elsewhere did not know them. */
function removeGone(world: World, folder: string, before: Devices, now: Devices): readonly Diagnostic[] {
  const keys = new Set([...now.keys()].map(deviceKey))
  return [...before]
    .filter(([device]) => !keys.has(deviceKey(device)))
    .map(([device, { sha256 }]) => ({ path: join(folder, zipName(device)), sha256 }))
    .filter(({ path, sha256 }) => !removeUnchanged(resolve(world.cwd, path), sha256))
    .map(({ path }) => problem('fleet/left', { path }, { severity: 'warning' }))
}

function writeWhole(world: World, folder: string, devices: Devices): void {
  const sorted = (order: typeof byName) => [...devices].toSorted(([a], [b]) => order(a, b))
  const entries = sorted(byEntryKey).flatMap(([device, made]) =>
    made.entries.map(([target, entry]) => [entryKey(device, target), entry] as const),
  )
  const put = (name: string, lines: Iterable<string>) => replaceText(resolve(world.cwd, folder, name), lines)
  put(LOCK_NAME, lockLines(entries))
  put(INDEX_NAME, indexLines(sorted(byName).map(([device, made]) => ({ device, ...made }))))
}
