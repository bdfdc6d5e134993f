import { join, resolve } from 'node:path'
import { problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import { failure, success, type Result } from '../../core/result.ts'
import { growHeapSlowly } from '../../io/heap.ts'
import { hasText, replaceText } from '../../io/long-text.ts'
import { kindAt, namesIn, readUpTo } from '../../io/outputs.ts'
import { startProgress } from '../progress.ts'
import { takeFolder } from '../../io/run-lock.ts'
import { recover } from '../../io/tree.ts'
import { failureOf } from '../../io/failure.ts'
import type { World } from '../../io/world.ts'
import { removeUnchanged } from '../../io/zips.ts'
import { deviceKey, deviceNameProblem, type Device } from '../../fleet/device.ts'
import { MANY, readFleet, type Fleet } from '../../fleet/fleet.ts'
import { zipName } from '../../fleet/index-file.ts'
import { INDEX_NAME, namesFor, partsAmong } from '../../fleet/parts.ts'
import { newDeviceTable, type DeviceTable, type Spot } from '../../fleet/device-table.ts'
import { parseSelect, type Select } from '../../fleet/select.ts'
import { isIn, MOST_SHARDS, parseShard, type Shard } from '../../fleet/shard.ts'
import { TARGETS } from '../../targets/index.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import { removeParts } from '../../app/fleet/leftovers.ts'
import { profileLookup } from '../../app/fleet/profiles.ts'
import { openRecords, type Records } from '../../app/fleet/records.ts'
import { fleetReport, type FleetReport } from '../report/fleet.ts'
import { makeZips, type Make } from '../../app/fleet/zips.ts'
import { fleetWork } from '../../app/fleet/work.ts'
import { startWorkers } from '../../app/fleet/workers.ts'
import type { FleetOptions } from '../definitions/fleets.ts'
import { STDIO } from '../options.ts'

/** A table of a hundred thousand devices has some ten megabytes. */
const MOST_BYTES = 400 * 1024 * 1024

/** Makes a zip for each device of a fleet, with a lock and an index; what is there already and the same is not touched. */
export async function makeFleet(world: World, options: FleetOptions): Promise<ExitCode> {
  const shard = shardOf(options.shard)
  const selects = options.select.map(selectOf)
  const report = fleetReport(world, options)
  const loaded = await loadFleet(world, options.fleet)
  if (!loaded.ok) return report.refuse(loaded.diagnostics, 2)
  const fleet = loaded.value
  const listed = listNames(fleet)
  if (listed.count > MANY) growHeapSlowly()
  const fatal = [...fleet.diagnostics, ...listed.fatal]
  if (fatal.some(({ severity }) => severity === 'error')) return report.refuse(fatal, 1)
  const writes = !options.check && !options.dryRun
  const folder = resolve(world.cwd, options.out)
  const lock = writes ? takeFolder(folder, shard && `${shard.index}-of-${shard.of}`) : undefined
  if (lock?.ok === false) return report.refuse(lock.diagnostics, 3)
  try {
    const names = lock?.value.names ?? namesIn(folder)
    if (writes) recover(folder, (name) => shard === undefined || isOfShard(shard, name), names)
    const parts = partsAmong(names)
    const opened = openRecords({ world, out: options.out, shard, parts, devices: listed.devices, writes })
    if (!opened.ok) return report.refuse(opened.diagnostics, 1)
    const records = opened.value
    for (const one of fatal) report.diagnostic(one)
    try {
      return await makeAll({ world, options, fleet, listed, records, shard, parts, selects, writes, report })
    } catch (error) {
      // The lock has no room, say: what was found until then is told all the same.
      const thrown = failureOf(error)
      if (thrown.code !== 'machine') throw error
      report.diagnostic(thrown)
      return report.finish()
    } finally {
      records.drop()
    }
  } finally {
    lock?.value.release()
  }
}

/** Whether a shard writes a file of that name: other machines may write others into the same folder at this moment. */
function isOfShard(shard: Shard, name: string): boolean {
  return Object.values(namesFor(shard)).includes(name) || (name.endsWith('.zip') && isIn(shard, name.slice(0, -4)))
}

interface Run {
  readonly world: World
  readonly options: FleetOptions
  readonly fleet: Fleet
  readonly listed: Names
  readonly records: Records
  readonly shard: Shard | undefined
  /** The shards that left a part before this run, which the whole takes the place of. */
  readonly parts: readonly Shard[]
  readonly selects: readonly Select[]
  readonly writes: boolean
  readonly report: FleetReport
}

async function makeAll(run: Run): Promise<ExitCode> {
  const { world, options, records, shard, report, writes } = run
  const { out, quiet, format } = options
  const progress = await startProgress(world, quiet || format !== 'text', 'fleet', run.listed.count)
  try {
    await makeDevices(run, progress.step)
  } finally {
    progress.stop()
  }
  if (run.selects.length === 0) removeGone(run)
  const names = namesFor(shard)
  putText(run, names.lock, records.lock)
  if (shard === undefined && writes) removeParts(world, out, run.parts)
  putText(run, names.index, records.index)
  if (writes) records.keep()
  return report.finish()
}

async function makeDevices(run: Run, step: () => void): Promise<void> {
  const { world, options, fleet, records, shard, report, writes } = run
  const { out, strict, check, compress } = options
  const lookup = profileLookup(world, fleet)
  const local = fleetWork(lookup, { strict, compress })
  const pool = startWorkers(world, fleet, run.listed.count, { strict, compress }, local)
  const make = makeZips(world, lookup, { ...local, ...pool }, { out, write: writes, trust: !check, compress, records })
  const targetsOf = (device: Device, location: Location) => local.check(device, location).made?.profile.targets ?? []
  const answers = inOrder(pool.atOnce)
  try {
    for (const one of fleet.list()) {
      step()
      if (!one.ok) {
        await answers.add(Promise.resolve(() => report.failed(undefined, one.diagnostics)))
        continue
      }
      const { device, location } = one.value
      if (shard !== undefined && !isIn(shard, device.name)) continue
      if (!run.selects.every((select) => select(device, () => targetsOf(device, location)))) continue
      await answers.add(dealWith(run, make, device, location))
    }
    await answers.rest()
  } finally {
    await pool.stop()
  }
}

/** Makes what belongs to a device; what is to be told of it. */
async function dealWith({ listed, report }: Run, make: Make, device: Device, location: Location): Promise<() => void> {
  const first = listed.twice.get(deviceKey(device.name))
  if (first !== undefined) {
    const isFirst = first.line === location.line && first.column === (location.column ?? 0)
    return () => report.failed(device.name, isFirst ? [] : [nameTwice(device.name, first.line, location)])
  }
  const done = await make(device, location)
  return () => report.done(done)
}

/** Tells of what was begun in the order in which it was begun, so many being under way at once. */
function inOrder(most: number) {
  const begun: Promise<() => void>[] = []
  const next = async () => (await begun.shift())?.()
  return {
    add: async (one: Promise<() => void>) => {
      // It is waited for in its turn, and fails then.
      one.catch(() => {})
      begun.push(one)
      if (begun.length >= most) await next()
    },
    rest: async () => {
      while (begun.length > 0) await next()
    },
  }
}

/** The names of a fleet, read before anything is made: of two devices of one name none is right. */
interface Names {
  readonly count: number
  /** In whatever case, for each name that is there more than once the first place of it. */
  readonly twice: ReadonlyMap<string, Spot>
  readonly devices: DeviceTable
  /** What leaves it open which devices there are. */
  readonly fatal: readonly Diagnostic[]
}

function listNames(fleet: Fleet): Names {
  const devices = newDeviceTable()
  const twice = new Map<string, Spot>()
  const fatal: Diagnostic[] = []
  let count = 0
  for (const one of fleet.names()) {
    count += 1
    if (!one.ok) {
      fatal.push(...one.diagnostics)
      continue
    }
    const { name, location } = one.value
    if (deviceNameProblem(name) !== undefined) continue
    const { line = 1, column = 0 } = location
    const first = devices.list(name, { line, column })
    if (first !== undefined) twice.set(deviceKey(name), first)
  }
  return { count, twice, devices, fatal }
}

function nameTwice(name: string, first: number, location: Location): Diagnostic {
  return problem('fleet/name-twice', { name, first }, { path: ['name'], location })
}

/** Devices that earlier runs knew and the fleet has no more lose their zips. */
function removeGone(run: Run): void {
  const { world, options, listed, records, report } = run
  for (const device of listed.devices.gone()) {
    const record = records.of(device)
    records.forget(device)
    const path = join(options.out, zipName(device))
    if (run.writes && record !== undefined && !removeUnchanged(resolve(world.cwd, path), record.sha256))
      report.diagnostic(problem('fleet/left', { path }))
    else report.removed(device)
  }
}

function putText(run: Run, name: string, lines: () => Iterable<string>): void {
  const { world, options, records, shard, writes, report } = run
  const shown = join(options.out, name)
  const path = resolve(world.cwd, shown)
  // Once its parts are merged, a shard has no file of its own to be checked.
  const merged = shard !== undefined && kindAt(resolve(world.cwd, options.out, INDEX_NAME)) === 'file'
  if (options.check && merged && kindAt(path) === undefined) return
  const same = (!options.check && records.areWritten()) || hasText(path, lines())
  if (writes && !same) replaceText(path, lines())
  report.file(shown, same)
}

async function loadFleet(world: World, file: string): Promise<Result<Fleet>> {
  const source = await readSource(world, file)
  return source.ok ? success(readFleet(TARGETS, source.value, file)) : source
}

async function readSource(world: World, file: string): Promise<Result<Uint8Array>> {
  if (file === STDIO) return success(await world.readStdin(MOST_BYTES + 1))
  const path = resolve(world.cwd, file)
  const kind = file === '' ? undefined : kindAt(path)
  if (kind === 'file') return success(readUpTo(path, MOST_BYTES))
  return failure(problem(kind === undefined ? 'input/no-such-file' : 'input/folder', { file }))
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
