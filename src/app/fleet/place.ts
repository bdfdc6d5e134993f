import { problem } from '../../core/diagnostic.ts'
import { failure, success, type Result } from '../../core/result.ts'
import { isSameStamp, type DeviceRecord, type Made, type Stamp } from '../../fleet/record.ts'
import { placeCopy, replaceFile, shareFile } from '../../io/atomic.ts'
import { digestAt, lookAt, takeName } from '../../io/zips.ts'
import { isOurZipAt } from '../our-zip.ts'
import type { Holder } from './known-zips.ts'
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
  if (digestThere(run, row, file, origin, record) === made.sha256)
    return success({ state: 'same', stamp: run.copies && row.shared ? placed(run, row, placeCopy, row.path) : file })
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
  if (made !== undefined && isSameStamp(holder?.stamp, file)) return made.sha256
  return trust && record !== undefined && isSameStamp(record.stamp, file) ? record.sha256 : digestAt(path)
}

async function written(run: ZipRun, row: Row, { holder, bytes }: Origin): Promise<Stamp | undefined> {
  if (!run.write) return undefined
  if (holder !== undefined && isUntouched(run, holder))
    return placed(run, row, run.copies ? placeCopy : shareFile, holder.path)
  const made = bytes ?? (await run.work.work(row.device, row.location)).zip?.bytes
  if (made === undefined) throw new Error(`bug: ${row.device.name} has problems that its key did not show`)
  return run.records.stampOf(takeName(row.path, () => replaceFile(row.path, made), run.records.moved))
}

/** Whether a zip is as it was when this run wrote or read it: other devices get the same bytes. */
function isUntouched({ records }: ZipRun, { path, stamp }: Holder): boolean {
  const { file } = lookAt(path)
  return file !== undefined && isSameStamp(records.stampOf(file), stamp)
}

/** Puts a link to a file, or a copy of it, into the place of a row; returns the stamp of the file that is there then. */
function placed(run: ZipRun, { path }: Row, put: (from: string, to: string) => void, from: string): Stamp | undefined {
  const before = lookAt(from).file
  takeName(path, () => put(from, path), run.records.moved)
  const { file } = lookAt(path)
  if (file === undefined) return undefined
  if (before?.ino === file.ino) run.records.moved(before, file)
  return run.records.stampOf(file)
}
