import { COMMANDS, type Chosen } from './commands/index.ts'
import type { Definition, OptionSet } from './definition.ts'
import { HELP } from './definitions/reference.ts'
import { UsageError } from './exit.ts'
import { commandHelp, programHelp } from './help.ts'
import { splitLine } from './line.ts'
import { COMMON, META } from './options.ts'
import { readOptions } from './read-options.ts'
import { refuseCommand, refuseUnknown } from './refuse.ts'

/** A parsed command line: a text to print, or a command with its options. */
export type Asked = { readonly printed: string } | Chosen

/** Every command, in the order of the help. */
export const DEFINITIONS: readonly Definition[] = [...COMMANDS.map(({ definition }) => definition), HELP]

/** The options of all commands; options of one name are of one kind. */
export const OPTIONS: OptionSet = Object.assign({}, COMMON, META, ...DEFINITIONS.map(({ options }) => options))

/** The first argument of a completion script is this and the word at the cursor; the words before it follow. */
export const COMPLETE = '--complete='

/**
 * Parses a command line. Throws a {@link UsageError} if it is wrong. `columns` is the width of the terminal, if known.
 */
export function parseCommandLine(argv: readonly string[], version: string, columns?: number): Asked {
  const line = splitLine(argv, OPTIONS)
  const [name] = line.words
  const asks = (option: keyof typeof META) => line.given.some((given) => given.name === option)
  if (asks('version')) return { printed: `${version}\n` }
  if (asks('help')) return help(name === HELP.name ? line.words[1] : name, columns)
  const command = COMMANDS.find(({ definition }) => definition.name === name)
  const definition = name === HELP.name ? HELP : command?.definition
  if (definition === undefined && name !== undefined) refuseCommand(name, DEFINITIONS)
  refuseUnknown(line, definition, DEFINITIONS)
  if (definition === HELP) return help(readOptions(HELP, line).command, columns)
  if (command === undefined) throw new UsageError('name a command; keepalive-kit --help lists them')
  return command.choose(line)
}

function help(name: string | undefined, columns: number | undefined): Asked {
  if (name === undefined) return { printed: `${programHelp(DEFINITIONS, columns)}\n` }
  const definition = DEFINITIONS.find((one) => one.name === name) ?? refuseCommand(name, DEFINITIONS)
  return { printed: `${commandHelp(definition, columns)}\n` }
}

/** The answer to a completion script; {@link COMPLETE} describes the question. */
export async function answerTab([asked = '', ...before]: readonly string[]): Promise<string> {
  const { completions } = await import('./words.ts')
  return completions(asked.slice(COMPLETE.length), before, DEFINITIONS, OPTIONS)
}
