import { POLICIES } from '../core/policy.ts'
import { loadPresets } from '../io/assets.ts'
import { TARGETS } from '../targets/index.ts'
import {
  exclusion,
  type Definition,
  type List,
  type OptionSet,
  type Origin,
  type Single,
  type Valued,
} from './definition.ts'
import { splitLine, type Line } from './line.ts'
import { COMMON, META } from './options.ts'
import { PRESET } from '../source/presets.ts'

/** A word for the place of the cursor, with a short description. */
type Candidate = readonly [word: string, about: string]

/** The possible completions at the cursor: words, and paths, which the shell completes itself. */
interface Place {
  readonly candidates: readonly Candidate[]
  readonly paths?: 'files' | 'folders'
}

/**
 * The answer to a completion script: a line for each possible word in place of `current`, with a tab and a short
 * description, then `:files` or `:folders` if a path is possible. `before` are the words between the program's name and
 * the cursor, `options` the options of all commands.
 */
export function completions(
  current: string,
  before: readonly string[],
  definitions: readonly Definition[],
  options: OptionSet,
): string {
  const { candidates, paths } = placeAt(current, splitLine(before, options), definitions)
  const lines = candidates.filter(([word]) => word.startsWith(current)).map(([word, about]) => `${word}\t${about}\n`)
  return `${lines.join('')}${paths === undefined ? '' : `:${paths}\n`}`
}

function placeAt(current: string, line: Line, definitions: readonly Definition[]): Place {
  const definition = definitions.find(({ name }) => name === line.words[0])
  const options: OptionSet = { ...COMMON, ...META, ...definition?.options }
  // An option without its value is the last argument: any other would have taken the next one.
  const open = line.given.find(({ name, value }) => value === undefined && valued(options, name) !== undefined)
  if (open !== undefined) return valuePlace(open.name, options, line, definitions)
  if (!line.ended && current.startsWith('-')) {
    const [, attached, name = ''] = /^(--([^=]+)=)/.exec(current) ?? []
    if (attached === undefined) return { candidates: unusedOptions(options, line) }
    const { candidates, ...rest } = valuePlace(name, options, line, definitions)
    return { candidates: candidates.map(([word, about]) => [`${attached}${word}`, about]), ...rest }
  }
  const [, ...words] = line.words
  if (line.words.length === 0) return { candidates: commands(definitions) }
  if (definition === undefined) return { candidates: [] }
  const { takes } = definition
  const next = takes[words.length] ?? takes.find(({ count }) => count === 'many')
  return next === undefined ? { candidates: unusedOptions(options, line) } : placeOf(next, words, definitions)
}

function unusedOptions(options: OptionSet, { given }: Line): readonly Candidate[] {
  return Object.entries(options)
    .filter(([name, { kind }]) => kind === 'list' || !given.some((one) => one.name === name))
    .filter(([name]) => given.every((one) => exclusion(options, one.name, name) === undefined))
    .map(([name, { describe }]) => [`--${name}`, describe])
}

function valued(options: OptionSet, name: string): Single | List | undefined {
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  return option?.kind === 'flag' ? undefined : option
}

function valuePlace(name: string, options: OptionSet, { given }: Line, definitions: readonly Definition[]): Place {
  const option = valued(options, name)
  if (option === undefined) return { candidates: [] }
  const earlier = given.filter((one) => one.name === name).flatMap(({ value }) => value ?? [])
  return placeOf(option, earlier, definitions)
}

/** All possible values, without those that are given already. */
function placeOf({ choices, from }: Valued, there: readonly string[], definitions: readonly Definition[]): Place {
  const { candidates, ...rest } =
    choices !== undefined
      ? { candidates: choices.map((choice): Candidate => [choice, '']) }
      : from === undefined
        ? { candidates: [] }
        : from === 'command'
          ? { candidates: commands(definitions) }
          : PLACES[from]()
  return { candidates: candidates.filter(([word]) => !there.includes(word)), ...rest }
}

function commands(definitions: readonly Definition[]): readonly Candidate[] {
  return definitions.map(({ name, describe }) => [name, describe])
}

const PLACES: Readonly<Record<Exclude<Origin, 'command'>, () => Place>> = {
  profile: () => ({
    candidates: [...loadPresets().keys()].map((name) => [`${PRESET}${name}`, 'preset of the kit']),
    paths: 'files',
  }),
  file: () => ({ candidates: [], paths: 'files' }),
  folder: () => ({ candidates: [], paths: 'folders' }),
  'new-file': () => ({ candidates: [], paths: 'files' }),
  target: () => ({ candidates: targets('') }),
  policy: () => ({ candidates: [...POLICIES.values()].map(({ name, title }) => [name, title]) }),
  select: () => ({ candidates: targets('target:') }),
}

function targets(prefix: string): readonly Candidate[] {
  return [...TARGETS.values()].flatMap(({ id, aliases, systems }) =>
    [id, ...aliases].map((name): Candidate => [`${prefix}${name}`, systems]),
  )
}
