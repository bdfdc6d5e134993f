import {
  boolCoreTag,
  EVENT_ID,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
  type Event,
  type ScalarEvent,
} from 'js-yaml'
import { capPerCode } from '../core/cap-per-code.ts'
import { problem, type Code, type DataOf, type Diagnostic, type Location, type Path } from '../core/diagnostic.ts'
import { LineIndex } from './line-index.ts'
import { missingColons } from './missing-colon.ts'

/** A profile is a page of text; a larger file is a mistake or an attack. */
export const MAX_BYTES = 64 * 1024
const MAX_DEPTH = 20

/** A parsed YAML or JSON file: the plain value, and the place of each part. */
export interface Document {
  readonly value: unknown
  /** Whether there is a value. */
  readonly has: (path: Path) => boolean
  /** The place of a value, or of the nearest existing part around it. */
  readonly locate: (path: Path) => Location
  /** The place of a key's own text. */
  readonly locateKey: (path: Path) => Location
  /** A scalar as it was typed, such as `0x10`, which the value alone does not show. */
  readonly textAt: (path: Path) => string | undefined
}

/** The document, as far as it can be read, and its problems; a document with problems can still be examined. */
export interface DocumentReading {
  readonly document: Document | undefined
  readonly problems: readonly Diagnostic[]
}

interface Node {
  readonly start: number
  value: unknown
  readonly text?: string
  /** By key in a mapping, by index in a sequence. */
  readonly children?: ReadonlyMap<string | number, Node>
  readonly keyStarts?: ReadonlyMap<string | number, number>
}

/** A mapping or a sequence, to which children are added. */
interface Group extends Node {
  readonly children: Map<string | number, Node>
  readonly keyStarts: Map<string | number, number>
}

/**
 * Reads one YAML document of at most `max` bytes; JSON is YAML, so it gets the same messages. Only the YAML that a profile
 * needs is accepted: no anchors, aliases, tags or second document. All problems are reported at once, as far as the text
 * can still be read.
 */
export function readDocument(bytes: Uint8Array, file: string, max = MAX_BYTES): DocumentReading {
  const top = { file, line: 1, column: 1, source: '' }
  if (bytes.length > max) return failure(problem('document/too-large', { max }, { location: top }))
  const text = decode(bytes)
  if (typeof text === 'number')
    return failure(problem('document/not-text', { offset: text, utf16: isUtf16(bytes) }, { location: top }))
  const places = new LineIndex(text, file)

  let events: readonly Event[]
  try {
    events = parseEvents(text, { maxDepth: MAX_DEPTH })
  } catch (error) {
    return { document: undefined, problems: syntaxProblems(error, text, places) }
  }
  const composer = new Composer(text, events, places)
  const root = composer.compose()
  if (root === undefined) return failure(problem('document/empty', {}, { location: places.at(0) }))
  const document: Document = {
    value: root.value,
    has: (path) => exact(root, path) !== undefined,
    locate: (path) => places.at(nearest(root, path).start),
    locateKey: (path) => {
      const parent = nearest(root, path.slice(0, -1))
      return places.at(parent.keyStarts?.get(path.at(-1) as string | number) ?? parent.start)
    },
    textAt: (path) => exact(root, path)?.text,
  }
  return { document, problems: composer.problems() }
}

function failure(diagnostic: Diagnostic): DocumentReading {
  return { document: undefined, problems: [diagnostic] }
}

/** UTF-8 text without its BOM, or the offset of the first byte that is not UTF-8. */
function decode(bytes: Uint8Array): string | number {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    let [good, bad] = [0, bytes.length]
    while (bad - good > 1) {
      const middle = Math.floor((good + bad) / 2)
      if (beginsWell(bytes.subarray(0, middle))) good = middle
      else bad = middle
    }
    // A character that breaks off is wrong from its first byte.
    while (good > 0 && !beginsWell(bytes.subarray(0, good), 'ends there')) good -= 1
    return good
  }
}

/** Whether bytes begin a UTF-8 text; the last character may be incomplete, unless the text ends there. */
function beginsWell(bytes: Uint8Array, end?: 'ends there'): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: end === undefined })
    return true
  } catch {
    return false
  }
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

function syntaxProblems(error: unknown, text: string, places: LineIndex): readonly Diagnostic[] {
  if (!(error instanceof YAMLException)) throw error
  const location = places.at(error.mark?.position ?? 0)
  if (/nesting exceeded/.test(error.reason)) return [problem('document/too-deep', { max: MAX_DEPTH }, { location })]
  const colons = text.length > MAX_BYTES ? [] : missingColons(text, lineOfError, (line) => places.line(line))
  return colons.length > 0 ? colons : [problem('document/syntax', { reason: error.reason }, { location })]
}

