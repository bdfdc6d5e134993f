import { join, resolve } from 'node:path'
import type { Artifact } from '../../core/artifact.ts'
import { BUNDLE_LIMITS } from '../../core/bundle.ts'
import { byCodeUnit, problem, type Diagnostic } from '../../core/diagnostic.ts'
import { plan } from '../../core/plan.ts'
import { zipName } from '../../fleet/index-file.ts'
import { FAT_ENTRIES, fatEntries, isStartHere, startHere, START_NAME, type Carried } from '../../fleet/start-here.ts'
import { unzip } from '../../formats/zip/unzip.ts'
import { replaceFile } from '../../io/atomic.ts'
import { namesIn, readUpTo } from '../../io/outputs.ts'
import { inTheWay, readIfThere, readTree, replaceTree } from '../../io/tree.ts'
import { foreignFiles, largeFolder } from '../output.ts'
import type { FleetRun } from './fleet-run.ts'

/** A folder of settings, with one of the devices that have it. */
interface Settings {
  readonly folder: string
  readonly device: string
}

/**
 * Unpacks the bundles of devices into a folder such as a stick, those of equal settings once, with a file that leads from
 * each device to its folder. Folders that are right already are not touched; other files on the stick stay.
 */
export function writeStick(run: FleetRun, stick: string, devices: readonly string[]): void {
  const carried = devices.toSorted(byCodeUnit).flatMap((device) => carriedBy(run, device))
  const settings = [...new Map(carried.map((one) => [one.folder, one] as const)).values()]
  const wrong = obstacles(run, stick, settings)
  if (wrong.length > 0) {
    for (const one of wrong) run.tally.problem(one)
    return
  }
  for (const one of settings) unpack(run, stick, one)
  const start = startHere(carried)
  const path = join(stick, START_NAME)
  replaceFile(resolve(run.world.cwd, path), start.bytes)
  run.tally.file(path, false)
}

function carriedBy({ records }: FleetRun, device: string): readonly Carried[] {
  const record = records.of(device)
  return record === undefined
    ? []
    : [{ device, folder: record.folder, targets: record.entries.map(([target]) => target) }]
}

/** Reasons that keep the bundles off the stick, all found before the first file is written; and folders of other runs. */
function obstacles(run: FleetRun, stick: string, settings: readonly Settings[]): readonly Diagnostic[] {
  const root = resolve(run.world.cwd, stick)
  const names = settings.map(({ folder }) => folder)
  const there = namesIn(root)
  const entries = fatEntries([...new Set([...names, ...there, START_NAME])])
  if (entries > FAT_ENTRIES) return [problem('fleet/stick-full', { folders: names.length, stick })]
  const start = readIfThere(join(root, START_NAME), BUNDLE_LIMITS.bytes)
  const old = there.filter((name) => /^[a-z][a-z0-9-]*-[0-9a-f]{12}$/.test(name) && !names.includes(name))
  if (old.length > 0) run.tally.problem(problem('fleet/stick-others', { stick, folders: old }))
  return [
    ...(start === undefined || isStartHere(start)
      ? []
      : [problem('output/foreign-file', { folder: stick, files: [START_NAME], manifest: true })]),
    ...settings.flatMap((one) => obstacle(run, stick, one)),
  ]
}

function obstacle(run: FleetRun, stick: string, one: Settings): readonly Diagnostic[] {
  const path = join(stick, one.folder)
  const what = inTheWay(resolve(run.world.cwd, path), 'folder')
  if (what !== undefined) return [problem('output/in-the-way', { path, what })]
  const { changes, tooLarge } = planned(run, stick, one)
  return tooLarge ? [largeFolder(path)] : foreignFiles(path, changes)
}

/** The files of a folder, from the zip of its device, and the changes that lead to them. */
function planned({ world, request }: FleetRun, stick: string, { folder, device }: Settings) {
  const zip = join(request.out, zipName(device))
  const { entries } = unzip(readUpTo(resolve(world.cwd, zip), BUNDLE_LIMITS.bytes), zip)
  const artifacts = entries.map(({ path, mode, bytes }): Artifact => {
    return { path: path.slice(folder.length + 1), mode: ((mode ?? 0) & 0o100) === 0 ? 0o644 : 0o755, bytes }
  })
  const name = folder.slice(0, folder.lastIndexOf('-'))
  const { files, tooLarge } = readTree(resolve(world.cwd, stick, folder))
  return { artifacts, changes: tooLarge ? [] : plan(name, artifacts, files), tooLarge }
}

/** Writes a folder. Its files are planned once more, since those of all folders may not fit in memory. */
function unpack(run: FleetRun, stick: string, one: Settings): void {
  const { artifacts, changes } = planned(run, stick, one)
  // FAT has no modes.
  const isSame = changes.every(({ kind }) => kind === 'same' || kind === 'mode')
  const path = join(stick, one.folder)
  if (!isSame) replaceTree(resolve(run.world.cwd, path), artifacts)
  run.tally.file(path, isSame)
}
