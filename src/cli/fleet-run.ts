import { join, resolve } from 'node:path'
import { sha256 } from '../core/artifact.ts'
import { problem, type Diagnostic, type Location } from '../core/diagnostic.ts'
import { kitDigest, loadTemplates, VERSION } from '../effects/assets.ts'
import { replaceFile } from '../effects/tree.ts'
import type { World } from '../effects/world.ts'
import { storedZip } from '../effects/stored-zip.ts'
import { zip } from '../effects/zip.ts'
import { digestAt, lookAt, shareFile } from '../effects/zips.ts'
import type { Device } from '../fleet/device.ts'
import { effective, type Effective } from '../fleet/effective.ts'
import { inputKey } from '../fleet/input-key.ts'
import { zipName } from '../fleet/index-file.ts'
import type { Made, DeviceRecord, Stamp } from '../fleet/record.ts'
import { build } from '../pipeline.ts'
import { entryOf, filesDigest } from '../review/entry.ts'
import { profileText } from '../source/profile.ts'
import { TARGETS } from '../targets/index.ts'
import { describe } from './failure.ts'
import type { Lookup } from './fleet-profiles.ts'
import { isOurZip } from './our-zip.ts'

/** What became of a device's zip. */
export type State = 'new' | 'changed' | 'same' | 'failed'

