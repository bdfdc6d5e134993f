import { problem } from '../../core/diagnostic.ts'
import { failure, success, type Result } from '../../core/result.ts'
import type { DeviceRecord, Made, Stamp } from '../../fleet/record.ts'
import { replaceFile, shareFile } from '../../io/atomic.ts'
import { digestAt } from '../../io/zips.ts'
import { isOurZipAt } from '../our-zip.ts'
import type { Origin } from './origin.ts'
import type { Row, ZipRun } from './zip-run.ts'

/** A zip in its place. */
export interface Placed {
  readonly state: 'new' | 'changed' | 'same'
  /** `undefined` if nothing is written. */
  readonly stamp: Stamp | undefined
}

/** Puts the zip of a row into its place, unless it is there; a file that is no zip of the kit stays, and is a problem. */
export async function placeZip(run: ZipRun, row: Row, origin: Origin, made: Made): Promise<Result<Placed>> {
  const { device, location, path, file } = row
  const record = run.records.of(device.name)
  if (file === undefined) return success({ state: 'new', stamp: await written(run, row, origin) })
  if (digestThere(run, row, file, origin, record) === made.sha256) return success({ state: 'same', stamp: file })
  if (record === undefined && !isOurZipAt(path))
    return failure(problem('output/foreign-zip', { path: run.shownPathOf(device.name) }, { location }))
  return success({ state: 'changed', stamp: await written(run, row, origin) })
}

/** The digest of the file in place, which is read only if nothing else tells its digest. */
function digestThere(
  { trust }: ZipRun,
  { path }: Row,
  file: Stamp,
  { holder, made }: Origin,
  record: DeviceRecord | undefined,
): string {
  if (made !== undefined && isSame(holder?.stamp, file)) return made.sha256
  return trust && record !== undefined && isSame(record.stamp, file) ? record.sha256 : digestAt(path)
}

async function written(run: ZipRun, row: Row, { holder, bytes }: Origin): Promise<Stamp | undefined> {
  if (!run.write) return undefined
  if (holder !== undefined) {
    shareFile(holder.path, row.path)
    return holder.stamp
  }
  const made = bytes ?? (await run.work.work(row.device, row.location)).zip?.bytes
  if (made === undefined) throw new Error(`bug: ${row.device.name} has problems that its key did not show`)
  return replaceFile(row.path, made)
}

function isSame(stamp: Stamp | undefined, file: Stamp): boolean {
  return stamp?.size === file.size && stamp.mtimeMs === file.mtimeMs && stamp.ino === file.ino
}
