import { capPerCode } from '../core/cap-per-code.ts'
import { problem, type Code, type DataOf, type Diagnostic, type Path } from '../core/diagnostic.ts'
import { failure, success, type Failure, type Result } from '../core/result.ts'
import { readDocument, type Document } from '../source/document.ts'
import { isGroup } from '../source/group.ts'
import { deviceNameProblem, type Device } from './device.ts'

/** A fleet in YAML or JSON is read whole, which takes many times its size in memory. */
export const MAX_DOCUMENT = 16 * 1024 * 1024

/** A fleet's file: its devices, and the profiles in the file itself. */
export interface FleetDocument {
  /** The name of the profile for devices without one. */
  readonly name: string | undefined
  readonly profiles: ReadonlyMap<string, Document>
  readonly devices: readonly Device[]
  readonly diagnostics: readonly Diagnostic[]
}

const KEYS = ['name', 'profiles', 'devices']

/** Reads a fleet in YAML or JSON, and reports every problem, capped per code. */
export function readFleetDocument(source: Uint8Array, file: string): FleetDocument {
  const nothing = { name: undefined, profiles: new Map<string, Document>(), devices: [] }
  if (source.length > MAX_DOCUMENT)
    return { ...nothing, diagnostics: [problem('fleet/too-large', { max: MAX_DOCUMENT }, { location: { file } })] }
  const { document, problems } = readDocument(source, file, MAX_DOCUMENT)
  if (document === undefined) return { ...nothing, diagnostics: problems }
  const { value } = document
  if (!isGroup(value) || !Array.isArray(value['devices']) || value['devices'].length === 0)
    return { ...nothing, diagnostics: [...problems, at(document, ['devices'], 'fleet/no-devices', {})] }
  const { name, profiles = {} } = value
  const told = capPerCode()
  for (const one of problems) told.add(one)
  for (const key of Object.keys(value))
    if (!KEYS.includes(key)) told.add(at(document, [key], 'fleet/unknown-key', { key, known: KEYS }))
  if (name !== undefined && typeof name !== 'string') told.add(wrongType(document, ['name'], 'text'))
  if (!isGroup(profiles)) told.add(wrongType(document, ['profiles'], 'a group of profiles'))
  const devices: Device[] = []
  for (const index of value['devices'].keys()) {
    const one = deviceAt(document, ['devices', index])
    if (one.ok) devices.push(one.value)
    else for (const wrong of one.diagnostics) told.add(wrong)
  }
  return {
    name: typeof name === 'string' ? name : undefined,
    profiles: new Map(
      isGroup(profiles) ? Object.keys(profiles).map((key) => [key, partOf(document, ['profiles', key])]) : [],
    ),
    devices,
    diagnostics: told.all(),
  }
}

function deviceAt(document: Document, path: Path): Result<Device> {
  const part = partOf(document, path)
  const { value } = part
  const wrong = (key: string, expected: string): Failure => failure(wrongType(document, [...path, key], expected))
  if (!isGroup(value)) return failure(wrongType(document, path, 'a group, such as { name: plc-1, profile: line }'))
  const { name, profile, tags = [], site, ...own } = value
  if (typeof name !== 'string') return wrong('name', 'text')
  const why = deviceNameProblem(name)
  if (why !== undefined) return failure(at(document, [...path, 'name'], 'fleet/bad-name', { name, why }))
  if (profile !== undefined && typeof profile !== 'string') return wrong('profile', 'text')
  if (site !== undefined && typeof site !== 'string') return wrong('site', 'text')
  const words: readonly unknown[] = Array.isArray(tags) ? tags : [tags]
  if (words.some((word) => typeof word !== 'string')) return wrong('tags', 'a list of words')
  return success({ name, profile, tags: words as readonly string[], site, own: { ...part, value: own } })
}

/** A part of a document as a document of its own. */
function partOf(document: Document, path: Path): Document {
  return {
    value: path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], document.value),
    has: (below) => document.has([...path, ...below]),
    locate: (below) => document.locate([...path, ...below]),
    locateKey: (below) => document.locateKey([...path, ...below]),
    textAt: (below) => document.textAt([...path, ...below]),
  }
}

function at<C extends Code>(document: Document, path: Path, code: C, data: DataOf<C>): Diagnostic {
  return problem(code, data, { path, location: document.locate(path) })
}

function wrongType(document: Document, path: Path, expected: string): Diagnostic {
  const data = { key: path.filter((key) => typeof key === 'string').join('.'), expected }
  return problem('fleet/wrong-type', data, { path, location: document.locate(path) })
}