/** A device that was dealt with; with `state` `failed`, there is nothing else but diagnostics. */
export interface Done {
  readonly device: string
  readonly state: State
  /** Of its zip, as it is now or would be. */
  readonly record: DeviceRecord | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** How the zips of a fleet are made. */
export interface Maker {
  /** Checks a device, and writes its zip if that is wanted and it is not there yet. */
  readonly make: (device: Device, location: Location) => Promise<Done>
  /** The targets that a device has, or none where something is wrong with it. */
  readonly targetsOf: (device: Device, location: Location) => readonly string[]
}

/** What is written, and what is known of earlier runs. */
export interface MakerOptions {
  readonly out: string
  readonly write: boolean
  readonly strict: boolean
  /** A zip that was not touched since its record was made is taken for what the record says, and not read. */
  readonly trust: boolean
  /** What an earlier run noted of a device. */
  readonly recordOf: (device: string) => DeviceRecord | undefined
}

/** What was made already, and a file that holds it; none does where nothing is written. */
interface Kept {
  readonly made: Made
  readonly clean: boolean
  readonly holder: Holder | undefined
}

/** A file of which other devices get a second name. */
interface Holder {
  readonly path: string
  readonly stamp: Stamp
}

/** Devices with equal settings share what is made of them, this many kinds at a time. */
const REMEMBERED = 1_000

/** What a device is to get, checked as far as that is needed. */
interface Wanted {
  readonly key: string
  readonly record: DeviceRecord | undefined
  readonly kept: Kept | undefined
  /** `undefined` where a device with the same key had no problem. */
  readonly checked: Effective | undefined
}

export function fleetMaker(world: World, lookup: Lookup, options: MakerOptions): Maker {
  const template = loadTemplates()
  const keyOf = inputKey(kitDigest())
  const byKey = remembering<Kept>(REMEMBERED)
  // The same may be said in other words.
  const holders = remembering<Holder>(REMEMBERED)

  const check = ({ own, profile, ...device }: Device, location: Location): Effective => {
    const named = lookup(profile, location)
    if (!('document' in named)) return { made: undefined, diagnostics: named }
    const found = effective(TARGETS, { own, profile, ...device }, named)
    if (!options.strict || found.diagnostics.length === 0) return found
    return { made: undefined, diagnostics: found.diagnostics.map((one) => ({ ...one, severity: 'error' })) }
  }

  const wantedOf = (device: Device, location: Location): Wanted => {
    const key = keyOf(device, lookup(device.profile, location))
    const record = options.recordOf(device.name)
    const kept = byKey.get(key)
    const clean = kept?.clean ?? (record?.key === key && record.clean)
    return { key, record, kept, checked: clean ? undefined : check(device, location) }
  }

  const makeZip = async (checked: NonNullable<Effective['made']>) => {
    const source = profileText(checked.profile)
    const bundle = build(template, { ...checked, source, file: '', place: (all) => all, selection: [] }, VERSION)
    const bytes = storedZip(bundle) ?? (await zip(bundle))
    const entries = checked.resolved.map(({ target, assignments }) => {
      const entry = entryOf(assignments, filesDigest(target.id, bundle.artifacts))
      return [target.id, JSON.stringify(entry)] as const
    })
    return { made: { sha256: sha256(bytes), profile: checked.profile.name, entries }, bytes }
  }

  const make = async (device: Device, location: Location): Promise<Done> => {
    const wanted = wantedOf(device, location)
    const diagnostics = wanted.checked?.diagnostics ?? []
    const failed = (...more: readonly Diagnostic[]): Done => ({
      device: device.name,
      state: 'failed',
      record: undefined,
      diagnostics: [...diagnostics, ...more],
    })
    if (wanted.checked !== undefined && wanted.checked.made === undefined) return failed()
    try {
      const done = await place(device, wanted, location)
      return 'code' in done ? failed(done) : { device: device.name, ...done, diagnostics }
    } catch (error) {
      // A disk that is full, or a file that cannot be written: the others may still be.
      const { code, message } = describe(error)
      if (code !== 'machine') throw error
      return failed({ code, severity: 'error', message, path: [], location })
    }
  }

  /** The zip of a device where it belongs, or why it cannot be put there. */
  const place = async (
    device: Device,
    wanted: Wanted,
    location: Location,
  ): Promise<{ readonly state: State; readonly record: DeviceRecord } | Diagnostic> => {
    const { key, record, checked } = wanted
    const clean = checked === undefined || checked.diagnostics.length === 0
    const shown = join(options.out, zipName(device.name))
    const path = resolve(world.cwd, shown)
    const { file, other } = lookAt(path)
    if (other !== undefined) return problem('output/in-the-way', { path: shown, what: other }, { location })
    const recorded = record?.key === key ? record : undefined
    if (options.trust && file !== undefined && isSame(recorded?.stamp, file) && recorded?.clean === clean) {
      if (wanted.kept === undefined) byKey.set(key, { made: recorded, clean, holder: { path, stamp: file } })
      return { state: 'same', record: recorded }
    }
    let made = wanted.kept?.made ?? recorded
    let bytes: Uint8Array | undefined
    if (made === undefined) ({ made, bytes } = await makeZip(profileOf(device, wanted, location)))
    const holder = wanted.kept?.holder ?? holders.get(made.sha256)
    const digest = file === undefined || isSame(holder?.stamp, file) ? made.sha256 : digestAt(path)
    const state = file === undefined ? 'new' : digest === made.sha256 ? 'same' : 'changed'
    if (state === 'changed' && record === undefined && !(await isOurZip(path)))
      return problem('fleet/name-taken', { path: shown }, { location })
    const write = async (): Promise<Stamp> => {
      if (holder === undefined)
        return replaceFile(path, bytes ?? (await makeZip(profileOf(device, wanted, location))).bytes)
      shareFile(holder.path, path)
      return holder.stamp
    }
    const stamp = state === 'same' ? file : options.write ? await write() : undefined
    if (holder === undefined && stamp !== undefined) holders.set(made.sha256, { path, stamp })
    if (wanted.kept === undefined) byKey.set(key, { made, clean, holder: holder ?? (stamp && { path, stamp }) })
    return { state, record: { ...made, device: device.name, key, clean, stamp } }
  }

  /** What is made of a device whose problems, if it had any, are known. */
  const profileOf = (device: Device, { checked }: Wanted, location: Location) => {
    const { made } = checked ?? check(device, location)
    if (made === undefined) throw new Error(`bug: ${device.name} has problems that its key did not show`)
    return made
  }

  return { make, targetsOf: (device, location) => check(device, location).made?.profile.targets ?? [] }
}

function isSame(stamp: Stamp | undefined, file: Stamp): boolean {
  return stamp?.size === file.size && stamp.mtimeMs === file.mtimeMs && stamp.ino === file.ino
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
