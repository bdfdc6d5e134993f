import yargsFactory, { type Argv } from 'yargs'
import { escapeInvisible } from '../core/diagnostic.ts'
import type { World } from '../effects/world.ts'
import { COMMANDS, type Command } from './commands/index.ts'
import { UsageError, type ExitCode } from './exit.ts'
import { FORMATS, STDIO } from './options.ts'
import type { Typed } from './words.ts'

/** Runs one command line to its exit code. Results and messages go through `world`; nothing here ends the process. */
export async function main(argv: readonly string[], version: string, world: World): Promise<ExitCode> {
  try {
    const chosen: { command?: Command; options?: Record<string, unknown> } = {}
    const parser = parserFor(version, (command, options) => Object.assign(chosen, { command, options }))
    if (argv[0] === '--get-yargs-completions') {
      try {
        // yargs asks a command's own parser here, whose words reach no callback: it prints them itself.
        await parser.parseAsync([...argv])
      } catch {
        // That the command line is not complete is no news at TAB.
      }
      return 0
    }
    const printed = await new Promise<string>((done, fail) => {
      const parsed = parser.parseAsync(argv.map(named), {}, (_error, _argv, output) => done(output))
      Promise.resolve(parsed).then(() => done(''), fail)
    })
    if (printed !== '') world.out(`${printed}\n`)
    if (chosen.command === undefined) return 0
    const run = await chosen.command.load()
    return await run(world, chosen.options as never)
  } catch (error) {
    return reportFailure(world, error)
  }
}

/** yargs loses a lone `-` among a command's arguments, so it gets to see a name that no file has. */
function named(argument: string): string {
  return argument === '-' ? STDIO : argument
}

function parserFor(version: string, choose: (command: Command, options: Record<string, unknown>) => void): Argv {
  const parser = yargsFactory([])
    .scriptName('keepalive-kit')
    // Not the machine's language and width: help is the same everywhere, and printed in the README.
    .locale('en')
    .updateStrings(STRINGS)
    .wrap(100)
    .version(version)
    .usage(
      '$0 COMMAND [ARG...] [options]\n\nTurns TCP keep-alive profiles into what machines read. It never touches the machine it runs on.',
    )
    .parserConfiguration({ 'boolean-negation': false, 'parse-numbers': false, 'parse-positional-numbers': false })
    .option('format', { choices: FORMATS, default: 'text', requiresArg: true, describe: 'how to answer' })
    .option('quiet', { alias: 'q', type: 'boolean', default: false, describe: 'results and problems only' })
    .option('no-color', { type: 'boolean', default: false, describe: 'no colour; NO_COLOR does the same' })
    .help()
    .alias('help', 'h')
    .epilogue('Exit codes: 0 done, or no difference; 1 the answer is no; 2 wrong usage; 3 the machine, or a bug.')
    .completion('completion-words', false, completeWords as never)
    .strict()
    .recommendCommands()
    .demandCommand(1, 'name a command; keepalive-kit --help lists them')
    .check((options) => refuseContradictions(options))
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new UsageError(message)
    })
  for (const command of COMMANDS) {
    const { command: usage, describe, builder } = command
    parser.command(usage, describe, builder, (options) => choose(command, options))
  }
  return parser
}

/** yargs's sentences that a person would not understand. */
const STRINGS = {
  'Not enough non-option arguments: got %s, need at least %s': {
    one: 'an argument is missing: %s given, at least %s needed; add --help to see what it takes',
    other: 'an argument is missing: %s given, at least %s needed; add --help to see what it takes',
  } as never,
  'Did you mean %s?': 'there is no such command; did you mean %s?',
}

/** Words for the shell's TAB: names of targets and presets where they fit, else what yargs knows of commands and options. */
async function completeWords(
  current: string,
  argv: Typed,
  standard: (done: (error: Error | null, words: readonly string[]) => void) => void,
  done: (words: readonly string[]) => void,
): Promise<void> {
  const { valueWords } = await import('./words.ts')
  standard((_error, words) => done([...valueWords(current, argv), ...words].filter((word) => word.startsWith(current))))
}

/** What yargs takes and no person means: an option that is no list given twice, or two that exclude each other. */
function refuseContradictions(options: Record<string, unknown>): true {
  for (const name of ['out', 'format'])
    if (Array.isArray(options[name])) throw new UsageError(`--${name} is given twice; give it once`)
  if (options['out'] === STDIO)
    throw new UsageError('--out takes a folder; results of many files cannot go to standard output')
  if (options['check'] === true && options['dryRun'] === true)
    throw new UsageError('--check and --dry-run both write nothing; give one of them')
  return true
}

function reportFailure(world: World, error: unknown): ExitCode {
  if (error instanceof UsageError || (error as Error).name === 'YError') {
    world.err(`keepalive-kit: ${escapeLines((error as Error).message)}\n`)
    return 2
  }
  const { code, path, message } = error as NodeJS.ErrnoException
  if (typeof code === 'string' && MACHINE[code] !== undefined) {
    world.err(`keepalive-kit: ${path === undefined ? '' : `${path}: `}${MACHINE[code]}\n`)
    return 3
  }
  world.err(
    `keepalive-kit: ${message}\nThis is a fault of keepalive-kit, not of yours; please report it with the command that you ran.\n`,
  )
  return 3
}

/** What the operating system says, in the words of the person who has to mend it. */
const MACHINE: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'it is there already',
  ENOENT: 'a part of the path does not exist',
  ENAMETOOLONG: 'the path is too long',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  EBUSY: 'another program is using it',
  ENOTEMPTY: 'the folder changed meanwhile',
}

function escapeLines(message: string): string {
  return message.split('\n').map(escapeInvisible).join('\n')
}
