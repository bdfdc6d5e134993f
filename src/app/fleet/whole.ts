import { join, resolve } from 'node:path'
import { problem } from '../../core/diagnostic.ts'
import { zipName } from '../../fleet/index-file.ts'
import { INDEX_NAME, namesFor } from '../../fleet/parts.ts'
import { hasText, replaceText } from '../../io/long-text.ts'
import { kindAt, namesIn } from '../../io/outputs.ts'
import { lookAt, removeUnchanged, takeName } from '../../io/zips.ts'
import { isOurZipAt } from '../our-zip.ts'
import type { FleetRun } from './fleet-run.ts'
import { removeParts } from './leftovers.ts'

/** Ends a run after its zips: removes the zips of devices that are gone, then writes lock, index and records. */
export function writeWhole(run: FleetRun): void {
  const { world, request, choice, writes, parts, records } = run
  if (choice.selects.length === 0) removeGone(run)
  if (request.check && choice.shard === undefined) nameStrayZips(run)
  const names = namesFor(choice.shard)
  putText(run, names.lock, records.lock)
  if (choice.shard === undefined && writes) removeParts(world, request.out, parts)
  putText(run, names.index, records.index)
  if (writes) records.keep()
}

/** Deletes zips of removed devices; edited files are kept. */
function removeGone({ world, request, writes, names, records, tally }: FleetRun): void {
  for (const device of names.devices.gone()) {
    const record = records.of(device)
    records.forget(device)
    const path = join(request.out, zipName(device))
    const at = resolve(world.cwd, path)
    const remove = (digest: string) => takeName(at, () => removeUnchanged(at, digest), records.moved)
    if (writes && record !== undefined && !remove(record.sha256))
      tally.problem(problem('fleet/left', { path }, { severity: 'warning' }))
    else tally.removed(device)
  }
}

/** Names zips of the kit that belong to no device: a killed run leaves them, or a name whose case changed. */
function nameStrayZips({ world, request, names: { devices }, tally }: FleetRun): void {
  const folder = resolve(world.cwd, request.out)
  const there = new Set(namesIn(folder).filter((name) => name.endsWith('.zip')))
  for (const name of there) {
    const device = devices.listed(name.slice(0, -'.zip'.length))
    // Where case does not count, the file of a device may still have its earlier name.
    const isOfDevice = device !== undefined && (zipName(device) === name || !there.has(zipName(device)))
    const isFile = () => lookAt(resolve(folder, name)).file !== undefined
    if (!isOfDevice && isFile() && isOurZipAt(resolve(folder, name))) tally.stray(join(request.out, name))
  }
}

/** Writes or compares the lock or the index. */
function putText(run: FleetRun, name: string, lines: () => Iterable<string>): void {
  const { world, request, writes, records, tally } = run
  const shown = join(request.out, name)
  const path = resolve(world.cwd, shown)
  if (isMergedPart(run) && kindAt(path) === undefined) return
  const same = (!request.check && records.areWritten()) || hasText(path, lines())
  if (writes && !same) replaceText(path, lines())
  tally.file(shown, same)
}

/** Once its parts are merged, a shard has no file of its own that could be compared. */
function isMergedPart({ world, request, choice }: FleetRun): boolean {
  const isMerged = () => kindAt(resolve(world.cwd, request.out, INDEX_NAME)) === 'file'
  return request.check && choice.shard !== undefined && isMerged()
}
