import { join, resolve } from 'node:path'
import { sha256 } from '../core/artifact.ts'
import { problem, type Diagnostic, type Location } from '../core/diagnostic.ts'
import { canonicalProfile } from '../core/profile.ts'
import { loadTemplates, VERSION } from '../effects/assets.ts'
import { inTheWay, replaceFile } from '../effects/tree.ts'
import type { World } from '../effects/world.ts'
import { zip } from '../effects/zip.ts'
import { digestAt, isSameFile, shareFile } from '../effects/zips.ts'
import type { Device } from '../fleet/device.ts'
import { effective, type Effective } from '../fleet/effective.ts'
import { zipName, type Indexed } from '../fleet/index-file.ts'
import { build } from '../pipeline.ts'
import { entryKey, entryOf, filesDigest, type Entry } from '../review/entry.ts'
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
  readonly made: Made | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** What a profile becomes, whichever devices have it. */
export interface Made extends Omit<Indexed, 'device'> {
  /** The lines of the lock, by target. */
  readonly entries: readonly (readonly [target: string, entry: Entry])[]
}

/** How the zips of a fleet are made. */
export interface Maker {
  /** Checks a device, and writes its zip if that is wanted and it is not there yet. */
  readonly make: (device: Device, location: Location) => Promise<Done>
  /** The targets that a device has, or none where something is wrong with it. */
  readonly targetsOf: (device: Device, location: Location) => readonly string[]
}

/** What is written, and which zips are known to be the kit's. */
export interface MakerOptions {
  readonly out: string
  readonly write: boolean
  readonly strict: boolean
  /** Devices whose zips an earlier run wrote. */
  readonly before: ReadonlyMap<string, Made>
}

/** What was made already, and a file that holds it; none does where nothing is written. */
interface Kept {
  readonly made: Made
  readonly holder: string | undefined
}

/** Devices with equal settings share what is made of them, this many kinds at a time. */
const REMEMBERED = 1_000

export function fleetMaker(world: World, lookup: Lookup, options: MakerOptions): Maker {
  const template = loadTemplates()
  const kept = new Map<string, Kept>()

  const check = ({ own, profile, ...device }: Device, location: Location): Effective => {
    const named = lookup(profile, location)
    if (!('document' in named)) return { made: undefined, diagnostics: named }
    const found = effective(TARGETS, { own, profile, ...device }, named)
    if (!options.strict || found.diagnostics.length === 0) return found
    return { made: undefined, diagnostics: found.diagnostics.map((one) => ({ ...one, severity: 'error' })) }
  }

  const makeZip = async (checked: NonNullable<Effective['made']>) => {
    const source = profileText(checked.profile)
    const bundle = build(template, { ...checked, source, file: '', place: (all) => all, selection: [] }, VERSION)
    const bytes = await zip(bundle)
    const entries = checked.resolved.map(
      ({ target, assignments }) => [target.id, entryOf(assignments, filesDigest(target.id, bundle.artifacts))] as const,
    )
    return { made: { sha256: sha256(bytes), profile: checked.profile.name, entries }, bytes }
  }

  const make = async (device: Device, location: Location): Promise<Done> => {
    const { made: checked, diagnostics } = check(device, location)
    const failed = (...more: readonly Diagnostic[]): Done => ({
      device: device.name,
      state: 'failed',
      made: undefined,
      diagnostics: [...diagnostics, ...more],
    })
    if (checked === undefined) return failed()
    try {
      const done = await place(device.name, checked, location)
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
    name: string,
    checked: NonNullable<Effective['made']>,
    location: Location,
  ): Promise<{ readonly state: State; readonly made: Made } | Diagnostic> => {
    const shown = join(options.out, zipName(name))
    const path = resolve(world.cwd, shown)
    const what = inTheWay(path, 'file')
    if (what !== undefined) return problem('output/in-the-way', { path: shown, what }, { location })
    const key = JSON.stringify(canonicalProfile(checked.profile))
    const shared = kept.get(key)
    const { made, bytes } = shared === undefined ? await makeZip(checked) : { made: shared.made, bytes: undefined }
    const state = stateOf(path, made, shared?.holder)
    if (state === 'changed' && !options.before.has(name) && !(await isOurZip(path)))
      return problem('fleet/name-taken', { path: shown }, { location })
    if (options.write && state !== 'same') {
      if (shared?.holder !== undefined) shareFile(shared.holder, path)
      else if (bytes !== undefined) replaceFile(path, bytes)
    }
    if (shared === undefined) {
      if (kept.size === REMEMBERED) kept.clear()
      const holds = options.write || state === 'same'
      kept.set(key, { made, holder: holds ? path : undefined })
    }
    return { state, made }
  }

  return { make, targetsOf: (device, location) => check(device, location).made?.profile.targets ?? [] }
}

function stateOf(path: string, made: Made, holder: string | undefined): State {
  if (holder !== undefined && isSameFile(holder, path)) return 'same'
  const digest = digestAt(path)
  return digest === undefined ? 'new' : digest === made.sha256 ? 'same' : 'changed'
}

/** The lines of the lock for a device. */
export function lockEntries(device: string, { entries }: Made): readonly (readonly [string, Entry])[] {
  return entries.map(([target, entry]) => [entryKey(device, target), entry])
}