/** The line, from 0 on, where a text stops being YAML. */
function lineOfError(text: string): number | undefined {
  try {
    parseEvents(text, { maxDepth: MAX_DEPTH })
    return undefined
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    return error.mark?.line ?? 0
  }
}

/** Builds the value from the parser's events and notes what a profile may not hold. */
class Composer {
  readonly #problems = capPerCode()
  readonly #text: string
  readonly #events: readonly Event[]
  readonly #places: LineIndex
  #next = 0

  constructor(text: string, events: readonly Event[], places: LineIndex) {
    this.#text = text
    this.#events = events
    this.#places = places
  }

  /** The root of the first document that holds something; `undefined` when none does. */
  compose(): Node | undefined {
    const roots: Node[] = []
    while (this.#next < this.#events.length) {
      const { type } = this.#events[this.#next++] as Event
      if (type !== EVENT_ID.DOCUMENT || this.#peek()?.type === EVENT_ID.POP) continue
      const node = this.#node(0)
      if (node.value !== null || node.text !== '') roots.push(node)
    }
    const [first, second] = roots
    if (second !== undefined) this.#report('document/second-document', {}, second.start)
    return first
  }

  problems(): readonly Diagnostic[] {
    return this.#problems.all()
  }

  #peek(): Event | undefined {
    return this.#events[this.#next]
  }

  /** `empty` is the place of a value without text: that of its key. */
  #node(empty: number): Node {
    const event = this.#events[this.#next++] as Event
    switch (event.type) {
      case EVENT_ID.SCALAR:
        this.#plainOnly(event)
        return this.#scalar(event, empty)
      case EVENT_ID.MAPPING:
        this.#plainOnly(event)
        return this.#mapping(event.start)
      case EVENT_ID.SEQUENCE:
        this.#plainOnly(event)
        return this.#sequence(event.start)
      case EVENT_ID.ALIAS:
        this.#report('document/alias', {}, event.anchorStart - 1)
        return leaf(event.anchorStart - 1, undefined)
      default:
        throw new Error(`bug: event ${event.type} begins no value`)
    }
  }

  #plainOnly(event: { readonly anchorStart: number; readonly tagStart: number }): void {
    if (event.anchorStart >= 0) this.#report('document/alias', {}, event.anchorStart - 1)
    if (event.tagStart >= 0) this.#report('document/tag', {}, event.tagStart)
  }

  #scalar(event: ScalarEvent, empty: number): Node {
    const text = getScalarValue(this.#text, event)
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED
    const start = event.valueStart < 0 ? empty : event.valueStart - (quoted ? 1 : 0)
    if (event.style !== SCALAR_STYLE.PLAIN) return leaf(start, text)
    if (/^[-+]?0[0-9]+$/.test(text)) this.#report('document/ambiguous-number', { text }, start)
    for (const tag of [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag]) {
      const value: unknown = tag.resolve(text, false, tag.tagName)
      if (value !== NOT_RESOLVED) return { ...leaf(start, value), text }
    }
    return leaf(start, text)
  }

  #sequence(start: number): Node {
    const node = group(start)
    const items: unknown[] = []
    while (this.#peek()?.type !== EVENT_ID.POP) {
      const child = this.#node(start)
      node.children.set(items.length, child)
      items.push(child.value)
    }
    this.#next += 1
    node.value = items
    return node
  }

  #mapping(start: number): Node {
    const node = group(start)
    // No prototype, so that a key named __proto__ is a key like any other.
    const value = Object.create(null) as Record<string, unknown>
    while (this.#peek()?.type !== EVENT_ID.POP) {
      const key = this.#node(start)
      const child = this.#node(key.start)
      const name = key.text ?? key.value
      if (typeof name !== 'string') {
        this.#report('document/key-not-text', {}, key.start)
        continue
      }
      const first = node.keyStarts.get(name)
      if (first !== undefined) {
        this.#report('document/duplicate-key', { key: name, line: this.#places.lineOf(first) }, key.start)
        continue
      }
      node.keyStarts.set(name, key.start)
      node.children.set(name, child)
      value[name] = child.value
    }
    this.#next += 1
    node.value = value
    return node
  }

  #report<C extends Code>(code: C, data: DataOf<C>, offset: number): void {
    this.#problems.add(problem(code, data, { location: this.#places.at(offset) }))
  }
}

function leaf(start: number, value: unknown): Node {
  return { start, value }
}

function group(start: number): Group {
  return { start, value: undefined, children: new Map(), keyStarts: new Map() }
}

function exact(root: Node, path: Path): Node | undefined {
  return path.reduce<Node | undefined>((node, key) => node?.children?.get(key), root)
}

function nearest(root: Node, path: Path): Node {
  let node = root
  for (const key of path) {
    const child = node.children?.get(key)
    if (child === undefined) break
    node = child
  }
  return node
}
