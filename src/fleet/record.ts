import type { Indexed } from './index-file.ts'

/** The zip of settings, for every device that has it. */
export interface Made extends Omit<Indexed, 'device'> {
  /** Its entries in the lock, as JSON, by target. */
  readonly entries: readonly (readonly [target: string, entry: string])[]
}

/**
 * Tells whether a file was written again, or written to: its size in bytes, the times of its content and of the file (ms, with
 * fractions), and its inode. Anybody can set the time of the content back, but not that of the file.
 */
export interface Stamp {
  readonly size: number
  readonly mtimeMs: number
  readonly ino: number
  readonly ctimeMs: number
}

/** Whether two stamps are of one file in one state. */
export function isSameStamp(one: Stamp | undefined, other: Stamp | undefined): boolean {
  return one !== undefined && other !== undefined && stampText(one) === stampText(other)
}

/** A stamp as a part of a line. */
export function stampText(stamp: Stamp | undefined): string {
  return stamp === undefined ? '-' : `${stamp.size} ${stamp.mtimeMs} ${stamp.ino} ${stamp.ctimeMs}`
}

/** A device as one run records it for the next. */
export interface DeviceRecord extends Indexed, Made {
  /** The digest of all that its zip is made from; `undefined` if it was not recorded. */
  readonly key: string | undefined
  /** The device has no problems, and neither has any other with the same key. */
  readonly clean: boolean
  /** The stamp of its zip, taken when the zip had this digest. */
  readonly stamp: Stamp | undefined
}

/** A record as a line; no part of it has a tab or a line end. */
export function recordLine({ device, key, clean, stamp, sha256, folder, entries }: DeviceRecord): string {
  const texts = entries.map(([target, entry]) => `${target} ${entry}`)
  return `${beginning(device, key, clean, stamp)}${sha256}\t${folder}\t${texts.join('\t')}\n`
}

function beginning(device: string, key: string | undefined, clean: boolean, stamp: Stamp | undefined): string {
  return `${device}\t${key ?? '-'}\t${clean ? 'clean' : 'told'}\t${stampText(stamp)}\t`
}

/**
 * The digest of a device's zip, if the line says that the device has no problems and that key, and if its zip was not
 * touched since.
 */
export function untouched(line: string, device: string, key: string, stamp: Stamp): string | undefined {
  const start = beginning(device, key, true, stamp)
  return line.startsWith(start) ? line.slice(start.length, line.indexOf('\t', start.length)) : undefined
}

/** Reads only the device of a line of {@link recordLine}. */
export function deviceOf(line: string): string {
  return line.slice(0, line.indexOf('\t'))
}

/** Reads a line of {@link recordLine}. */
export function readRecord(line: string): DeviceRecord {
  const [, key, clean, seen = '-'] = line.split('\t', 4)
  const [size = 0, mtimeMs = 0, ino = 0, ctimeMs = 0] = seen.split(' ').map(Number)
  return {
    ...readIndexed(line),
    entries: readEntries(line),
    key: key === '-' ? undefined : key,
    clean: clean === 'clean',
    stamp: seen === '-' ? undefined : { size, mtimeMs, ino, ctimeMs },
  }
}

/** Reads the parts of a line of {@link recordLine} that the index has too. */
export function readIndexed(line: string): Indexed {
  const [device = '', , , , sha256 = '', folder = ''] = line.trimEnd().split('\t', 6)
  return { device, sha256, folder }
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
