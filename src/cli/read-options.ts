import { camel, type Definition, type Option, type Positional, type Valued } from './definition.ts'
import type { Line } from './line.ts'
import { STDIO } from '../io/world.ts'
import { COMMON, type OptionsOf } from './options.ts'
import { refuseContradictions } from './refuse.ts'

/** The options and words of a command line in the types of the command's work. Throws a `UsageError`. */
export function readOptions<const One extends Definition>(definition: One, line: Line): OptionsOf<One> {
  refuseContradictions(definition, line)
  const options = Object.entries<Option>({ ...COMMON, ...definition.options })
  const values = options.map(([name, option]) => [camel(name), optionValue(name, option, line)])
  const words = definition.takes.map((one, at) => [one.key, wordValue(one, line.words.slice(1 + at))])
  // The seam between words and types: each kind of option gives the values that its type is inferred for.
  return Object.fromEntries([...values, ...words]) as OptionsOf<One>
}

function optionValue(name: string, option: Option, line: Line): boolean | string | readonly string[] | undefined {
  const given = line.given.filter((one) => one.name === name)
  if (option.kind === 'flag') return given.length > 0
  const values = given.flatMap(({ value }) => (value === undefined ? [] : [meaning(option, value)]))
  return option.kind === 'list' ? values : (values[0] ?? option.default)
}

/** `words` begin with the first that it may take. */
function wordValue(one: Positional, words: readonly string[]): string | readonly string[] | undefined {
  const values = words.map((word) => meaning(one, word))
  return one.count === 'many' ? values : (values[0] ?? one.default)
}

function meaning({ stdio }: Valued, word: string): string {
  return stdio === true && word === '-' ? STDIO : word
}
