import { problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import type { Device } from '../../fleet/device.ts'
import { isSameStamp, type Made } from '../../fleet/record.ts'
import { failureOf } from '../../io/failure.ts'
import { lookAt } from '../../io/zips.ts'
import type { DeviceState } from '../events.ts'
import type { KnownZip } from './known-zips.ts'
import { originOf, type Origin } from './origin.ts'
import { placeZip, type Placed } from './place.ts'
import type { Row, ZipRun } from './zip-run.ts'

// A device's way to its zip: a row gets its key; a zip for that key is known, or made; it is put into its place; and it is
// recorded. Each step is in a file of its own, and none returns to an earlier one.

/** The result for a device; with `state` `failed`, it has nothing but diagnostics. */
export interface Done {
  readonly device: string
  readonly state: Exclude<DeviceState, 'removed'>
  /** The digest of its zip, as it is now or would be. */
  readonly sha256: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Checks a device, and writes its zip if the run writes and the zip is not there yet. Several may be under way at once. */
export async function makeZip(run: ZipRun, device: Device, location: Location): Promise<Done> {
  const path = run.pathOf(device.name)
  const { file, other } = lookAt(path)
  if (other !== undefined) {
    const data = { path: run.shownPathOf(device.name), what: other }
    return failed(device, [problem('output/in-the-way', data, { location })])
  }
  const key = run.keyOf(device, run.lookup(device.profile, location))
  const stamp = file && run.records.stampOf(file)
  const row: Row = { device, location, key, path, file: stamp, shared: file !== undefined && file.nlink > 1 }
  return untouched(run, row) ?? (await settled(run, row))
}

/** The result for a row whose zip is untouched since it was made for the same key, as for most of a large fleet. */
function untouched(run: ZipRun, { device, key, file, shared }: Row): Done | undefined {
  const mayStay = run.trust && !(run.copies && shared)
  const sha256 = mayStay && file !== undefined ? run.records.untouched(device.name, key, file) : undefined
  if (sha256 === undefined) return undefined
  run.known.noteUntouched(key, device.name)
  return { device: device.name, state: 'same', sha256, diagnostics: [] }
}

/** The result for any other row; the first row of a key makes the zip for all of that key. */
async function settled(run: ZipRun, row: Row): Promise<Done> {
  const turn = run.known.take(row.key)
  try {
    const origin = await originOf(run, row, await turn.known)
    const { made, diagnostics } = origin
    if (made === undefined) return failed(row.device, diagnostics)
    const placed = await placeZip(run, row, origin, made)
    if (!placed.ok) return failed(row.device, [...diagnostics, ...placed.diagnostics])
    turn.settle(recorded(run, row, origin, made, placed.value))
    return { device: row.device.name, state: placed.value.state, sha256: made.sha256, diagnostics }
  } catch (error) {
    // After a full disk, or a file that cannot be written, other devices may still succeed.
    const found = failureOf(error, row.location)
    if (found.code !== 'machine') throw error
    return failed(row.device, [found])
  } finally {
    turn.settle(undefined)
  }
}

/** Notes a zip for the next run, and for the devices after this one that have the same. */
function recorded(run: ZipRun, row: Row, origin: Origin, made: Made, { stamp }: Placed): KnownZip {
  const clean = origin.diagnostics.length === 0
  run.records.put({ ...made, device: row.device.name, key: row.key, clean, stamp })
  // Not the earlier holder if that could not be shared.
  const holder = isSameStamp(origin.holder?.stamp, stamp) ? origin.holder : stamp && { path: row.path, stamp }
  if (holder !== undefined) run.known.hold(made.sha256, holder)
  return { made: () => made, clean, holder }
}

function failed(device: Device, diagnostics: readonly Diagnostic[]): Done {
  return { device: device.name, state: 'failed', sha256: undefined, diagnostics }
}
