import type { Options } from 'yargs'

export const FORMATS = ['text', 'json', 'github'] as const
export type Format = (typeof FORMATS)[number]

/** Shells that there is a completion script for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const

/** What `-` is called from the command line on: standard input, or for `init` standard output. */
export { STDIO } from '../io/world.ts'

/** Options that every command has. */
export interface CommonOptions {
  readonly format: Format
  readonly quiet: boolean
  readonly noColor: boolean
}

/** Options of commands that read profiles. */
export interface ProfileOptions extends CommonOptions {
  readonly profiles: readonly string[]
  readonly target: readonly string[]
  readonly strict: boolean
}

/** Options of `explain`, which can also write a page. */
export interface ExplainOptions extends Omit<ProfileOptions, 'format'> {
  readonly format: Format | 'html'
  readonly policy: readonly string[]
}

/** Options of commands that write files. */
export interface OutputOptions extends ProfileOptions {
  readonly out: string
  readonly check: boolean
  readonly dryRun: boolean
}

type OptionSet = Readonly<Record<string, Options>>

export const COMMON: OptionSet = {
  format: { choices: FORMATS, default: 'text', requiresArg: true, describe: 'how to answer' },
  quiet: { alias: 'q', type: 'boolean', default: false, describe: 'results and problems only' },
  'no-color': { type: 'boolean', default: false, describe: 'no colour; NO_COLOR does the same' },
}

/** `--target`, `--strict`. */
export const PROFILE: OptionSet = {
  target: {
    alias: 't',
    type: 'string',
    array: true,
    nargs: 1,
    default: [],
    defaultDescription: "the profile's",
    describe: 'only this target, and no other in the output; may be given again',
  },
  strict: { type: 'boolean', default: false, describe: 'take warnings as errors' },
}

/** One more format, for a command that can write a page: yargs adds the choices of a command to those of {@link COMMON}. */
export const PAGE: OptionSet = { format: { choices: ['html'] } }

/** `--policy`. */
export const POLICY: OptionSet = {
  policy: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [],
    defaultDescription: 'none',
    describe: 'say whether each target passes this policy; may be given again',
  },
}

/** The name that a lock has where none is given. */
export const LOCK_FILE = 'keepalive.lock.json'

/** `--lock`, of commands that write one or hold something against it. */
export const LOCK: Options = { type: 'string', requiresArg: true }

/** `--out`, `--check`, `--dry-run`. */
const WRITING: OptionSet = {
  out: { alias: 'o', type: 'string', requiresArg: true, default: 'out', describe: 'folder to write to' },
  check: {
    type: 'boolean',
    default: false,
    describe: 'compare with what is there and write nothing; exit 1 if it differs',
  },
  'dry-run': { alias: 'n', type: 'boolean', default: false, describe: 'say what would be written; write nothing' },
}

/** Options of commands that write what profiles become. */
export const OUTPUT: OptionSet = { ...PROFILE, ...WRITING }

/** Options of `fleet`; its devices have each their own targets. */
export const FLEET: OptionSet = {
  strict: PROFILE['strict'] as Options,
  ...WRITING,
  select: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [],
    defaultDescription: 'all',
    describe: 'only devices that this is true of: tag:WORD, target:ID, or a name with * in it; may be given again',
  },
  shard: {
    type: 'string',
    requiresArg: true,
    describe: 'only the part I/N of the devices, such as 2/7; merge joins them',
  },
}
