import { join, resolve } from 'node:path'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { escapeInvisible } from '../../core/words.ts'
import { replaceText } from '../../io/long-text.ts'
import { kindAt } from '../../io/outputs.ts'
import { takeFolder } from '../../io/run-lock.ts'
import { recover } from '../../io/tree.ts'
import type { World } from '../../io/world.ts'
import { removeUnchanged } from '../../io/zips.ts'
import { deviceKey } from '../../fleet/device.ts'
import { indexLines, zipName } from '../../fleet/index-file.ts'
import { INDEX_NAME, LOCK_NAME, namesFor, shardsAmong } from '../../fleet/parts.ts'
import type { Made } from '../../fleet/record.ts'
import { byEntryKey, byName } from '../../fleet/device-table.ts'
import { isIn, type Shard } from '../../fleet/shard.ts'
import { entryKey } from '../../review/entry.ts'
import { lockLines } from '../../review/lock.ts'
import { colorsFor } from '../report/color.ts'
import type { ExitCode } from '../exit.ts'
import { readPair } from '../../app/fleet/before.ts'
import { removeParts } from '../../app/fleet/leftovers.ts'
import type { MergeOptions } from '../definitions/fleets.ts'
import type { CommonOptions } from '../options.ts'
import { reportDiagnostics, reportJson } from '../report/report.ts'

/** Joins the locks and indexes of all shards of a fleet; the folder is then as one run without shards leaves it. */
export function mergeShards(world: World, options: MergeOptions): ExitCode {
  const { folder } = options
  const path = resolve(world.cwd, folder)
  const kind = folder === '' ? undefined : kindAt(path)
  if (kind !== 'folder') {
    const wrong =
      kind === undefined ? problem('input/no-such-file', { file: folder }) : problem('merge/no-parts', { folder })
    return answer(world, options, [wrong], 2)
  }
  const lock = takeFolder(path, undefined)
  if (!lock.ok) return answer(world, options, lock.diagnostics, 3)
  const { names, release } = lock.value
  try {
    recover(path, (name) => name === LOCK_NAME || name === INDEX_NAME, names)
    const found = shardsAmong(names)
    if (!found.ok) return answer(world, options, found.diagnostics, 1)
    if (found.value.length === 0) return answer(world, options, [problem('merge/no-parts', { folder })], 1)
    return joinAll(world, options, found.value)
  } finally {
    release()
  }
}

function joinAll(world: World, options: MergeOptions, shards: readonly Shard[]): ExitCode {
  const { folder, format, quiet } = options
  const whole = readPair(world, join(folder, INDEX_NAME), join(folder, LOCK_NAME))
  const { devices, diagnostics } = readParts(world, folder, shards)
  const away = [...devices.keys()].map(zipName).filter((name) => kindAt(resolve(world.cwd, folder, name)) !== 'file')
  const wrong = [
    ...whole.diagnostics,
    ...diagnostics,
    ...(away.length > 0 ? [problem('merge/no-zip', { names: away })] : []),
  ]
  if (wrong.length > 0) return answer(world, options, wrong, 1)
  const left = removeGone(world, folder, whole.before ?? new Map(), devices)
  writeWhole(world, folder, devices)
  removeParts(world, folder, shards)
  if (format !== 'json')
    for (const name of [LOCK_NAME, INDEX_NAME]) world.out(`${escapeInvisible(join(folder, name))}\n`)
  if (!quiet && format !== 'json') world.err(`${devices.size} devices of ${shards.length} shards\n`)
  return answer(world, options, left, 0)
}

function writeWhole(world: World, folder: string, devices: ReadonlyMap<string, Made>): void {
  const sorted = (order: typeof byName) => [...devices].toSorted(([a], [b]) => order(a, b))
  const entries = sorted(byEntryKey).flatMap(([device, made]) =>
    made.entries.map(([target, entry]) => [entryKey(device, target), entry] as const),
  )
  const put = (name: string, lines: Iterable<string>) => replaceText(resolve(world.cwd, folder, name), lines)
  put(LOCK_NAME, lockLines(entries))
  put(INDEX_NAME, indexLines(sorted(byName).map(([device, made]) => ({ device, ...made }))))
}

/** Devices of an earlier whole that no shard has any more lose their zips: shards that ran elsewhere did not know of them. */
function removeGone(
  world: World,
  folder: string,
  before: ReadonlyMap<string, Made>,
  now: ReadonlyMap<string, Made>,
): readonly Diagnostic[] {
  const keys = new Set([...now.keys()].map(deviceKey))
  const paths = [...before].flatMap(([device, { sha256 }]) =>
    keys.has(deviceKey(device)) ? [] : [[join(folder, zipName(device)), sha256] as const],
  )
  return paths
    .filter(([path, sha256]) => !removeUnchanged(resolve(world.cwd, path), sha256))
    .map(([path]) => problem('fleet/left', { path }))
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

function answer(
  world: World,
  options: CommonOptions,
  diagnostics: readonly Diagnostic[],
  exitCode: ExitCode,
): ExitCode {
  if (options.format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics })
  reportDiagnostics(world, diagnostics, options.format, colorsFor(world, options))
  return exitCode
}
