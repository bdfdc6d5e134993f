import { problem, type Diagnostic, type Location } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { badName, nameOfFile } from '../core/file-name.ts'
import type { Registry } from '../core/target.ts'
import { decode } from '../formats/text.ts'
import type { Document } from '../source/document.ts'
import { columnsOf } from './columns.ts'
import { csvRecords, type CsvRecord } from './csv.ts'
import type { Device } from './device.ts'
import { readFleetDocument } from './document.ts'
import { deviceIn } from './row.ts'

/** A device of a fleet, with its place. */
export interface Listed {
  readonly device: Device
  readonly location: Location
}

/** A fleet's file. */
export interface Fleet {
  readonly file: string
  /** Whether each device is a line of its own, with all that the file says about it. */
  readonly isTable: boolean
  /** The name of the profile for devices without one. */
  readonly name: string
  /** Profiles in the file itself. */
  readonly profiles: ReadonlyMap<string, Document>
  /** Its devices in their order, read again at each call; for a wrong line, its problems. */
  readonly list: () => Iterable<Result<Listed>>
  /** Only their names, which takes less time; problems of a name are reported by `list`. */
  readonly names: () => Iterable<Result<{ readonly name: string; readonly location: Location }>>
  /** Diagnostics about the file as a whole; with an error among them, its devices are not known. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The name of the profile for devices without one, if the file's name cannot be one. */
const STANDARD_NAME = 'fleet'

/** Up to this number of devices, memory that grows with a fleet is small beside that of any run, and time counts for more. */
export const MANY = 20_000

/** Reads a fleet: a table, or a document in YAML or JSON, as its file's name or, failing that, its first line says. */
export function readFleet(registry: Registry, source: Uint8Array, file: string): Fleet {
  return isDocument(source, file) ? fleetOfDocument(source, file) : fleetOfTable(registry, source, file)
}

function isDocument(source: Uint8Array, file: string): boolean {
  if (/\.(?:csv|tsv|txt)$/i.test(file)) return false
  if (/\.(?:ya?ml|json)$/i.test(file)) return true
  return /^\s*(?:\{|---|#|(?:name|profiles|devices)\s*:)/.test(decode(source.subarray(0, 4096)).text)
}

function fleetOfDocument(source: Uint8Array, file: string): Fleet {
  const { name, profiles, devices, diagnostics } = readFleetDocument(source, file)
  const wrong = name === undefined ? undefined : badName(name)
  const nameProblems =
    wrong === undefined ? [] : [problem('profile/bad-name', wrong, { path: ['name'], location: { file } })]
  return {
    file,
    isTable: false,
    name: name ?? nameOfFile(file) ?? STANDARD_NAME,
    profiles,
    list: () => devices.map((device) => success({ device, location: device.own.locate(['name']) })),
    names: () => devices.map((one) => success({ name: one.name, location: one.own.locate(['name']) })),
    diagnostics: [...diagnostics, ...nameProblems],
  }
}

function fleetOfTable(registry: Registry, source: Uint8Array, file: string): Fleet {
  const { text } = decode(source)
  const first = csvRecords(text).next().value
  const location = { file, line: first?.line ?? 1 }
  const { columns, diagnostics } =
    first?.kind === 'record'
      ? columnsOf(registry, first.cells, location)
      : { columns: [], diagnostics: [problem('fleet/empty', {}, { location })] }
  const nameAt = columns.findIndex(({ says }) => says === 'name')
  // A small table is parsed once only.
  let kept: readonly CsvRecord[] | undefined
  const readOnce = function* () {
    const all: CsvRecord[] = []
    for (const record of csvRecords(text)) {
      if (all.length <= MANY) all.push(record)
      yield record
    }
    if (all.length <= MANY) kept = all
  }
  const lines = function* () {
    const records = (kept ?? readOnce())[Symbol.iterator]()
    records.next()
    for (const record of records) {
      const at: Location = { file, line: record.line }
      if (record.kind === 'record') yield success({ cells: record.cells, location: at })
      else yield failure(problem('fleet/not-csv', { why: record.why }, { location: at }))
    }
  }
  return {
    file,
    isTable: true,
    name: nameOfFile(file) ?? STANDARD_NAME,
    profiles: new Map(),
    list: function* () {
      for (const line of lines()) {
        if (!line.ok) {
          yield line
          continue
        }
        const { cells, location: at } = line.value
        const found = deviceIn(columns, cells, at)
        yield found.ok ? success({ device: found.value, location: at }) : found
      }
    },
    names: function* () {
      for (const line of lines()) {
        if (!line.ok) yield line
        else yield success({ name: line.value.cells[nameAt]?.trim() ?? '', location: line.value.location })
      }
    },
    diagnostics,
  }
}
