import type { Made, Stamp } from '../../fleet/record.ts'
import { lookAt } from '../../io/zips.ts'
import type { Records } from './records.ts'

/** A zip that is in its place, of which other devices get a second name. */
export interface Holder {
  readonly path: string
  readonly stamp: Stamp
}

/** A zip that is known for a key; a device with a problem has that problem again, at its own place. */
export interface KnownZip {
  readonly made: () => Made
  /** Whoever has this key has no problems. */
  readonly clean: boolean
  /** `undefined` where nothing is written, or could be. */
  readonly holder: Holder | undefined
}

/** A device's turn at its key. */
export interface Turn {
  /** The zip of the device that had the first turn at that key, once it is made; nothing for the first one itself. */
  readonly known: Promise<KnownZip | undefined> | undefined
  /** Hands a zip, or that there is none, to all who wait for it; only the first call counts. */
  readonly settle: (zip: KnownZip | undefined) => void
}

/** The zips of a run that the devices after may share. */
export interface KnownZips {
  readonly take: (key: string) => Turn
  /** Notes the device of a key whose zip was not touched: its name tells all that another one may need. */
  readonly noteUntouched: (key: string, device: string) => void
  /** Notes where a zip with that digest is, since the same may be said in other words. */
  readonly hold: (sha256: string, holder: Holder) => void
  readonly holderOf: (sha256: string) => Holder | undefined
}

/** So many kinds of zip are shared at a time. */
const REMEMBERED = 1_000

/** Knows no zip yet but those that earlier runs recorded, and finds these by their devices. */
export function knownZips(pathOf: (device: string) => string, records: Records): KnownZips {
  const byKey = remembering<Promise<KnownZip | undefined>>(REMEMBERED)
  const untouched = remembering<string>(REMEMBERED)
  const holders = remembering<Holder>(REMEMBERED)
  return {
    take: (key) => {
      const known = byKey.get(key) ?? recordedZip(untouched.get(key), key, pathOf, records)
      if (known !== undefined) return { known, settle: () => {} }
      const { promise, settle } = later<KnownZip | undefined>()
      byKey.set(key, promise)
      return { known, settle }
    },
    noteUntouched: untouched.set,
    hold: holders.set,
    holderOf: holders.get,
  }
}

/** The zip that an untouched device has for a key. */
function recordedZip(
  device: string | undefined,
  key: string,
  pathOf: (device: string) => string,
  records: Records,
): Promise<KnownZip> | undefined {
  if (device === undefined) return undefined
  const path = pathOf(device)
  const { file } = lookAt(path)
  if (file === undefined || records.untouched(device, key, file) === undefined) return undefined
  return Promise.resolve({ made: () => records.of(device) as Made, clean: true, holder: { path, stamp: file } })
}

/** A promise, and what keeps it. */
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
