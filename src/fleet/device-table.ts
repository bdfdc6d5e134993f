import { byCodeUnit } from '../core/diagnostic.ts'
import { deviceKey } from './device.ts'

/** A place in a fleet's file. */
export interface Spot {
  readonly line: number
  /** 0 in a table. */
  readonly column: number
}

/** The place of a device's record: in those of an earlier run, or of this one. */
export interface RecordPosition {
  readonly from: 'before' | 'now'
  readonly at: number
}

/**
 * All devices that a run knows, from the fleet's file and from earlier runs. It holds little more than their names, for a
 * fleet of any size.
 */
export interface DeviceTable {
  /** Notes a device of the fleet's file; returns the place of an earlier one with the same name, in whatever case. */
  readonly list: (name: string, spot: Spot) => Spot | undefined
  /** Notes the place of a device's record, instead of an earlier one. */
  readonly record: (name: string, place: RecordPosition) => void
  readonly recordOf: (name: string) => RecordPosition | undefined
  /** The name that the fleet's file has for a device, in its own case. */
  readonly listed: (name: string) => string | undefined
  /** Forgets the record of a device. */
  readonly forget: (name: string) => void
  /** The number of devices with a record. */
  readonly recorded: () => number
  /** The devices of earlier runs that are not in the fleet's file. */
  readonly gone: () => readonly string[]
  /** The places of all records, with names in the given order. */
  readonly records: (order: Order) => Generator<RecordPosition>
}

type Order = (one: string, other: string) => number

const NONE = -1

/** An empty table. */
export function newDeviceTable(): DeviceTable {
  const ids = new Map<string, number>()
  const names: string[] = []
  let lines = new Uint32Array(1024)
  let columns = new Uint32Array(1024)
  // The place of its record; a record of this run, at `at`, has -2 - at.
  let places = new Float64Array(1024)
  // A file is compared first and written then, both times in the same order.
  let last: { readonly order: Order; readonly sorted: Uint32Array } | undefined
  const grown = <T extends Uint32Array | Float64Array>(old: T, fresh: T): T => {
    fresh.set(old)
    return fresh
  }
  const idOf = (name: string): number => {
    const key = deviceKey(name)
    const known = ids.get(key)
    if (known !== undefined) return known
    const id = names.length
    if (id === lines.length) {
      lines = grown(lines, new Uint32Array(2 * id))
      columns = grown(columns, new Uint32Array(2 * id))
      places = grown(places, new Float64Array(2 * id))
    }
    places[id] = NONE
    names.push(name)
    ids.set(key, id)
    return id
  }
  const placeAt = (id: number): RecordPosition | undefined => {
    const place = places[id] ?? NONE
    if (place === NONE) return undefined
    return place >= 0 ? { from: 'before', at: place } : { from: 'now', at: -2 - place }
  }
  return {
    list: (name, { line, column }) => {
      const id = idOf(name)
      const first = lines[id] ?? 0
      if (first > 0) return { line: first, column: columns[id] ?? 0 }
      lines[id] = line
      columns[id] = column
      return undefined
    },
    record: (name, { from, at }) => {
      const id = idOf(name)
      if (names[id] !== name) {
        names[id] = name
        last = undefined
      }
      places[id] = from === 'before' ? at : -2 - at
    },
    recordOf: (name) => {
      const id = ids.get(deviceKey(name))
      return id === undefined ? undefined : placeAt(id)
    },
    listed: (name) => {
      const id = ids.get(deviceKey(name))
      return id === undefined || lines[id] === 0 ? undefined : names[id]
    },
    forget: (name) => {
      places[idOf(name)] = NONE
    },
    recorded: () => places.subarray(0, names.length).reduce((sum, place) => (place === NONE ? sum : sum + 1), 0),
    gone: () => names.filter((_, id) => lines[id] === 0 && places[id] !== NONE),
    records: function* (order) {
      if (last?.order !== order || last.sorted.length !== names.length) {
        const sorted = Uint32Array.from(names.keys()).toSorted((a, b) => order(names[a] ?? '', names[b] ?? ''))
        last = { order, sorted }
      }
      for (const id of last.sorted) {
        const place = placeAt(id)
        if (place !== undefined) yield place
      }
    },
  }
}

/** The order of the lines of an index. */
export const byName = byCodeUnit

/** The order of the lines of a lock, which begin with `NAME/`: the slash counts if one name begins with the other. */
export function byEntryKey(one: string, other: string): number {
  const counts = one.startsWith(other) || other.startsWith(one)
  return counts ? byCodeUnit(`${one}/`, `${other}/`) : byCodeUnit(one, other)
}
