import { didYouMean, show } from '../core/words.ts'
import { exclusion, type Definition, type List, type OptionSet, type Single } from './definition.ts'
import { UsageError } from './exit.ts'
import { joined, usage } from './help.ts'
import type { Given, Line } from './line.ts'
import { COMMON, META } from './options.ts'

/** Refuses an unknown command and suggests the nearest name. */
export function refuseCommand(name: string, all: readonly Definition[]): never {
  const names = all.map((one) => one.name)
  throw new UsageError(
    `there is no command ${show(name)}${didYouMean(name, names) || '; keepalive-kit --help lists them'}`,
  )
}

/** Refuses options that a command does not have; without a command, options that no command has. */
export function refuseUnknown(line: Line, definition: Definition | undefined, all: readonly Definition[]): void {
  const own = definition === undefined ? all : [definition]
  const known: OptionSet = Object.assign({}, COMMON, META, ...own.map(({ options }) => options))
  for (const given of line.given) {
    const head = given.argument.replace(/=.*/s, '')
    if (Object.hasOwn(known, head.slice(1))) throw new UsageError(`there is no option ${show(head)}; write -${head}`)
    // `-q=yes` arrives as `-q`, `-=` and so on.
    if (given.written === '-=' && head !== '-') throw new UsageError(`${head} takes no value`)
    if (!Object.hasOwn(known, given.name)) throw new UsageError(unknownOption(given, known, definition, all))
  }
}

function unknownOption(
  { name, written }: Given,
  known: OptionSet,
  definition: Definition | undefined,
  all: readonly Definition[],
): string {
  const others = all.filter(({ options }) => Object.hasOwn(options, name)).map((one) => one.name)
  if (definition !== undefined && others.length > 0)
    return `${definition.name} has no option ${show(written)}; ${joined(others, 'and')} ${others.length > 1 ? 'have' : 'has'} it`
  const instead = Object.values(known).find(({ mistaken }) => mistaken?.[written] !== undefined)?.mistaken?.[written]
  const names = Object.keys(known).map((one) => `--${one}`)
  const help = `; keepalive-kit ${definition === undefined ? '' : `${definition.name} `}--help lists them`
  const advice = instead === undefined ? didYouMean(written, names) || help : `; write ${instead}`
  return `there is no option ${show(written)}${advice}`
}

/** Refuses words and options that violate the definition: too many, too few, empty, or excluding each other. */
export function refuseContradictions(definition: Definition, { given, words }: Line): void {
  const options: OptionSet = { ...COMMON, ...definition.options }
  for (const [at, one] of given.entries()) {
    const option = options[one.name]
    if (option === undefined) continue
    if (option.kind !== 'flag') refuseValue(option, one)
    else if (one.value !== undefined) throw new UsageError(`--${one.name} takes no value`)
    for (const { name } of given.slice(0, at)) refusePair(options, name, one.name)
  }
  refuseWords(definition, words.slice(1))
}

function refuseValue(option: Single | List, { name, written, value, inline }: Given): void {
  const { value: shown, choices, from } = option
  const flag = `--${name}`
  const instead = option.kind === 'single' && option.default !== undefined ? `, or omit it for ${option.default}` : ''
  if (value === undefined || (!inline && /^-./.test(value)))
    throw new UsageError(`${flag} needs a value; write ${flag} ${shown}`)
  if (value === '') throw new UsageError(`${flag} is empty; write ${flag} ${shown}${instead}`)
  if (choices?.includes(value) === false)
    throw new UsageError(`${flag} cannot be ${show(value)}; write ${joined(choices, 'or')}`)
  if (value === '-' && (from === 'folder' || from === 'new-file'))
    throw new UsageError(`${flag} takes a ${from.replace('new-', '')}; - is standard output`)
  const each = from === 'target' || from === 'policy' ? value.split(',').filter((one) => one !== '') : []
  if (value.includes(',') && each.length > 0)
    throw new UsageError(`${flag} takes one ${from}; write ${each.map((one) => `${written} ${one}`).join(' ')}`)
}

function refusePair(options: OptionSet, first: string, second: string): void {
  if (first === second && options[first]?.kind !== 'list')
    throw new UsageError(`--${first} is given twice; give it once`)
  const why = exclusion(options, first, second)
  if (why !== undefined) throw new UsageError(`--${first} and --${second} both ${why}; give one of them`)
}

function refuseWords({ name, takes, examples }: Definition, words: readonly string[]): void {
  const example = `write for example keepalive-kit ${examples[0]?.[1] ?? name}`
  for (const [at, { value, count, choices }] of takes.entries()) {
    const own = words.slice(at, count === 'many' ? undefined : at + 1)
    if (own.length === 0 && count !== 'optional') throw new UsageError(`${name}: missing ${value}; ${example}`)
    if (own.includes('')) throw new UsageError(`${name}: ${value} is empty; ${example}`)
    const other = own.find((word) => choices?.includes(word) === false)
    if (other !== undefined)
      throw new UsageError(`${name}: ${value} cannot be ${show(other)}; write ${joined(choices ?? [], 'or')}`)
  }
  const extra = takes.some(({ count }) => count === 'many') ? undefined : words[takes.length]
  if (extra !== undefined)
    throw new UsageError(`${name} takes ${usage(takes) || 'no arguments'}; ${show(extra)} is one too many`)
}
