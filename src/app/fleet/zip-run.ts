import { join, resolve, sep } from 'node:path'
import type { Location } from '../../core/diagnostic.ts'
import type { Device } from '../../fleet/device.ts'
import { zipName } from '../../fleet/index-file.ts'
import { inputKey } from '../../fleet/input-key.ts'
import type { Stamp } from '../../fleet/record.ts'
import { kitDigest } from '../../io/assets.ts'
import type { World } from '../../io/world.ts'
import { knownZips, type KnownZips } from './known-zips.ts'
import type { Lookup } from './profiles.ts'
import type { Records } from './records.ts'
import type { FleetWork } from './work.ts'

/** Everything that the devices of one run share. */
export interface ZipRun {
  readonly pathOf: (device: string) => string
  /** The path in messages. */
  readonly shownPathOf: (device: string) => string
  readonly lookup: Lookup
  readonly keyOf: ReturnType<typeof inputKey>
  readonly work: FleetWork
  readonly write: boolean
  /** Whether a zip that is written, or shared with another device, becomes a file of its own. */
  readonly copies: boolean
  /** Whether an untouched zip is trusted to be as its record says, and not read. */
  readonly trust: boolean
  /** The records of earlier runs and of this one. */
  readonly records: Records
  readonly known: KnownZips
}

/** The parts of a run over a fleet. */
export interface ZipRunInput extends Pick<ZipRun, 'lookup' | 'work' | 'write' | 'copies' | 'trust' | 'records'> {
  readonly world: World
  readonly out: string
  /** Zips are deflated, so that they differ from those of a run without. */
  readonly compress: boolean
}

/** Starts to make the zips of a fleet. */
export function newZipRun({ world, out, compress, ...given }: ZipRunInput): ZipRun {
  const folder = resolve(world.cwd, out)
  const pathOf = (device: string) => `${folder}${sep}${zipName(device)}`
  return {
    ...given,
    pathOf,
    shownPathOf: (device) => join(out, zipName(device)),
    keyOf: inputKey(compress ? `${kitDigest()} compressed` : kitDigest()),
    known: knownZips(pathOf, given.records),
  }
}

/** A device with the key of all that its zip is made from, and its zip's place with the file that is there. */
export interface Row {
  readonly device: Device
  readonly location: Location
  readonly key: string
  readonly path: string
  readonly file: Stamp | undefined
  /** Whether that file has other names, such as the zips of devices with the same settings. */
  readonly shared: boolean
}
