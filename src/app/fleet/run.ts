import { resolve } from 'node:path'
import { isError, problem, type Diagnostic } from '../../core/diagnostic.ts'
import { MANY } from '../../fleet/fleet.ts'
import { namesFor, partsAmong } from '../../fleet/parts.ts'
import { isIn, type Shard } from '../../fleet/shard.ts'
import { failureOf } from '../../io/failure.ts'
import { growHeapSlowly } from '../../io/heap.ts'
import { namesIn } from '../../io/outputs.ts'
import { takeFolder } from '../../io/run-lock.ts'
import { recover } from '../../io/tree.ts'
import type { Alike } from '../../fleet/problems.ts'
import type { World } from '../../io/world.ts'
import type { Listener } from '../events.ts'
import { writes as changesFiles } from '../output.ts'
import { choiceProblems, targetsBy } from './chosen.ts'
import { makeDevices } from './devices.ts'
import type { FleetRun } from './fleet-run.ts'
import { profileLookup } from './profiles.ts'
import { openRecords } from './records.ts'
import { choiceOf, type FleetRequest } from './request.ts'
import { listNames, loadFleet } from './source.ts'
import { writeStick } from './stick.ts'
import { newTally, type FleetReport, type Tally } from './tally.ts'
import { writeWhole } from './whole.ts'
import { fleetWork } from './work.ts'

/**
 * Makes a zip for each device of a fleet, with a lock and an index; files that are right already are not touched. Devices
 * and problems are reported while it works, since there may be a hundred thousand of them.
 */
export async function runFleet(world: World, request: FleetRequest, tell: Listener): Promise<FleetReport> {
  const choice = choiceOf(request)
  if (!choice.ok) return { problems: choice.diagnostics.map(alone), summary: undefined }
  const tally = newTally(request, tell)
  const fleet = await loadFleet(world, request.fleet)
  if (!fleet.ok) return refused(tally, fleet.diagnostics)
  const names = listNames(fleet.value)
  if (names.count > MANY) growHeapSlowly()
  const warnings = [...fleet.value.diagnostics, ...names.fatal]
  if (warnings.some(isError)) return refused(tally, warnings)
  const lookup = profileLookup(world, fleet.value)
  const local = fleetWork(lookup, request)
  const unmatched = choiceProblems(fleet.value, choice.value.selects, targetsBy(local.check))
  if (unmatched.length > 0) return refused(tally, unmatched)
  const writes = changesFiles(request)
  const asked = { world, request, choice: choice.value, writes, fleet: fleet.value, names, lookup, local, tally, tell }
  return inFolder(asked, warnings)
}

function alone(first: Diagnostic): Alike {
  return { first, count: 1, lines: [] }
}

/** The result of a run that could not begin. */
function refused(tally: Tally, diagnostics: readonly Diagnostic[]): FleetReport {
  for (const one of diagnostics) tally.problem(one)
  return { problems: tally.problems(), summary: undefined }
}

type Asked = Omit<FleetRun, 'parts' | 'records'>

/** Runs alone in the folder, if it writes, from the first look at it to the end. */
async function inFolder(asked: Asked, warnings: readonly Diagnostic[]): Promise<FleetReport> {
  const { world, request, choice, writes, tally } = asked
  const { shard } = choice
  const folder = resolve(world.cwd, request.out)
  const lock = writes ? takeFolder(folder, shard && `${shard.index}-of-${shard.of}`) : undefined
  if (lock !== undefined && 'pid' in lock) return refused(tally, [problem('fleet/busy', lock)])
  try {
    const there = lock?.names ?? namesIn(folder)
    if (lock !== undefined)
      recover(folder, (name) => shard === undefined || name === lock.mark || isOfShard(shard, name), there)
    return await afterEarlierRuns(asked, there, warnings)
  } finally {
    lock?.release()
  }
}

/** Whether a shard writes a file of that name: other machines may write others into the same folder at this moment. */
function isOfShard(shard: Shard, name: string): boolean {
  return Object.values(namesFor(shard)).includes(name) || (name.endsWith('.zip') && isIn(shard, name.slice(0, -4)))
}

/** Reads the records of earlier runs in a folder with these names, and runs. */
async function afterEarlierRuns(
  asked: Asked,
  there: readonly string[],
  warnings: readonly Diagnostic[],
): Promise<FleetReport> {
  const { world, request, choice, writes, names, tally } = asked
  const parts = partsAmong(there)
  const earlier = { world, out: request.out, shard: choice.shard, parts, devices: names.devices, writes }
  const records = openRecords(earlier)
  if (!records.ok) return refused(tally, records.diagnostics)
  const removal = asked.writes && !request.remove && choice.selects.length === 0 ? largeRemoval(asked) : undefined
  if (removal !== undefined) return refused(tally, [removal])
  for (const one of warnings) tally.problem(one)
  await makeAll({ ...asked, parts, records: records.value })
  return { problems: tally.problems(), summary: tally.summary() }
}

/**
 * The problem of a run that would delete the zips of more than a tenth of the devices, as after a table was cut off. One
 * device is more than a tenth of many a shard, and says nothing about the fleet.
 */
function largeRemoval({ names: { devices }, choice }: Asked): Diagnostic | undefined {
  const gone = devices.gone()
  const before = devices.recorded()
  const few = choice.shard !== undefined && gone.length === 1
  return gone.length * 10 > before && !few ? problem('fleet/removes', { gone, before }) : undefined
}

async function makeAll(run: FleetRun): Promise<void> {
  try {
    const made: string[] = []
    const { stick } = run.request
    await makeDevices(run, stick === undefined ? () => {} : (device) => made.push(device))
    writeWhole(run)
    if (stick !== undefined) writeStick(run, stick, made)
  } catch (error) {
    // If the lock has no room, for instance, everything that was found before is reported all the same.
    const found = failureOf(error)
    if (found.code !== 'machine') throw error
    run.tally.problem(found)
  } finally {
    run.records.drop()
  }
}
