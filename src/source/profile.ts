import { dump } from 'js-yaml'
import type * as z from 'zod'
import { utf8Bytes } from '../core/bytes.ts'
import { capped } from '../core/cap-per-code.ts'
import { byLocation, problem, type DataOf, type Diagnostic, type Location, type Path } from '../core/diagnostic.ts'
import { nearest } from '../core/words.ts'
import type { Finding } from '../core/finding.ts'
import { durationFinding, TIMES } from '../core/duration-schema.ts'
import { canonicalProfile, type Profile } from '../core/profile.ts'
import { profileFrom, profileSchema, type ProfileSchema } from '../core/profile-schema.ts'
import type { RenderCache } from '../core/render-cache.ts'
import { FIELDS, findTarget, type Registry } from '../core/target.ts'
import { meantTarget, unknownTarget } from '../core/target-words.ts'
import { readDocument, type Document } from './document.ts'
import { isGroup } from './group.ts'
import { stacked, type Base } from './extends.ts'
import { missingColon } from './missing-colon.ts'
import { nativeKey, targetKey } from './key-hint.ts'

/** A profile with the file that it came from, so that later stages can point into it. */
export interface ReadProfile {
  readonly profile: Profile
  /** The file as it was given, byte for byte; for a profile that extends others, a file that says the same without them. */
  readonly source: Uint8Array
  readonly file: string
  /** Adds the place in the file to diagnostics of later stages, which know only a path. */
  readonly place: (diagnostics: readonly Diagnostic[]) => readonly Diagnostic[]
}

/**
 * The profile in a file, and its diagnostics. With an error among these, `read` is at best the profile without its wrong
 * parts: it serves to find the other problems in the same run, and nothing may be made of it.
 */
export interface ProfileReading {
  readonly read: ReadProfile | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const EXAMPLES: Readonly<Record<string, string>> = {
  name: 'name: packaging-line-4',
  idle: 'idle: 20s, or what you want, such as detect: 60s',
  interval: 'interval: 5s',
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a whole number',
  boolean: 'true or false',
  array: 'a list, such as [linux, tcbsd]',
  object: 'a group of keys',
}

/** Reads a profile's file over the files that it extends, and reports every problem with its place. */
export function readProfile(
  registry: Registry,
  source: Uint8Array,
  file: string,
  bases: readonly Base[] = [],
  schema: ProfileSchema = profileSchema(registry),
): ProfileReading {
  const own = readDocument(source, file)
  if (own.document === undefined) return { read: undefined, diagnostics: own.problems }
  const { document, problems: below } = stacked(own.document, bases)
  const problems = [...own.problems, ...below, ...(bases.length === 0 ? notFollowed(own.document) : [])]
  if (document === undefined) return { read: undefined, diagnostics: problems }
  const { profile, place, diagnostics: found } = profileIn(registry, document, own.document, schema)
  const diagnostics = capped([...problems, ...withoutEchoes(found, problems)].toSorted(byLocation))
  if (profile === undefined) return { read: undefined, diagnostics }
  const whole = bases.length === 0 ? source : profileText(profile)
  return { read: { profile, source: whole, file, place }, diagnostics }
}

/** A cache holds at most this many keys with their values. */
const MOST_KEPT = 10_000

/** A whole profile as YAML. Many profiles repeat the same keys and values, whose YAML `known` keeps. */
export function profileText(profile: Profile, known: RenderCache['yaml'] = new Map()): Uint8Array {
  const entries = Object.entries(canonicalProfile(profile))
  return utf8Bytes(entries.map((entry) => yamlOf(entry, known)).join(''))
}

function yamlOf([key, value]: readonly [string, unknown], known: RenderCache['yaml']): string {
  const name = JSON.stringify([key, value])
  const before = known.get(name)
  if (before !== undefined) return before
  const text = dump({ [key]: value }, { lineWidth: -1 })
  if (known.size === MOST_KEPT) known.clear()
  known.set(name, text)
  return text
}

/** Reads a profile from a document of any origin; `own` is the part that it does not inherit, `schema` that of the registry. */
export function profileIn(
  registry: Registry,
  document: Document,
  own: Document,
  schema: ProfileSchema,
): Pick<ReadProfile, 'place'> & { readonly profile: Profile | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const place = (diagnostics: readonly Diagnostic[]) =>
    diagnostics.map((one) => (one.location === undefined ? { ...one, location: document.locate(one.path) } : one))
  const parsed = schema.safeParse(document.value)
  const issues = parsed.success ? [] : parsed.error.issues
  const odd = isGroup(document.value) ? oddCounts(document) : []
  const missing = missingTimes(document)
  const found = [...odd, ...issues.flatMap((issue) => fromIssue(registry, schema, document, issue)), ...missing]
  const wrong = [...odd.map(({ path }) => path), ...issues.flatMap(pathsOf)]
  const data = wrong.length + missing.length === 0 ? parsed.data : salvage(schema, document.value, wrong)
  const profile = data && profileFrom(registry, data)
  const crossed = profile === undefined ? [] : place(crossCheck(registry, profile, document.value, own))
  return { profile, place, diagnostics: [...found, ...crossed] }
}

/** An error for a profile whose base was not read: its values alone must not pass for the whole profile. */
function notFollowed(document: Document): readonly Diagnostic[] {
  const path = ['extends']
  return typeof (document.value as Readonly<Record<string, unknown>> | null)?.['extends'] === 'string'
    ? [problem('extends/not-here', {}, { path, location: document.locate(path) })]
    : []
}

/** The profile without its wrong parts; `undefined` if it then lacks a time that it needs. */
function salvage(schema: ProfileSchema, value: unknown, wrong: readonly (readonly PropertyKey[])[]) {
  if (!isGroup(value)) return undefined
  const rest = structuredClone(value)
  for (const path of wrong) remove(rest, path[0] === 'targets' ? ['targets'] : path)
  return timesMissing(rest).length > 0 ? undefined : schema.safeParse({ ...rest, name: 'unnamed' }).data
}

/** The times that a profile lacks; one with a goal needs none. */
function timesMissing(value: Readonly<Record<string, unknown>>): readonly string[] {
  return 'detect' in value || 'path' in value ? [] : ['idle', 'interval'].filter((key) => !(key in value))
}

function missingTimes(document: Document): readonly Diagnostic[] {
  return isGroup(document.value)
    ? timesMissing(document.value).map((key) => missingKey(key, { path: [key], location: document.locate([key]) }))
    : []
}

function missingKey(key: string, where: { readonly path: Path; readonly location: Location | undefined }): Diagnostic {
  return problem('profile/missing-key', { key, example: EXAMPLES[key] ?? `${key}: 20s` }, where)
}

function pathsOf(issue: z.core.$ZodIssue): readonly (readonly PropertyKey[])[] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
}

