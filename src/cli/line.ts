import { Parser } from 'yargs/helpers'
import type { OptionSet } from './definition.ts'

/** One option as written on a command line. */
export interface Given {
  /** The long name of a known option, else the name as written. */
  readonly name: string
  /** `-t` or `--target`. */
  readonly written: string
  /** The whole argument that contains it, such as `-qn` or `--target=linux`. */
  readonly argument: string
  readonly value: string | undefined
  /** Whether the value is part of the argument, as in `--target=linux`, or the next argument. */
  readonly inline: boolean
}

/** The parts of a command line, before they are checked. */
export interface Line {
  /** The command's name and the words after it. */
  readonly words: readonly string[]
  readonly given: readonly Given[]
  /** Whether the line has `--`, after which there are no options. */
  readonly ended: boolean
}

/** An option as found in an argument, before yargs has read its value. */
interface Written extends Omit<Given, 'value'> {
  /** The value that is part of the argument. */
  readonly attached: string | undefined
}

/** Splits a command line. `options` are all options that exist: flags have no value, others take the next argument. */
export function splitLine(argv: readonly string[], options: OptionSet): Line {
  const { written, forYargs, ended } = lookOver(argv, options)
  const parsed: Readonly<Record<string, unknown>> = Parser([...forYargs], yargsOptions(options))
  const values = new Map(valued(options).map((name) => [name, texts(parsed[name]).values()]))
  return {
    words: [...texts(parsed['_']), ...texts(parsed['--'])],
    given: written.map(({ attached, ...one }) => {
      const own = values.get(one.name)
      return { ...one, value: own === undefined ? attached : own.next().value }
    }),
    ended,
  }
}

function yargsOptions(options: OptionSet): Parser.Options {
  const entries = Object.entries(options)
  return {
    boolean: entries.flatMap(([name, { kind }]) => (kind === 'flag' ? [name] : [])),
    string: [...valued(options)],
    // 0 keeps `true` after a flag as a word.
    narg: Object.fromEntries(entries.map(([name, { kind }]) => [name, kind === 'flag' ? 0 : 1])),
    alias: Object.fromEntries(entries.flatMap(([name, { short }]) => (short === undefined ? [] : [[name, short]]))),
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': true,
      'nargs-eats-options': true,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
      'strip-aliased': true,
    },
  }
}

function valued(options: OptionSet): readonly string[] {
  return Object.entries(options).flatMap(([name, { kind }]) => (kind === 'flag' ? [] : [name]))
}

/** A value that yargs read: a list if the option has several. */
function texts(value: unknown): readonly string[] {
  return [value].flat().filter((one) => typeof one === 'string')
}

/**
 * The options of a command line in their order, which yargs does not report, and the arguments for yargs. Unknown
 * options are left out of the arguments, because yargs would give them the next word as a value.
 */
function lookOver(argv: readonly string[], options: OptionSet) {
  const letters = new Map(Object.entries(options).map(([name, { short }]) => [short, name]))
  const takers = new Set(valued(options))
  const written: Written[] = []
  const forYargs: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? ''
    if (argument === '--') return { written, forYargs: [...forYargs, ...argv.slice(at)], ended: true }
    const own = optionsIn(argument, letters, takers)
    written.push(...own)
    forYargs.push(...apart(argument, own, options))
    const last = own.at(-1)
    if (last?.inline === false && takers.has(last.name)) forYargs.push(...argv.slice(++at, at + 1))
  }
  return { written, forYargs, ended: false }
}

/** An argument for yargs: `-qnox`, in which yargs finds no value, becomes `-q -n -o x`. */
function apart(argument: string, own: readonly Written[], options: OptionSet): readonly string[] {
  if (own.length === 0) return [argument]
  const known = own.filter(({ name }) => Object.hasOwn(options, name))
  if (argument.startsWith('--')) return known.map(() => argument)
  return known.flatMap(({ written, attached }) => (attached === undefined ? [written] : [written, attached]))
}

/** The options in an argument; empty for a word. */
function optionsIn(
  argument: string,
  letters: ReadonlyMap<string | undefined, string>,
  takers: ReadonlySet<string>,
): readonly Written[] {
  if (!argument.startsWith('-') || argument === '-') return []
  return argument.startsWith('--') ? [longOption(argument)] : shortOptions(argument, letters, takers)
}

function longOption(argument: string): Written {
  const [, name = '', attached] = /^--(.[^=]*)(?:=(.*))?$/s.exec(argument) ?? []
  return { name, written: `--${name}`, argument, attached, inline: attached !== undefined }
}

/** `-qnox` and `-qno=x` mean `-q -n -o x`: the first option that takes a value gets the rest. */
function shortOptions(
  argument: string,
  letters: ReadonlyMap<string | undefined, string>,
  takers: ReadonlySet<string>,
): readonly Written[] {
  const found: Written[] = []
  let rest = argument.slice(1)
  while (rest !== '') {
    const [letter = ''] = rest
    rest = rest.slice(letter.length)
    const name = letters.get(letter) ?? letter
    const attached = takers.has(name) && rest !== '' ? rest.replace(/^=/, '') : undefined
    found.push({ name, written: `-${letter}`, argument, attached, inline: attached !== undefined })
    if (attached !== undefined) break
  }
  return found
}
