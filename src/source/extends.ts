import { latin1Text } from '../core/bytes.ts'
import type { Diagnostic, Location, Path } from '../core/diagnostic.ts'
import { readDocument, type Document } from './document.ts'
import { isGroup } from './group.ts'

/** A file that a profile extends, from the nearest on. */
export interface Base {
  readonly file: string
  readonly source: Uint8Array
}

/** The `extends` of a profile's file, as it is written there: a path, or `preset:NAME`. */
export interface Extends {
  readonly base: string
  readonly location: Location
}

/** Reads the `extends` of a profile's file; `undefined` if it is missing or not a text. */
export function extendsOf(source: Uint8Array, file: string): Extends | undefined {
  // Most profiles extend nothing, and need not be read twice.
  if (!latin1Text(source).includes('extends')) return undefined
  const { document } = readDocument(source, file)
  const base = isGroup(document?.value) ? document.value['extends'] : undefined
  return document !== undefined && typeof base === 'string' && base !== ''
    ? { base, location: document.locate(['extends']) }
    : undefined
}

/** A key of a profile at the beginning of a line, or in a group in one line; names and titles stand in many files. */
const PROFILE_KEY =
  /(?:^|[{,])[ \t]*["']?(?:idle|interval|probes|init|always|detect|path|tolerate|targets|overrides|options|extends)["']?[ \t]*:/m

/**
 * Whether a text has a key of a profile. A stranger's profile may extend any file of the machine that checks it: of one that
 * is no profile, no message may show a line.
 */
export function hasProfileKey(source: Uint8Array): boolean {
  return PROFILE_KEY.test(latin1Text(source))
}

/** A profile laid over its bases, and the problems in the text of the bases. */
export interface Stacked {
  /** `undefined` if one of the bases cannot be read. */
  readonly document: Document | undefined
  readonly problems: readonly Diagnostic[]
}

/** Lays a document over the files that it extends. */
export function stacked(document: Document, bases: readonly Base[]): Stacked {
  const read = bases.map(({ source, file }) => readDocument(source, file))
  const problems = read.flatMap((one) => one.problems)
  const below = read.map((one) => one.document)
  return below.every((one) => one !== undefined)
    ? { document: below.reduce(overlay, document), problems }
    : { document: undefined, problems }
}

/** Keys that a profile does not inherit: its names, and `extends`, which is resolved by then. */
const NOT_INHERITED: ReadonlySet<string> = new Set(['name', 'title', 'extends'])
/** Keys that are merged target by target, and within a target value by value. */
const BY_TARGET = ['overrides', 'options']

/** Lays one document over another: the values of the upper one win, and it keeps its own name. */
export function overlay(top: Document, base: Document): Document {
  const of = (path: Path): Document =>
    !top.has(path) && base.has(path) && !NOT_INHERITED.has(String(path[0])) ? base : top
  return {
    value: merged(top.value, base.value),
    has: (path) => of(path).has(path),
    locate: (path) => of(path).locate(path),
    locateKey: (path) => of(path).locateKey(path),
    textAt: (path) => of(path).textAt(path),
  }
}

function merged(top: unknown, base: unknown): unknown {
  if (!isGroup(top) || !isGroup(base)) return top
  const inherited = Object.entries(base).filter(([key]) => !NOT_INHERITED.has(key))
  const value: Record<string, unknown> = Object.assign(Object.create(null), Object.fromEntries(inherited), top)
  for (const key of BY_TARGET) {
    const [over, under] = [top[key], base[key]]
    if (isGroup(over) && isGroup(under)) value[key] = { ...under, ...over, ...eachTarget(over, under) }
  }
  return value
}

function eachTarget(over: Readonly<Record<string, unknown>>, under: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(over).map(([target, values]) => {
      const below = under[target]
      return [target, isGroup(values) && isGroup(below) ? { ...below, ...values } : values]
    }),
  )
}