function remove(from: object, path: readonly PropertyKey[]): void {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], from)
  if (typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, path.at(-1) as PropertyKey)
}

/**
 * Drops diagnostics that only repeat another problem: the missing value of an alias, or a missing key that is there, but
 * mistyped.
 */
function withoutEchoes(found: readonly Diagnostic[], problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const mistyped = found.flatMap((one) => (one.code === 'profile/unknown-key' ? [keyMeantBy(one.data)] : []))
  const placeOf = ({ location }: Diagnostic) => `${location?.file}:${location?.line}:${location?.column}`
  const said = new Set(problems.map(placeOf))
  return found.filter((one) => {
    const echo = said.has(placeOf(one)) || said.has(`${placeOf(one)} ${one.code} ${one.path.join('.')}`)
    said.add(`${placeOf(one)} ${one.code} ${one.path.join('.')}`)
    return !echo && !(one.code === 'profile/missing-key' && mistyped.includes(String(one.path.at(-1))))
  })
}

function keyMeantBy({ key, meant }: DataOf<'profile/unknown-key'>): string | undefined {
  return meant?.kind === 'native' ? meant.field : nearest(key, Object.keys(EXAMPLES))
}

/** Reports what the schema cannot: overrides or options of a target that is not made, or that has two names here. */
function crossCheck(registry: Registry, profile: Profile, value: unknown, own: Document): readonly Diagnostic[] {
  return (['overrides', 'options'] as const).flatMap((key) => {
    const seen = new Map<string, string>()
    const given = (value as { overrides?: object; options?: object })[key] ?? {}
    return Object.keys(given).flatMap((name) => {
      const id = findTarget(registry, name)?.id
      if (id === undefined) return []
      const first = seen.get(id)
      seen.set(id, name)
      const path: Path = [key, name]
      if (first !== undefined) return problem('profile/duplicate-target', { target: name, first }, { path })
      // An inherited override serves profiles that have the target.
      if (profile.targets.includes(id) || !own.has(path)) return []
      return problem('profile/override-without-target', { key, target: name }, { path })
    })
  })
}

