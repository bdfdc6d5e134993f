import { join, resolve } from 'node:path'
import { problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import { kindAt, namesIn, readTextIfThere, readUpTo } from '../../effects/outputs.ts'
import { startProgress } from '../../effects/progress.ts'
import { takeFolder } from '../../effects/run-lock.ts'
import { recover, replaceFile } from '../../effects/tree.ts'
import type { World } from '../../effects/world.ts'
import { removeFiles, removeUnchanged } from '../../effects/zips.ts'
import { deviceKey } from '../../fleet/device.ts'
import { readFleet, type Fleet } from '../../fleet/fleet.ts'
import { indexText, zipName } from '../../fleet/index-file.ts'
import { isPart, namesFor } from '../../fleet/parts.ts'
import { parseSelect, type Select } from '../../fleet/select.ts'
import { isIn, MOST_SHARDS, parseShard, type Shard } from '../../fleet/shard.ts'
import { lockText } from '../../review/lock.ts'
import { TARGETS } from '../../targets/index.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import { readBefore } from '../fleet-before.ts'
import { profileLookup } from '../fleet-profiles.ts'
import { fleetReport, type FleetReport } from '../fleet-report.ts'
import { fleetMaker, lockEntries, type Made } from '../fleet-run.ts'
import { STDIO, type CommonOptions } from '../options.ts'

export interface FleetOptions extends CommonOptions {
  readonly fleet: string
  readonly out: string
  readonly select: readonly string[]
  readonly shard: string | undefined
  readonly strict: boolean
  readonly check: boolean
  readonly dryRun: boolean
}

/** A table of a hundred thousand devices has some ten megabytes. */
const MOST_BYTES = 400 * 1024 * 1024

/** Makes a zip for each device of a fleet, with a lock and an index; what is there already and the same is not touched. */
export async function makeFleet(world: World, options: FleetOptions): Promise<ExitCode> {
  const shard = shardOf(options.shard)
  const selects = options.select.map(selectOf)
  const report = fleetReport(world, options)
  const source = await readSource(world, options.fleet)
  if ('code' in source) return report.refuse([source], 2)
  const fleet = readFleet(TARGETS, source, options.fleet)
  const listed = listNames(fleet)
  const fatal = [...fleet.diagnostics, ...listed.fatal]
  if (fatal.some(({ severity }) => severity === 'error')) return report.refuse(fatal, 1)
  const writes = !options.check && !options.dryRun
  const folder = resolve(world.cwd, options.out)
  const lock = writes ? takeFolder(folder, shard && `${shard.index}-of-${shard.of}`) : undefined
  if (lock !== undefined && 'pid' in lock) return report.refuse([problem('fleet/busy', lock)], 3)
  try {
    if (writes) recover(folder, (name) => shard === undefined || isOfShard(shard, name))
    const { before, diagnostics } = readBefore(world, options.out, shard)
    if (before === undefined) return report.refuse(diagnostics, 1)
    for (const one of fatal) report.diagnostic(one)
    return await makeAll({ world, options, fleet, listed, shard, selects, writes, report }, before)
  } finally {
    lock?.release()
  }
}

/** Whether a shard writes a file of that name: other machines may write others into the same folder at this moment. */
function isOfShard(shard: Shard, name: string): boolean {
  return Object.values(namesFor(shard)).includes(name) || isIn(shard, name.replace(/\.zip$/, ''))
}

interface Run {
  readonly world: World
  readonly options: FleetOptions
  readonly fleet: Fleet
  readonly listed: Names
  readonly shard: Shard | undefined
  readonly selects: readonly Select[]
  readonly writes: boolean
  readonly report: FleetReport
}

async function makeAll(run: Run, before: ReadonlyMap<string, Made>): Promise<ExitCode> {
  const { world, options, fleet, listed, shard, report } = run
  const lookup = profileLookup(world, fleet)
  const maker = fleetMaker(world, lookup, { out: options.out, write: run.writes, strict: options.strict, before })
  const after = new Map(before)
  const progress = await startProgress(world, options.quiet || options.format !== 'text', 'fleet', listed.count)
  for (const one of fleet.list()) {
    progress.step()
    if ('wrong' in one) {
      report.failed(undefined, [one.wrong])
      continue
    }
    const { device, location } = one
    if (shard !== undefined && !isIn(shard, device.name)) continue
    if (!run.selects.every((select) => select(device, () => maker.targetsOf(device, location)))) continue
    const first = listed.twice.get(deviceKey(device.name))
    if (first !== undefined) {
      const isFirst = first.line === location.line && first.column === location.column
      report.failed(device.name, isFirst ? [] : [nameTwice(device.name, first.line ?? 0, location)])
      continue
    }
    const done = await maker.make(device, location)
    report.done(done)
    if (done.made !== undefined) after.set(device.name, done.made)
  }
  progress.stop()
  if (run.selects.length === 0) removeGone(run, before, after)
  const names = namesFor(shard)
  const entries = [...after].flatMap(([device, made]) => lockEntries(device, made))
  putFile(run, names.lock, lockText(new Map(entries)))
  if (shard === undefined && run.writes) removeFiles(partsIn(resolve(world.cwd, options.out)))
  putFile(run, names.index, indexText([...after].map(([device, made]) => ({ device, ...made }))))
  return report.finish()
}

/** The names of a fleet, read before anything is made: of two devices of one name none is right. */
interface Names {
  readonly count: number
  /** In whatever case, for each name that is there more than once the first place of it. */
  readonly twice: ReadonlyMap<string, Location>
  readonly all: ReadonlySet<string>
  /** What leaves it open which devices there are. */
  readonly fatal: readonly Diagnostic[]
}

function listNames(fleet: Fleet): Names {
  const places = new Map<string, Location>()
  const twice = new Map<string, Location>()
  const fatal: Diagnostic[] = []
  let count = 0
  for (const one of fleet.list()) {
    count += 1
    if ('wrong' in one) {
      if (one.wrong.code === 'fleet/not-csv') fatal.push(one.wrong)
      continue
    }
    const key = deviceKey(one.device.name)
    const first = places.get(key)
    if (first === undefined) places.set(key, one.location)
    else twice.set(key, first)
  }
  return { count, twice, all: new Set(places.keys()), fatal }
}

function nameTwice(name: string, first: number, location: Location): Diagnostic {
  return problem('fleet/name-twice', { name, first }, { path: ['name'], location })
}

/** Devices that earlier runs knew and the fleet has no more lose their zips. */
function removeGone(run: Run, before: ReadonlyMap<string, Made>, after: Map<string, Made>): void {
  const { world, options, listed, report } = run
  for (const [device, { sha256 }] of before) {
    if (listed.all.has(deviceKey(device))) continue
    after.delete(device)
    const path = join(options.out, zipName(device))
    if (run.writes && !removeUnchanged(resolve(world.cwd, path), sha256))
      report.diagnostic(problem('fleet/left', { path }, { severity: 'warning' }))
    else report.removed(device, path)
  }
}

/** What shards left that a run of all does away with. */
function partsIn(folder: string): readonly string[] {
  return namesIn(folder)
    .filter(isPart)
    .map((name) => join(folder, name))
}

function putFile({ world, options, writes, report }: Run, name: string, text: string): void {
  const path = join(options.out, name)
  const same = readTextIfThere(resolve(world.cwd, path)) === text
  if (writes && !same) replaceFile(resolve(world.cwd, path), Buffer.from(text))
  report.file(path, same)
}

async function readSource(world: World, file: string): Promise<Uint8Array | Diagnostic> {
  if (file === STDIO) return world.readStdin(MOST_BYTES + 1)
  const path = resolve(world.cwd, file)
  const kind = file === '' ? undefined : kindAt(path)
  if (kind === 'file') return readUpTo(path, MOST_BYTES)
  return kind === undefined ? problem('input/no-such-file', { file }) : problem('input/folder', { file })
}

function shardOf(text: string | undefined): Shard | undefined {
  const shard = text === undefined ? undefined : parseShard(text)
  if (text !== undefined && shard === undefined)
    throw new UsageError(
      `--shard ${JSON.stringify(text)} is no shard; write for example 2/7 for the second of seven, at most ${MOST_SHARDS}`,
    )
  return shard
}

function selectOf(text: string): Select {
  const select = parseSelect(TARGETS, text)
  if (select === undefined)
    throw new UsageError(
      `--select ${JSON.stringify(text)} chooses nothing; write tag:WORD, target:ID (${[...TARGETS.keys()].join(', ')}) or a name with * in it`,
    )
  return select
}
