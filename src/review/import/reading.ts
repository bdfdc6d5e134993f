import { isStatement, type Statement } from '../../core/capture.ts'
import type { Diagnostic } from '../../core/diagnostic.ts'
import { capPerCode } from '../../core/cap-per-code.ts'
import { FIELDS, type Field, type OptionValues, type Registry, type Setting, type Target } from '../../core/target.ts'
import { settingIndex, type Matched } from './places.ts'

/** The settings of one target, as files state them. */
export interface TargetReading {
  readonly target: Target
  /** Options of the target that the places of the values reveal, such as the control set of an offline registry. */
  readonly options: OptionValues
  readonly settings: readonly ReadSetting[]
  /** Settings that the files remove, so that the system's default holds. */
  readonly removed: readonly Pick<ReadSetting, 'field' | 'setting' | 'statement'>[]
  /** Statements at other places that the target may read, such as a copy of the control set. */
  readonly elsewhere: readonly Statement[]
}

/** One setting that holds, in the setting's own unit, and the statement that decides. */
export interface ReadSetting {
  readonly field: Field
  readonly setting: Setting
  readonly value: number
  readonly statement: Statement
}

/** All findings in files, in the order of the files. */
export interface CaptureReading {
  readonly readings: readonly TargetReading[]
  /** Every statement about a setting of a target, in order; the last one for a place decides. */
  readonly matched: readonly Matched[]
  /** Statements with the name of a setting at a place that no target reads, and deletions of a key that one reads. */
  readonly strays: readonly Statement[]
  /** Statements beside a target's settings whose name is almost that of one, `meant`. */
  readonly misspelt: readonly { readonly statement: Statement; readonly meant: string }[]
  /** Names of other settings at the same places, each once, in the order of their first appearance. */
  readonly others: readonly string[]
  /** The diagnostics of the files' readers. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The most names that are kept: nobody reads more. */
const MOST_OTHERS = 1_000

/** The targets that a file is read for: all `named` ones, or those of the `possible` ones that fit. */
export type Wanted =
  | { readonly named: readonly string[]; readonly possible?: never }
  | { readonly possible: readonly string[]; readonly named?: never }

/**
 * Sorts the statements of readers by target. If two possible targets keep their settings at the same place, the first
 * of the registry is taken: Windows Vista and later before Windows XP.
 */
export function interpret(registry: Registry, found: Iterable<Statement | Diagnostic>, wanted: Wanted): CaptureReading {
  const ids = wanted.named ?? wanted.possible
  const places = settingIndex([...registry.values()].filter(({ id }) => ids.includes(id)))
  const matched: Matched[] = []
  const strays: Statement[] = []
  const misspelt: CaptureReading['misspelt'][number][] = []
  const others = new Set<string>()
  const diagnostics = capPerCode()
  const deletions = new Map<string, number>()
  for (const one of found) {
    if (!isStatement(one)) {
      diagnostics.add(one)
      continue
    }
    if (one.name === undefined) deletions.set(one.key.toLowerCase(), matched.length)
    const hits = places.find(one)
    matched.push(...hits)
    if (hits.length > 0) continue
    if (places.isNamed(one) || (one.name === undefined && places.isBeside(one))) strays.push(one)
    else if (one.name !== undefined && others.size < MOST_OTHERS && places.isBeside(one)) {
      others.add(one.name)
      const meant = places.meant(one)
      if (meant !== undefined) misspelt.push({ statement: one, meant })
    }
  }
  const left = matched.filter(({ statement: { key } }, at) => !isDeleted(key, at, deletions))
  return {
    readings: readingsOf(left, wanted),
    matched: left,
    strays,
    misspelt,
    others: [...others],
    diagnostics: diagnostics.all(),
  }
}

/**
 * Whether a later line deletes a key or one above it; `deletions` has, by key, the number of values before its last
 * deletion.
 */
function isDeleted(key: string, at: number, deletions: ReadonlyMap<string, number>): boolean {
  if (deletions.size === 0) return false
  const parts = key.toLowerCase().split('\\')
  return parts.some((_, depth) => (deletions.get(parts.slice(0, depth + 1).join('\\')) ?? 0) > at)
}

function readingsOf(matched: readonly Matched[], wanted: Wanted): readonly TargetReading[] {
  const taken = new Set<Statement>()
  return [...new Set(matched.map(({ target }) => target))].flatMap((target) => {
    const own = matched.filter((one) => one.target === target && !taken.has(one.statement))
    // The place that the running machine reads decides; a copy of it decides only if the files do not have that place.
    const first = own.filter(({ place }) => !place.second).toSorted((a, b) => a.place.rank - b.place.rank)[0]?.place
    if (first === undefined) return []
    if (wanted.possible !== undefined) for (const { statement } of own) taken.add(statement)
    const deciding = own.filter(({ place }) => place.id === first.id)
    const second = own.filter(({ place }) => place.second)
    const options = Object.assign({}, first.options, ...second.map(({ place }) => place.options)) as OptionValues
    const elsewhere = own
      .filter(({ place }) => place.id !== first.id && !place.second)
      .map(({ statement }) => statement)
    return [readingOf(target, options, deciding, elsewhere)]
  })
}

function readingOf(
  target: Target,
  options: OptionValues,
  deciding: readonly Matched[],
  elsewhere: readonly Statement[],
): TargetReading {
  const last = FIELDS.flatMap((field) => deciding.findLast((one) => one.field === field) ?? [])
  return {
    target,
    options,
    settings: last.flatMap(({ field, setting, statement }) =>
      statement.value.kind === 'number' ? [{ field, setting, value: statement.value.number, statement }] : [],
    ),
    removed: last
      .filter(({ statement }) => statement.value.kind === 'absent')
      .map(({ field, setting, statement }) => ({ field, setting, statement })),
    elsewhere,
  }
}

/**
 * The settings of a machine that gets several files one after the other: the later of two values for a place decides.
 */
export function merged(all: readonly CaptureReading[], wanted: Wanted): CaptureReading {
  const matched = all.flatMap((one) => one.matched)
  return {
    readings: readingsOf(matched, wanted),
    matched,
    strays: all.flatMap(({ strays }) => strays),
    misspelt: all.flatMap(({ misspelt }) => misspelt),
    others: [...new Set(all.flatMap(({ others }) => others))],
    diagnostics: all.flatMap(({ diagnostics }) => diagnostics),
  }
}
