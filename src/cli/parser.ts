import yargsFactory, { type Argv } from 'yargs'
import { didYouMean, show } from '../core/words.ts'
import { COMMANDS, type Command } from './commands/index.ts'
import { UsageError } from './exit.ts'
import { COMMON, STDIO } from './options.ts'
import type { Typed } from './words.ts'

/** What a command line asks for: a command with its options, or just something to print (`--help`, `--version`). */
export interface Asked {
  readonly printed: string
  readonly command?: Command
  readonly options?: Readonly<Record<string, unknown>>
}

/** Reads a command line; one that makes no sense throws a {@link UsageError}. */
export async function parseCommandLine(argv: readonly string[], version: string): Promise<Asked> {
  const asked: { command?: Command; options?: Record<string, unknown> } = {}
  const parser = parserFor(argv, version, (command, options) => Object.assign(asked, { command, options }))
  const printed = await new Promise<string>((done, fail) => {
    const parsed = parser.parseAsync(argv.map(named), {}, (_error, _argv, output) => done(output))
    Promise.resolve(parsed).then(() => done(''), fail)
  })
  return { ...asked, printed }
}

/** Prints the words that may come next, for the shell's TAB; the words so far come after yargs's own flag. */
export async function answerTab(argv: readonly string[], version: string): Promise<void> {
  try {
    // yargs asks a command's own parser here, whose words reach no callback: it prints them itself.
    await parserFor(argv, version, () => {}).parseAsync([...argv])
  } catch {
    // That the command line is not complete is no news at TAB.
  }
}

/** yargs loses a lone `-` among a command's arguments, so it gets to see a name that no file has. */
function named(argument: string): string {
  return argument === '-' ? STDIO : argument
}

type Choose = (command: Command, options: Record<string, unknown>) => void

function parserFor(argv: readonly string[], version: string, choose: Choose): Argv {
  const parser = yargsFactory([])
    .scriptName('keepalive-kit')
    // Not the machine's language and width: help is the same everywhere, and printed in the README.
    .locale('en')
    .updateStrings(STRINGS)
    .wrap(100)
    .version(version)
    .usage(
      '$0 COMMAND [ARG...] [options]\n\nTurns TCP keep-alive profiles into what machines read. It never touches the machine that it runs on.',
    )
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .options(COMMON)
    .help()
    .alias('help', 'h')
    .epilogue('Exit codes: 0 done, or no difference; 1 the answer is no; 2 wrong usage; 3 the machine, or a bug.')
    .completion('completion-words', false, completeWords as never)
    .strict()
    .demandCommand(1, 'name a command; keepalive-kit --help lists them')
    .check((options) => refuseContradictions(argv, options))
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new UsageError(unknownWord(argv) ?? message)
    })
  for (const command of COMMANDS) {
    const { name, takes, describe, options } = command
    const build = (own: Argv) =>
      Object.entries(takes?.words ?? {})
        .reduce((all, [word, about]) => all.positional(word, about), own)
        .options(options)
    const usage = takes === undefined ? name : `${name} ${takes.usage}`
    parser.command(usage, describe, build, (given) => choose(command, given))
  }
  return parser
}

/** yargs's sentence that a person would not understand. */
const STRINGS = {
  'Not enough non-option arguments: got %s, need at least %s': {
    one: 'an argument is missing: %s given, at least %s needed; add --help to see what it takes',
    other: 'an argument is missing: %s given, at least %s needed; add --help to see what it takes',
  } as never,
}

/** The first word that no command or option has, which is what a person wants to hear of first when yargs complains. */
function unknownWord(argv: readonly string[]): string | undefined {
  const names = COMMANDS.map(({ name }) => name)
  const first = argv.find((word) => !word.startsWith('-'))
  const command = COMMANDS.find(({ name }) => name === first)
  if (first !== undefined && command === undefined)
    return `there is no command ${show(first)}${didYouMean(first, names)}; keepalive-kit --help lists them`
  const options = Object.entries({ ...COMMON, ...command?.options, help: { alias: 'h' }, version: {} })
  const known = options.flatMap(([name, { alias }]) =>
    typeof alias === 'string' ? [`--${name}`, `-${alias}`] : [`--${name}`],
  )
  const written = argv.filter((word) => /^--?[^-]/.test(word)).map((word) => word.replace(/=.*/, ''))
  const unknown = written.find((word) => !known.includes(word))
  return unknown && `there is no option ${show(unknown)}${didYouMean(unknown, known)}; add --help to see them`
}

/** Words for the shell's TAB: names of targets and presets where they fit, else what yargs knows of commands and options. */
async function completeWords(
  current: string,
  argv: Typed,
  byYargs: (done: (error: Error | null, words: readonly string[]) => void) => void,
  done: (words: readonly string[]) => void,
): Promise<void> {
  const { valueWords } = await import('./words.ts')
  byYargs((_error, words) => done([...valueWords(current, argv), ...words].filter((word) => word.startsWith(current))))
}

/** What yargs takes and no person means: an option that is no list given twice, an empty one, two that exclude each other. */
function refuseContradictions(argv: readonly string[], options: Record<string, unknown>): true {
  for (const name of ['out', 'format', 'file', 'shell', 'name', 'lock', 'profile', 'way'])
    if (Array.isArray(options[name])) throw new UsageError(`${name} is given twice; give it once`)
  const flag = argv.find((word) => /^--(?:check|dry-run|strict|quiet|no-color|compress)=/.test(word))
  if (flag !== undefined) throw new UsageError(`${flag.replace(/=.*/, '')} takes no value`)
  if (options['out'] === '') throw new UsageError('--out is empty; name a folder, or leave it out for out')
  if (options['out'] === STDIO)
    throw new UsageError('--out takes a folder; results of many files cannot go to standard output')
  if (options['check'] === true && options['dryRun'] === true)
    throw new UsageError('--check and --dry-run both write nothing; give one of them')
  return true
}
