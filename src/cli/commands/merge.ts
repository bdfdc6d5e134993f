import { join, resolve } from 'node:path'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { escapeInvisible } from '../../core/words.ts'
import { replaceText } from '../../effects/long-text.ts'
import { kindAt, namesIn } from '../../effects/outputs.ts'
import { takeFolder } from '../../effects/run-lock.ts'
import type { World } from '../../effects/world.ts'
import { removeFiles } from '../../effects/zips.ts'
import { indexLines, zipName } from '../../fleet/index-file.ts'
import { INDEX_NAME, LOCK_NAME, namesFor, shardsAmong } from '../../fleet/parts.ts'
import type { Made } from '../../fleet/record.ts'
import { byEntryKey, byName } from '../../fleet/roll.ts'
import type { Shard } from '../../fleet/shard.ts'
import { entryKey } from '../../review/entry.ts'
import { lockLines } from '../../review/lock.ts'
import { colorsFor } from '../color.ts'
import type { ExitCode } from '../exit.ts'
import { readPair } from '../fleet-before.ts'
import type { CommonOptions } from '../options.ts'
import { reportDiagnostics, reportJson } from '../report.ts'

/** Joins the locks and indexes of all shards of a fleet; the folder is then as one run without shards leaves it. */
export function mergeShards(world: World, options: CommonOptions & { readonly folder: string }): ExitCode {
  const { folder } = options
  const path = resolve(world.cwd, folder)
  const kind = folder === '' ? undefined : kindAt(path)
  if (kind !== 'folder') {
    const wrong =
      kind === undefined ? problem('input/no-such-file', { file: folder }) : problem('merge/no-parts', { folder })
    return answer(world, options, [wrong], 2)
  }
  const lock = takeFolder(path, undefined)
  if ('pid' in lock) return answer(world, options, [problem('fleet/busy', lock)], 3)
  try {
    const found = shardsAmong(namesIn(path))
    if ('counts' in found) return answer(world, options, [problem('merge/counts', found)], 1)
    if ('missing' in found) return answer(world, options, [problem('merge/missing', { names: found.missing })], 1)
    if (found.shards.length === 0) return answer(world, options, [problem('merge/no-parts', { folder })], 1)
    return joinAll(world, options, found.shards)
  } finally {
    lock.release()
  }
}

function joinAll(
  world: World,
  options: CommonOptions & { readonly folder: string },
  shards: readonly Shard[],
): ExitCode {
  const { folder, format, quiet } = options
  const { devices, diagnostics } = readParts(world, folder, shards)
  const away = [...devices.keys()].map(zipName).filter((name) => kindAt(resolve(world.cwd, folder, name)) !== 'file')
  const wrong = [...diagnostics, ...(away.length > 0 ? [problem('merge/no-zip', { names: away })] : [])]
  if (wrong.length > 0) return answer(world, options, wrong, 1)
  const sorted = (order: typeof byName) => [...devices].toSorted(([a], [b]) => order(a, b))
  const entries = sorted(byEntryKey).flatMap(([device, made]) =>
    made.entries.map(([target, entry]) => [entryKey(device, target), entry] as const),
  )
  const put = (name: string, lines: Iterable<string>) => replaceText(resolve(world.cwd, folder, name), lines)
  put(LOCK_NAME, lockLines(entries))
  put(INDEX_NAME, indexLines(sorted(byName).map(([device, made]) => ({ device, ...made }))))
  const parts = shards.flatMap((shard) => Object.values(namesFor(shard)))
  removeFiles(parts.map((name) => resolve(world.cwd, folder, name)))
  if (format !== 'json')
    for (const name of [LOCK_NAME, INDEX_NAME]) world.out(`${escapeInvisible(join(folder, name))}\n`)
  if (!quiet && format !== 'json') world.err(`${devices.size} devices of ${shards.length} shards\n`)
  return answer(world, options, [], 0)
}

function readParts(world: World, folder: string, shards: readonly Shard[]) {
  const devices = new Map<string, Made>()
  const diagnostics: Diagnostic[] = []
  for (const shard of shards) {
    const { index, lock } = namesFor(shard)
    const { before } = readPair(world, join(folder, index), join(folder, lock))
    if (before === undefined) diagnostics.push(problem('merge/not-a-part', { name: join(folder, index) }))
    for (const [device, made] of before ?? []) {
      if (devices.has(device)) diagnostics.push(problem('merge/twice', { device }))
      devices.set(device, made)
    }
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
