import type { Indexed } from './index-file.ts'

/** What a profile becomes, whichever devices have it. */
export interface Made extends Omit<Indexed, 'device'> {
  /** Its entries in the lock, as JSON, by target. */
  readonly entries: readonly (readonly [target: string, entry: string])[]
}

/** What tells whether a file was written again: its size in bytes, when it was changed (ms, with fractions), and its number. */
export interface Stamp {
  readonly size: number
  readonly mtimeMs: number
  readonly ino: number
}

/** What a run knows of a device, for the next one. */
export interface DeviceRecord extends Indexed, Made {
  /** Of all that its zip is made from; `undefined` where nobody noted it. */
  readonly key: string | undefined
  /** Nothing was to be said of the device: whoever has the same key has no problems. */
  readonly clean: boolean
  /** Of its zip, when it was seen to be the one with this digest. */
  readonly stamp: Stamp | undefined
}

/** A record as a line; no part of it has a tab or a line end. */
export function recordLine({ device, key, clean, stamp, sha256, profile, entries }: DeviceRecord): string {
  const texts = entries.map(([target, entry]) => `${target} ${entry}`)
  return `${beginning(device, key, clean, stamp)}${sha256}\t${profile}\t${texts.join('\t')}\n`
}

function beginning(device: string, key: string | undefined, clean: boolean, stamp: Stamp | undefined): string {
  const seen = stamp === undefined ? '-' : `${stamp.size} ${stamp.mtimeMs} ${stamp.ino}`
  return `${device}\t${key ?? '-'}\t${clean ? 'clean' : 'told'}\t${seen}\t`
}

/**
 * The digest of the zip of a device of which a line says that nothing was to be said of it, that it has that key, and that
 * its zip was not touched since.
 */
export function untouched(line: string, device: string, key: string, stamp: Stamp): string | undefined {
  const start = beginning(device, key, true, stamp)
  return line.startsWith(start) ? line.slice(start.length, line.indexOf('\t', start.length)) : undefined
}

/** The device of a line of {@link recordLine}, for whoever needs no more. */
export function deviceOf(line: string): string {
  return line.slice(0, line.indexOf('\t'))
}

/** What a line of {@link recordLine} says. */
export function readRecord(line: string): DeviceRecord {
  const [, key, clean, seen = '-'] = line.split('\t', 4)
  const [size = 0, mtimeMs = 0, ino = 0] = seen.split(' ').map(Number)
  return {
    ...readIndexed(line),
    entries: readEntries(line),
    key: key === '-' ? undefined : key,
    clean: clean === 'clean',
    stamp: seen === '-' ? undefined : { size, mtimeMs, ino },
  }
}

/** What the index says of the device of a line of {@link recordLine}. */
export function readIndexed(line: string): Indexed {
  const [device = '', , , , sha256 = '', profile = ''] = line.trimEnd().split('\t', 6)
  return { device, sha256, profile }
}

/** The entries in the lock of the device of a line of {@link recordLine}. */
export function readEntries(line: string): Made['entries'] {
  const texts = line.trimEnd().split('\t').slice(6)
  return texts
    .filter((text) => text !== '')
    .map((text) => {
      const blank = text.indexOf(' ')
      return [text.slice(0, blank), text.slice(blank + 1)]
    })
}
