import type { Definition, OptionSet, Parsed, Positional } from './definition.ts'

const FORMATS = ['text', 'json', 'github'] as const

/** `--format`, with a command's own formats beside those of every command. */
export function formatOption<const More extends readonly string[]>(...more: More) {
  return {
    kind: 'single',
    value: 'FORMAT',
    choices: [...FORMATS, ...more],
    default: 'text',
    mistaken: { '--json': '--format json', '--output-format': '--format FORMAT' },
    describe: 'output format',
  } as const
}

/** Options of every command. */
export const COMMON = {
  format: formatOption(),
  quiet: {
    kind: 'flag',
    short: 'q',
    mistaken: { '--silent': '-q or --quiet' },
    describe: 'print results and problems only',
  },
  'no-color': { kind: 'flag', describe: 'print without colour, as with NO_COLOR' },
} as const satisfies OptionSet

/** Options that print something and run no command. */
export const META = {
  help: { kind: 'flag', short: 'h', describe: 'show options and examples' },
  version: {
    kind: 'flag',
    short: 'V',
    mistaken: { '-v': '-V or --version for the version; no output is verbose' },
    describe: 'show the version',
  },
} as const satisfies OptionSet

/** `--strict` of commands that read profiles or outputs. */
export const STRICT = { strict: { kind: 'flag', describe: 'treat warnings as errors' } } as const satisfies OptionSet

/** `--target`. */
export const TARGET = {
  target: {
    kind: 'list',
    short: 't',
    value: 'ID',
    from: 'target',
    defaultText: 'all that apply',
    describe: 'only this target',
  },
} as const satisfies OptionSet

/** `--policy`. */
export const POLICY = {
  policy: {
    kind: 'list',
    value: 'NAME',
    from: 'policy',
    defaultText: 'none',
    describe: 'say whether each target meets this policy',
  },
} as const satisfies OptionSet

/** `--out`. */
export const OUT = {
  out: {
    kind: 'single',
    short: 'o',
    value: 'DIR',
    from: 'folder',
    default: 'out',
    mistaken: { '--output': '-o DIR or --out DIR', '--output-dir': '-o DIR or --out DIR' },
    describe: 'folder to write to',
  },
} as const satisfies OptionSet

/** The name of the lock if none is given. */
export const LOCK_FILE = 'keepalive.lock.json'

/** Options of commands that write outputs. */
export const WRITING = {
  ...OUT,
  check: {
    kind: 'flag',
    excludes: { 'dry-run': 'write nothing' },
    describe: 'compare with the files that exist; exit 1 if they differ; write nothing',
  },
  'dry-run': {
    kind: 'flag',
    short: 'n',
    describe: 'say what would be written; write nothing',
  },
} as const satisfies OptionSet

/** `--compress`, of commands that write zips. */
export const COMPRESS = {
  compress: {
    kind: 'flag',
    describe: 'make zips about a third of the size; their bytes then depend on the zlib of Node',
  },
} as const satisfies OptionSet

/** Options of commands that read profiles. */
export const PROFILE = { ...TARGET, ...STRICT } as const satisfies OptionSet

/** `PROFILE...` */
export const PROFILES = {
  key: 'profiles',
  count: 'many',
  value: 'PROFILE',
  from: 'profile',
  stdio: true,
  describe: 'profile file, preset:NAME, or - for standard input',
} as const satisfies Positional

/** The options of a command as its work gets them, inferred from its definition. */
export type OptionsOf<One extends Pick<Definition, 'takes' | 'options'>> = Parsed<typeof COMMON, One>

/** Options of commands that read profiles. */
export type ProfileOptions = OptionsOf<{ takes: [typeof PROFILES]; options: typeof PROFILE }>

/** Options of commands that read profiles and write outputs. */
export type OutputOptions = OptionsOf<{ takes: [typeof PROFILES]; options: typeof PROFILE & typeof WRITING }>
