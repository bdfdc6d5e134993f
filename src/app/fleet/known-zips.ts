import type { Made, Stamp } from '../../fleet/record.ts'
import { lookAt } from '../../io/zips.ts'
import type { Records } from './records.ts'

/** A zip that is in its place; other devices get a second name of it. */
export interface Holder {
  readonly path: string
  readonly stamp: Stamp
}

/** A zip that is known for a key; further devices have the same problems, at their own places. */
export interface KnownZip {
  readonly made: () => Made
  /** Devices with this key have no problems. */
  readonly clean: boolean
  /** `undefined` if nothing is written, or could not be. */
  readonly holder: Holder | undefined
}

/** A device's turn at its key. */
export interface Turn {
  /** The zip of the device with the first turn at the key, once it is made; `undefined` for the first device itself. */
  readonly known: Promise<KnownZip | undefined> | undefined
  /** Hands a zip, or `undefined` for none, to all who wait for it; only the first call counts. */
  readonly settle: (zip: KnownZip | undefined) => void
}

/** The zips of a run that later devices may share. */
export interface KnownZips {
  readonly take: (key: string) => Turn
  /** Notes a device whose zip was not touched: its name leads to all that another device of the key may need. */
  readonly noteUntouched: (key: string, device: string) => void
  /** Notes the place of a zip with that digest, since other keys may lead to an equal zip. */
  readonly hold: (sha256: string, holder: Holder) => void
  readonly holderOf: (sha256: string) => Holder | undefined
}

/** The number of kinds of zip that are shared at a time. */
const REMEMBERED = 1_000

/** Known zips at the beginning of a run: those that earlier runs recorded, found by their devices. */
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
  const stamp = file && records.stampOf(file)
  if (stamp === undefined || records.untouched(device, key, stamp) === undefined) return undefined
  return Promise.resolve({ made: () => records.of(device) as Made, clean: true, holder: { path, stamp } })
}

/** A promise, and the function that resolves it. */
function later<Value>() {
  let settle: (value: Value) => void = () => {}
  const promise = new Promise<Value>((keep) => {
    settle = keep
  })
  return { promise, settle }
}

/** A map that is emptied when it has `most` entries. */
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
