import { problem, type DataOf } from './diagnostic.ts'
import { failure, success, type Result } from './result.ts'
import { findTarget, targetNames, type Registry, type Target } from './target.ts'

/** A longer text is no name of a system. */
const LONGEST = 64

/**
 * The target that a person probably means by a name that is no id: `Windows-CE`, `win10`, `Debian 12`. Only capitals, blanks
 * and punctuation may differ from the words of its descriptor; `undefined` where no descriptor has such a word.
 */
export function meantTarget(registry: Registry, text: string): Target | undefined {
  const parts = text.length > LONGEST ? [] : (text.toLowerCase().match(/[a-z]+|[0-9]+/g) ?? [])
  const beginnings = parts.map((_, index) => parts.slice(0, index + 1).join(''))
  const whole = beginnings.at(-1)
  if (whole === undefined) return undefined
  const fits = (word: string) => (word.endsWith('*') ? beginnings.includes(word.slice(0, -1)) : word === whole)
  const found = [...registry.values()].flatMap((target) =>
    wordsFor(target)
      .filter(fits)
      .map((word) => ({ target, length: word.length })),
  )
  return found.toSorted((a, b) => b.length - a.length)[0]?.target
}

function wordsFor({ id, aliases, alsoCalled }: Target): readonly string[] {
  return [...[id, ...aliases].map((name) => name.replaceAll('-', '')), ...alsoCalled]
}

/** The data of `profile/unknown-target`: `known` are the names that may stand in its place, by default those of all targets. */
export function unknownTarget(
  registry: Registry,
  target: string,
  known: readonly string[] = targetNames(registry),
): DataOf<'profile/unknown-target'> {
  const meant = meantTarget(registry, target)
  const instead =
    meant !== undefined && known.includes(meant.id) ? { target: meant.id, systems: meant.systems } : undefined
  return { target, known, ...(instead === undefined ? {} : { instead }) }
}

/** The ids of targets, by ids or aliases; each unknown name is a `profile/unknown-target`. */
export function targetIds(registry: Registry, names: readonly string[]): Result<readonly string[]> {
  const unknown = names.filter((name) => findTarget(registry, name) === undefined)
  return unknown.length === 0
    ? success(names.flatMap((name) => findTarget(registry, name)?.id ?? []))
    : failure(...unknown.map((name) => problem('profile/unknown-target', unknownTarget(registry, name))))
}
