import { encode, type Artifact } from '../core/artifact.ts'
import { aligned } from '../core/table.ts'

/** The file on a stick that leads from a device to its folder. */
export const START_NAME = 'START-HERE.txt'

/** A device as the stick has it. */
export interface Carried {
  readonly device: string
  readonly folder: string
  /** The ids of its targets, which are folders in its folder. */
  readonly targets: readonly string[]
}

const TITLE = 'TCP keep-alive: the folder of each device'

/** The file of a stick: a line for each device and system, in the order given. */
export function startHere(devices: readonly Carried[]): Artifact {
  const rows = devices.flatMap(({ device, folder, targets }) =>
    targets.map((target) => [device, target, `${folder}\\${target}`]),
  )
  const lines = [
    TITLE,
    '',
    '1. Find the device in this list.',
    '2. Open its folder, beside this file. Its README.txt names the settings and the steps.',
    '3. Follow the part of README.txt for the system.',
    '',
    ...aligned([['device', 'system', 'folder'], ...rows]),
    '',
  ]
  return encode(START_NAME, 'text', lines.join('\r\n'))
}

/** Whether a file was written by {@link startHere}. */
export function isStartHere(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, TITLE.length + 8))
  return head.startsWith(`${TITLE}\r\n`)
}

/**
 * The entries that a folder on FAT32 holds at most:
 * https://qnx.com/developers/docs/8.0/com.qnx.doc.neutrino.user_guide/topic/limits_FAT.html
 */
export const FAT_ENTRIES = 65_536

/** The entries that names take in a folder on FAT: one, and one more for each 13 characters of a long name. */
export function fatEntries(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + 1 + Math.ceil(name.length / 13), 0)
}