/** Reports counts that are not written as plain whole numbers: 0x10, 9.0, 1e1, +9. */
function oddCounts(document: Document): readonly Diagnostic[] {
  const { overrides } = document.value as { overrides?: unknown }
  const names = isGroup(overrides) ? Object.keys(overrides) : []
  return [['probes'], ...names.map((name) => ['overrides', name, 'probes'])].flatMap((path) => {
    const text = document.textAt(path)
    if (text === undefined || !/[0-9]/.test(text) || /^(?:0|[1-9][0-9]{0,8})$/.test(text)) return []
    return problem('profile/bad-probes', { text }, { path, location: document.locate(path) })
  })
}

function fromIssue(
  registry: Registry,
  schema: ProfileSchema,
  document: Document,
  issue: z.core.$ZodIssue,
): readonly Diagnostic[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)))
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(registry, schema, document, [...path, key]))
  const location = document.locate(path)
  if (issue.code === 'custom') {
    const finding = issue.params?.['finding'] as Finding
    return [problem(finding.code, finding.data, { path, location })]
  }
  if (issue.code === 'invalid_type') return [wrongType(registry, schema, document, path, issue.expected)]
  throw new Error(`bug: the profile schema reported ${issue.code}, which has no words`)
}

function unknownKey(registry: Registry, schema: ProfileSchema, document: Document, path: Path): Diagnostic {
  const key = String(path.at(-1))
  const where = { path, location: document.locateKey(path) }
  if (path.length === 2 && path[0] === 'overrides')
    return problem('profile/unknown-target', unknownTarget(registry, key), where)
  if (path[0] === 'options' && path.length > 1) return unknownOption(registry, path, where)
  const atTop = path.length === 1
  const known = atTop ? Object.keys(schema.shape) : FIELDS
  const value = valueAt(document.value, path)
  const text = document.textAt(path) ?? (typeof value === 'string' ? value : undefined)
  const stray = { key, value, text }
  const meant = nativeKey(registry, stray) ?? (atTop ? targetKey(registry, stray) : undefined)
  return problem('profile/unknown-key', { key, known, ...(meant === undefined ? {} : { meant }) }, where)
}

function unknownOption(registry: Registry, path: Path, where: { path: Path; location: Location }): Diagnostic {
  const [, id, key = ''] = path.map(String)
  const named = findTarget(registry, id ?? '')
  if (path.length > 2) return problem('profile/unknown-key', { key, known: Object.keys(named?.options ?? {}) }, where)
  const known = [...registry.values()]
    .filter(({ options }) => Object.keys(options).length > 0)
    .map(({ id: one }) => one)
  const target = named ?? meantTarget(registry, id ?? '')
  return target === undefined || known.includes(target.id)
    ? problem('profile/unknown-target', unknownTarget(registry, id ?? '', known), where)
    : problem('profile/no-options', { target: target.id, known }, where)
}

function wrongType(
  registry: Registry,
  schema: ProfileSchema,
  document: Document,
  path: Path,
  expected: string,
): Diagnostic {
  const key = path.length === 0 ? 'a profile' : path.join('.')
  const location = document.locate(path)
  const value = valueAt(document.value, path)
  const keys = path.length === 0 ? Object.keys(schema.shape) : FIELDS
  const colon = expected === 'object' && typeof value === 'string' ? missingColon(location, keys) : undefined
  if (colon !== undefined) return { ...colon, path }
  const last = String(path.at(-1))
  if (value === undefined) return missingKey(last, { path, location })
  const time = TIMES.find((name) => name === last)
  if (time !== undefined && typeof value === 'number') {
    const wrong = durationFinding(time, document.textAt(path) ?? String(value), registry)
    if (wrong !== undefined) return problem(wrong.code, wrong.data, { path, location })
  }
  const found = foundText(value, document.textAt(path))
  const wanted =
    time !== undefined
      ? 'a time, such as 20s'
      : path.length === 1 && last === 'path'
        ? 'a list, such as [azure-lb]'
        : (EXPECTED[expected] ?? expected)
  return problem('profile/wrong-type', { key, expected: wanted, found }, { path, location })
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => (at as Record<string | number, unknown> | undefined)?.[part], value)
}

function foundText(value: unknown, text: string | undefined): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a group of keys'
  return typeof value === 'string' ? 'text' : (text ?? JSON.stringify(value))
}
