import { basename, dirname, resolve } from 'node:path'
import { stampAt } from '../../io/outputs.ts'
import { newSpool, openSpool, type Spool } from '../../io/spool.ts'
import { recover } from '../../io/tree.ts'
import { failure, success, type Result } from '../../core/result.ts'
import type { World } from '../../io/world.ts'
import { indexLines, type Indexed } from '../../fleet/index-file.ts'
import { linkTimeLine, linkTimes, readLinkTime, type LinkTime } from '../../fleet/link-times.ts'
import { namesFor } from '../../fleet/parts.ts'
import {
  deviceOf,
  readEntries,
  readIndexed,
  readRecord,
  recordLine,
  stampText,
  untouched,
  type DeviceRecord,
  type Stamp,
} from '../../fleet/record.ts'
import { byEntryKey, byName, type RecordPosition, type DeviceTable } from '../../fleet/device-table.ts'
import type { Shard } from '../../fleet/shard.ts'
import { entryKey } from '../../review/entry.ts'
import { lockLines } from '../../review/lock.ts'
import { readBefore } from './before.ts'
import { recordsPath } from './leftovers.ts'

/** The records of all devices, from earlier runs and from this one. */
export interface Records {
  readonly of: (device: string) => DeviceRecord | undefined
  /** The digest of the zip of a device that had no problems, whose key is the same, and whose zip was not touched. */
  readonly untouched: (device: string, key: string, stamp: Stamp) => string | undefined
  /** The stamp that a record has of a file, unless somebody changed the file. */
  readonly stampOf: (file: Stamp) => Stamp
  /** Notes the stamps of a file before and after this run made or removed a name of it. */
  readonly moved: (before: Stamp, after: Stamp) => void
  readonly put: (record: DeviceRecord) => void
  readonly forget: (device: string) => void
  /** Whether index and lock are untouched and say just what the records say. */
  readonly areWritten: () => boolean
  /** The index and the lock that they make. */
  readonly index: () => Iterable<string>
  readonly lock: () => Iterable<string>
  /** Keeps the records for the next run, once index and lock are written. */
  readonly keep: () => void
  readonly drop: () => void
}

/** The output of a run: where it lies, and what is known about it. */
export interface RunOutput {
  readonly world: World
  readonly out: string
  readonly shard: Shard | undefined
  /** The shards that left a part in the folder before this run, of whatever number. */
  readonly parts: readonly Shard[]
  readonly devices: DeviceTable
  /** Whether the run writes; without it, no records are kept for the next run. */
  readonly writes: boolean
}

/**
 * Opens the records of earlier runs, if index and lock are still those that were written with them; else makes records of
 * index and lock. The records are no output, so they lie beside the folder, and to lose them costs time only.
 */
export function openRecords(output: RunOutput): Result<Records> {
  const { devices } = output
  const path = recordsPath(output.world, output.out, output.shard)
  if (output.writes) recover(dirname(path), (name) => name === basename(path))
  const before = recordsBefore(path, output)
  const read = before === undefined ? readBefore(output.world, output.out, output.shard, output.parts) : undefined
  if (read !== undefined && read.before === undefined) return failure(...read.diagnostics)
  const now = newSpool(output.writes ? path : undefined)
  // The one is of the index and the lock, the other of everything.
  let [written, noted] = [before !== undefined, before !== undefined]
  const add = (record: DeviceRecord) => {
    noted = false
    devices.record(record.device, { from: 'now', at: now.add(recordLine(record)) })
  }
  const drop = () => {
    before?.drop()
    now.drop()
  }
  const kept: LinkTime[] = []
  try {
    for (const [at, line] of before?.lines() ?? []) {
      if (!line.startsWith(OTHER)) devices.record(deviceOf(line), { from: 'before', at })
      const time = line.startsWith(OTHER) ? readLinkTime(line) : undefined
      if (time !== undefined) kept.push(time)
    }
    for (const [device, made] of read?.before ?? [])
      add({ device, ...made, key: undefined, clean: false, stamp: undefined })
  } catch (error) {
    drop()
    throw error
  }
  const times = linkTimes(kept)
  const lineAt = ({ from, at }: RecordPosition): string => (from === 'before' ? before : now)?.read(at) ?? ''
  function* sorted(order: typeof byName): Generator<string> {
    for (const place of devices.records(order)) yield lineAt(place)
  }
  const of = (device: string) => {
    const place = devices.recordOf(device)
    const record = place && readRecord(lineAt(place))
    return record?.device === device ? record : undefined
  }
  return success({
    of,
    untouched: (device, key, stamp) => {
      const place = devices.recordOf(device)
      return place && untouched(lineAt(place), device, key, stamp)
    },
    stampOf: times.recorded,
    moved: (one, other) => {
      noted = false
      times.moved(one, other)
    },
    put: (record) => {
      written &&= saysTheSame(of(record.device), record)
      add(record)
    },
    forget: (device) => {
      written = noted = false
      devices.forget(device)
    },
    areWritten: () => written,
    index: () => indexLines(indexedIn(sorted(byName))),
    lock: () => lockLines(entriesIn(sorted(byEntryKey))),
    keep: () => {
      if (noted) return
      for (const place of devices.records(byName)) if (place.from === 'before') now.add(lineAt(place))
      for (const time of times.all(devices.recorded())) now.add(linkTimeLine(time))
      now.add(endLine(output))
      now.keep()
    },
    drop,
  })
}

/** Whether two records of a device make the same index and lock. */
function saysTheSame(one: DeviceRecord | undefined, { sha256, folder, entries }: DeviceRecord): boolean {
  return one?.sha256 === sha256 && one.folder === folder && String(one.entries.flat()) === String(entries.flat())
}

function* indexedIn(lines: Iterable<string>): Generator<Indexed> {
  for (const line of lines) yield readIndexed(line)
}

function* entriesIn(lines: Iterable<string>): Generator<readonly [string, string]> {
  for (const line of lines) {
    const device = deviceOf(line)
    for (const [target, entry] of readEntries(line)) yield [entryKey(device, target), entry]
  }
}

/** The beginning of lines that are not of a device. */
const OTHER = '\t'

/** The last line: the stamps of the index and the lock that belong to the records. */
function endLine({ world, out, shard }: RunOutput): string {
  const { index, lock } = namesFor(shard)
  const stamps = [index, lock].map((name) => stampText(stampAt(resolve(world.cwd, out, name))))
  return `${OTHER}keepalive-kit 2\t${stamps.join('\t')}\n`
}

function recordsBefore(path: string, output: RunOutput): Spool | undefined {
  if (stampAt(path) === undefined) return undefined
  // Shards have run since.
  if (output.shard === undefined && output.parts.length > 0) return undefined
  const spool = openSpool(path)
  if (spool.lastLine() === endLine(output)) return spool
  spool.drop()
  return undefined
}
