import { messagesAbout } from '../message.ts'
import { didYouMean, escapeInvisible, listed, show, some, suggestion } from '../words.ts'

const { error, warning } = messagesAbout('input')
const usage = messagesAbout('usage')

/** Problems with a fleet's file and its devices. */
export const FLEET_MESSAGES = {
  'fleet/not-csv': error((d: { why: string }) => `this line is not CSV: ${d.why}`),
  'fleet/empty': error('the table is empty; its first line names the columns, such as name,profile,targets,idle'),
  'fleet/no-rows': error('there are no devices; below its first line, each line of a table is one device'),
  'fleet/removes': error(
    (d: { gone: readonly string[]; before: number }) =>
      `this run would delete ${d.gone.length} of the ${d.before} zips of earlier runs, since the fleet no longer has ${d.gone.length === 1 ? 'this device' : 'these devices'}: ${some(d.gone)}; if that is right, add --remove`,
  ),
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
  'fleet/stick-full': error(
    (d: { folders: number; stick: string }) =>
      `a folder on FAT, as sticks have it, cannot hold the names of ${d.folders} folders and of the files in ${d.stick}; choose fewer devices with --select, or an empty folder with --stick`,
  ),
  'fleet/stick-others': warning(
    (d: { stick: string; folders: readonly string[] }) =>
      `${d.stick} also holds ${some(d.folders)} of ${d.folders.length === 1 ? 'other settings' : 'other runs'}, which START-HERE.txt does not name; remove what no device needs`,
  ),
  'fleet/unmatched': usage.error((d: { text: string; tags: readonly string[]; sites: readonly string[] }) => {
    const word = d.text.slice(d.text.indexOf(':') + 1)
    const known = d.text.startsWith('site:') ? d.sites : [...d.tags, ...d.sites]
    const near = /^(?:tag|site):/.test(d.text) ? didYouMean(word, known) : ''
    const there = [...kinds('tags', d.tags), ...kinds('sites', d.sites)].join('; ')
    return `--select ${show(d.text)} fits no device${near}${near === '' ? '; this' : ' This'} fleet has ${there === '' ? 'no tags and no sites' : there}`
  }),
  'fleet/nothing-chosen': usage.error(
    (d: { texts: readonly string[] }) =>
      `no device fits ${listed(d.texts.map((text) => `--select ${show(text)}`))} at once; separate alternatives with commas in one --select`,
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
  'merge/other-zip': error(
    (d: { names: readonly string[] }) =>
      `${some(d.names)} ${d.names.length === 1 ? 'is' : 'are'} not as the index of the shard says; bring ${d.names.length === 1 ? 'it' : 'them'} again, or run that shard again`,
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

/** `the tags a, b`; the first twenty, and how many more. */
function kinds(what: string, words: readonly string[]): readonly string[] {
  if (words.length === 0) return []
  const more = words.length > MOST_WORDS ? ` and ${words.length - MOST_WORDS} more` : ''
  return [`the ${what} ${words.slice(0, MOST_WORDS).map(escapeInvisible).join(', ')}${more}`]
}

const MOST_WORDS = 20
