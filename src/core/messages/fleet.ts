import { messagesAbout } from '../message.ts'
import { didYouMean, show, some, suggestion } from '../words.ts'

const { error, warning } = messagesAbout('input')

/** Problems with a fleet's file and its devices. */
export const FLEET_MESSAGES = {
  'fleet/not-csv': error((d: { why: string }) => `this line is not CSV: ${d.why}`),
  'fleet/empty': error('the table is empty; its first line names the columns, such as name,profile,targets,idle'),
  'fleet/no-name-column': error(
    (d: { header: readonly string[] }) =>
      `no column is called name; the first line names the columns, and these are ${some(d.header.map(show))}`,
  ),
  'fleet/column-twice': error((d: { name: string }) => `the column ${show(d.name)} appears twice; remove one of them`),
  'fleet/column-mistyped': error(
    (d: { name: string; known: readonly string[] }) =>
      `there is no column ${show(d.name.trim())}${didYouMean(d.name.trim(), d.known)} A column for something else needs a less similar name`,
  ),
  'fleet/columns-not-read': warning(
    (d: { names: readonly string[] }) =>
      `${d.names.length === 1 ? 'one column is' : `${d.names.length} columns are`} not about keep-alive and not read: ${some(d.names.map(show))}`,
  ),
  'fleet/too-many-cells': error(
    (d: { cells: number; columns: number }) =>
      `this line has ${d.cells} cells, and there are ${d.columns} columns; put a cell with the separator in it between quotes`,
  ),
  'fleet/bad-name': error((d: { name: string; why: string }) => `the device's name ${show(d.name)} ${d.why}`),
  'fleet/name-twice': error(
    (d: { name: string; first: number }) =>
      `${d.name} is in line ${d.first} already; each device has one line, and names that differ only in case are the same file on some systems`,
  ),
  'fleet/no-profile': error(
    (d: { profile: string; why: string }) => `the profile ${show(d.profile)} cannot be used: ${d.why}`,
  ),
  'fleet/name-taken': error(
    (d: { path: string }) =>
      `${d.path} exists and is not a zip that the kit wrote; move it away or choose another folder with --out`,
  ),
  'fleet/left': warning(
    (d: { path: string }) =>
      `${d.path} belongs to a device that is no longer in the fleet, but it was changed since the kit wrote it, so it stays`,
  ),
  'fleet/no-index': error(
    (d: { path: string }) =>
      `${d.path} and the lock beside it list the files here, but one of them cannot be read; restore them, or remove both and run again`,
  ),
  'fleet/busy': error(
    (d: { pid: number; path: string }) =>
      `another run, with pid ${d.pid}, is writing there; wait until it ends; if no keepalive-kit has that pid, remove ${d.path}`,
  ),
  'fleet/other-parts': error(
    (d: { out: string; of: number; now: number }) =>
      `${d.out} holds parts of ${d.of} shards, which cannot be merged with parts of ${d.now}; merge them first, or run fleet once without --shard`,
  ),
  'merge/no-parts': error(
    (d: { folder: string }) =>
      `${d.folder} holds no parts of shards (devices.1-of-2.csv, keepalive.lock.1-of-2.json); run fleet with --shard first`,
  ),
  'merge/missing': error(
    (d: { names: readonly string[] }) =>
      `${some(d.names)} ${d.names.length === 1 ? 'is' : 'are'} missing; every shard must have run, and its files must be here`,
  ),
  'merge/counts': error(
    (d: { counts: readonly number[] }) =>
      `the parts are from runs with ${d.counts.join(' and with ')} shards; remove those of the other runs`,
  ),
  'merge/not-a-part': error(
    (d: { name: string }) => `${d.name} is not a part that the kit wrote for that shard; run that shard again`,
  ),
  'merge/no-zip': error(
    (d: { names: readonly string[] }) =>
      `${some(d.names)} ${d.names.length === 1 ? 'is' : 'are'} not here; bring the zips of every shard into this folder`,
  ),
  'fleet/too-large': error(
    (d: { max: number }) =>
      `a fleet in YAML or JSON has at most ${d.max} bytes, since it is read whole; write it as CSV, which is read line by line`,
  ),
  'fleet/no-devices': error('there are no devices; name them under devices, each with a name'),
  'fleet/unknown-key': error(
    (d: { key: string; known: readonly string[] }) =>
      `a fleet has no key ${show(d.key)}${suggestion(d.key, 'keys here', d.known)}`,
  ),
  'fleet/wrong-type': error((d: { key: string; expected: string }) => `${d.key} must be ${d.expected}`),
} as const
