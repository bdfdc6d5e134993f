import { join, resolve, sep } from 'node:path'
import { problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import { failure, success } from '../../core/result.ts'
import { kitDigest } from '../../io/assets.ts'
import { failureOf } from '../../io/failure.ts'
import { replaceFile } from '../../io/tree.ts'
import type { World } from '../../io/world.ts'
import { digestAt, lookAt, shareFile } from '../../io/zips.ts'
import type { Device } from '../../fleet/device.ts'
import { zipName } from '../../fleet/index-file.ts'
import { inputKey } from '../../fleet/input-key.ts'
import type { DeviceRecord, Made, Stamp } from '../../fleet/record.ts'
import type { Lookup } from './profiles.ts'
import type { Records } from './records.ts'
import type { FleetWork } from './work.ts'
import { isOurZip } from './our-zip.ts'

/** What became of a device's zip. */
export type State = 'new' | 'changed' | 'same' | 'failed'

/** A device that was dealt with; with `state` `failed`, there is nothing else but diagnostics. */
export interface Done {
  readonly device: string
  readonly state: State
  /** Of its zip, as it is now or would be. */
  readonly sha256: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Checks a device, and writes its zip if that is wanted and it is not there yet. Several may be under way at once. */
export type Make = (device: Device, location: Location) => Promise<Done>

/** What is written, and what is known of earlier runs. */
export interface MakeOptions {
  readonly out: string
  readonly write: boolean
  /** A zip that was not touched since its record was made is taken for what the record says, and not read. */
  readonly trust: boolean
  /** Zips are deflated. */
  readonly compress: boolean
  /** What earlier runs noted of each device; what is made now is noted there. */
  readonly records: Records
}

/** A zip that is in its place, of which other devices get a second name. */
interface Holder {
  readonly path: string
  readonly stamp: Stamp
}

/** What was made already for a key; a device with a problem has it again, at its own place. */
interface KnownZip {
  readonly made: () => Made
  readonly clean: boolean
  /** `undefined` where nothing is written, or could be. */
  readonly holder: Holder | undefined
}

/** Devices with equal settings share what is made of them, this many kinds at a time. */
const REMEMBERED = 1_000

/** A zip's place, and what is there. */
interface ZipSlot {
  readonly path: string
  readonly file: Stamp | undefined
}

/** What the zip of a device is, wherever that is known from. */
interface Origin {
  readonly diagnostics: readonly Diagnostic[]
  /** `undefined` where something is wrong with the device. */
  readonly made: Made | undefined
  /** Where it was just made. */
  readonly bytes: Uint8Array | undefined
  readonly holder: Holder | undefined
}

/** Makes the zips of a fleet. */
export function makeZips(world: World, lookup: Lookup, { check, work }: FleetWork, options: MakeOptions): Make {
  const { records, trust, write, compress } = options
  const keyOf = inputKey(compress ? `${kitDigest()} compressed` : kitDigest())
  const byKey = remembering<Promise<KnownZip | undefined>>(REMEMBERED)
  // Of a device whose zip was not touched, its name says all that another one may need: most of a large fleet is so.
  const untouched = remembering<string>(REMEMBERED)
  // The same may be said in other words.
  const holders = remembering<Holder>(REMEMBERED)

  const folder = resolve(world.cwd, options.out)
  const pathOf = (device: string) => `${folder}${sep}${zipName(device)}`
  const shown = (device: Device) => join(options.out, zipName(device.name))

  /** What an untouched device has for a key. */
  const keptOf = (device: string | undefined, key: string): Promise<KnownZip | undefined> | undefined => {
    if (device === undefined) return undefined
    const path = pathOf(device)
    const { file } = lookAt(path)
    if (file === undefined || records.untouched(device, key, file) === undefined) return undefined
    return Promise.resolve({ made: () => records.of(device) as Made, clean: true, holder: { path, stamp: file } })
  }

  const originOf = async (
    device: Device,
    location: Location,
    key: string,
    kept: KnownZip | undefined,
  ): Promise<Origin> => {
    const record = records.of(device.name)
    const known = kept ?? (record?.key === key ? { made: () => record, clean: record.clean, holder: undefined } : kept)
    if (known === undefined) {
      const { diagnostics, zip } = await work(device, location)
      return { diagnostics, made: zip?.made, bytes: zip?.bytes, holder: zip && holders.get(zip.made.sha256) }
    }
    const found = known.clean ? undefined : check(device, location)
    const isWrong = found !== undefined && found.made === undefined
    return {
      diagnostics: found?.diagnostics ?? [],
      made: isWrong ? undefined : known.made(),
      bytes: undefined,
      holder: known.holder,
    }
  }

  const written = async (device: Device, location: Location, { path }: ZipSlot, { holder, bytes }: Origin) => {
    if (holder !== undefined) {
      shareFile(holder.path, path)
      return holder.stamp
    }
    const made = bytes ?? (await work(device, location)).zip?.bytes
    if (made === undefined) throw new Error(`bug: ${device.name} has problems that its key did not show`)
    return replaceFile(path, made)
  }

  /** Of what is there; it is read only where nothing else tells. */
  const digestOf = ({ path }: ZipSlot, file: Stamp, { holder, made }: Origin, record: DeviceRecord | undefined) => {
    if (made !== undefined && isSame(holder?.stamp, file)) return made.sha256
    return trust && record !== undefined && isSame(record.stamp, file) ? record.sha256 : digestAt(path)
  }

  /** Puts the zip of a device where it belongs. */
  const put = async (device: Device, location: Location, place: ZipSlot, origin: Origin, made: Made) => {
    const { path, file } = place
    const record = records.of(device.name)
    const state: State =
      file === undefined ? 'new' : digestOf(place, file, origin, record) === made.sha256 ? 'same' : 'changed'
    if (state === 'changed' && record === undefined && !isOurZip(path))
      return failure(problem('fleet/name-taken', { path: shown(device) }, { location }))
    if (state === 'same') return success({ state, stamp: file })
    return success({ state, stamp: write ? await written(device, location, place, origin) : undefined })
  }

  const makeAt = async (
    device: Device,
    location: Location,
    place: ZipSlot,
    key: string,
    before: KnownZip | undefined,
  ) => {
    const origin = await originOf(device, location, key, before)
    const { made, diagnostics } = origin
    if (made === undefined) return { done: failed(device, diagnostics) }
    const placed = await put(device, location, place, origin, made)
    if (!placed.ok) return { done: failed(device, [...diagnostics, ...placed.diagnostics]) }
    const { state, stamp } = placed.value
    const clean = diagnostics.length === 0
    records.put({ ...made, device: device.name, key, clean, stamp })
    const holder = origin.holder ?? (stamp && { path: place.path, stamp })
    if (holder !== undefined) holders.set(made.sha256, holder)
    const kept: KnownZip = { made: () => made, clean, holder }
    return { done: { device: device.name, state, sha256: made.sha256, diagnostics }, kept }
  }

  return async (device, location) => {
    const path = pathOf(device.name)
    const { file, other } = lookAt(path)
    if (other !== undefined)
      return failed(device, [problem('output/in-the-way', { path: shown(device), what: other }, { location })])
    const key = keyOf(device, lookup(device.profile, location))
    const sha256 = trust && file !== undefined ? records.untouched(device.name, key, file) : undefined
    if (sha256 !== undefined) {
      untouched.set(key, device.name)
      return { device: device.name, state: 'same', sha256, diagnostics: [] }
    }
    const before = byKey.get(key) ?? keptOf(untouched.get(key), key)
    const first = before === undefined ? later<KnownZip | undefined>() : undefined
    if (first !== undefined) byKey.set(key, first.promise)
    try {
      const { done, kept } = await makeAt(device, location, { path, file }, key, await before)
      first?.settle(kept)
      return done
    } catch (error) {
      // A disk that is full, or a file that cannot be written: the others may still be.
      const thrown = failureOf(error, location)
      if (thrown.code !== 'machine') throw error
      return failed(device, [thrown])
    } finally {
      first?.settle(undefined)
    }
  }
}

function failed(device: Device, diagnostics: readonly Diagnostic[]): Done {
  return { device: device.name, state: 'failed', sha256: undefined, diagnostics }
}

function isSame(stamp: Stamp | undefined, file: Stamp): boolean {
  return stamp?.size === file.size && stamp.mtimeMs === file.mtimeMs && stamp.ino === file.ino
}

/** A promise, and what keeps it; only the first call counts. */
function later<Value>() {
  let settle: (value: Value) => void = () => {}
  const promise = new Promise<Value>((keep) => {
    settle = keep
  })
  return { promise, settle }
}

/** A map that forgets all when it has so many entries. */
function remembering<Value>(most: number) {
  const map = new Map<string, Value>()
  return {
    get: (key: string) => map.get(key),
    set: (key: string, value: Value) => {
      if (map.size === most) map.clear()
      map.set(key, value)
    },
  }
}
