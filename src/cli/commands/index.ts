import type { Options, PositionalOptions } from 'yargs'
import { FLEET, LOCK, LOCK_FILE, OUTPUT, PAGE, POLICY, PROFILE, SHELLS } from '../options.ts'
import type { Run } from '../outcome.ts'

/** A command: what yargs must know at once, and its work, which is loaded only when it is asked for. */
export interface Command {
  readonly name: string
  /** What follows the name on the command line, as yargs writes it. */
  readonly takes?: { readonly usage: string; readonly words: Readonly<Record<string, PositionalOptions>> }
  readonly describe: string
  readonly options: Readonly<Record<string, Options>>
  readonly load: () => Promise<Run<never>>
  /** With `--format json` it answers in lines, while it goes on. */
  readonly inLines?: true
}

const PROFILES: Command['takes'] = {
  usage: '<profiles...>',
  words: { profiles: { type: 'string', array: true, describe: 'profile files, preset:NAME, or - for standard input' } },
}

const SIDE = 'a profile, preset:NAME, output folder, zip, lock, file of settings, or GITREV:PATH'

export const COMMANDS: readonly Command[] = [
  {
    name: 'init',
    takes: {
      usage: '[file]',
      words: { file: { type: 'string', default: 'profile.yaml', describe: 'file to write, or - for standard output' } },
    },
    describe: 'write a commented starter profile; refuses to overwrite',
    options: {},
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'validate',
    takes: PROFILES,
    describe: 'check profiles; writes nothing',
    options: PROFILE,
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    name: 'explain',
    takes: PROFILES,
    describe: 'say what each target will do, with every value and its source',
    options: { ...PROFILE, ...POLICY, ...PAGE },
    load: async () => (await import('./explain.ts')).explainProfiles,
  },
  {
    name: 'generate',
    takes: PROFILES,
    describe: 'write OUT/NAME/TARGET/...',
    options: OUTPUT,
    load: async () => (await import('./generate.ts')).generate,
  },
  {
    name: 'bundle',
    takes: PROFILES,
    describe: 'write OUT/NAME.zip',
    options: OUTPUT,
    load: async () => (await import('./bundle.ts')).bundleProfiles,
  },
  {
    name: 'fleet',
    takes: {
      usage: '<fleet>',
      words: {
        fleet: { type: 'string', describe: 'a table (CSV) or a YAML file of devices, or - for standard input' },
      },
    },
    describe: 'write OUT/DEVICE.zip for each device of a fleet, with a lock and an index',
    options: FLEET,
    inLines: true,
    load: async () => (await import('./fleet.ts')).makeFleet,
  },
  {
    name: 'merge',
    takes: { usage: '<folder>', words: { folder: { type: 'string', describe: 'where every shard has written' } } },
    describe: 'join the lock and the index of all shards of a fleet',
    options: {},
    load: async () => (await import('./merge.ts')).mergeShards,
  },
  {
    name: 'verify',
    takes: {
      usage: '<paths...>',
      words: {
        paths: {
          type: 'string',
          array: true,
          describe: 'output folders, zips, folders of these, or - for a zip on standard input',
        },
      },
    },
    describe: 'say whether outputs are what their profile says, untouched',
    options: {
      strict: PROFILE['strict'] as Options,
      lock: { ...LOCK, describe: 'hold profiles and outputs against this lock' },
      profile: { type: 'string', requiresArg: true, describe: 'hold what machines have against this profile' },
    },
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'diff',
    takes: {
      usage: '<a> <b>',
      words: { a: { type: 'string', describe: SIDE }, b: { type: 'string', describe: SIDE } },
    },
    describe: 'say what changes from A to B, in meaning; exit 1 when something does',
    options: { target: PROFILE['target'] as Options, format: { choices: ['markdown', 'html', 'unified', 'sarif'] } },
    load: async () => (await import('./diff.ts')).diff,
  },
  {
    name: 'import',
    takes: {
      usage: '<files...>',
      words: {
        files: { type: 'string', array: true, describe: 'what a machine or a vendor gave, or - for standard input' },
      },
    },
    describe: 'print a profile that generates what a file says',
    options: {
      ...PROFILE,
      name: { type: 'string', requiresArg: true, describe: "the profile's name", defaultDescription: "the file's" },
      format: { choices: ['sarif'] },
    },
    load: async () => (await import('./import.ts')).importFiles,
  },
  {
    name: 'lock',
    takes: PROFILES,
    describe: 'write keepalive.lock.json: every setting and a digest of the files, to commit and review',
    options: { ...PROFILE, lock: { ...LOCK, default: LOCK_FILE, describe: 'the file to write' } },
    load: async () => (await import('./lock.ts')).writeLock,
  },
  {
    name: 'textconv',
    takes: { usage: '<file>', words: { file: { type: 'string', describe: 'the file, or - for standard input' } } },
    describe: 'print a file as text in UTF-8; git calls it for diffs',
    options: {},
    load: async () => (await import('./textconv.ts')).textconv,
  },
  {
    name: 'git-setup',
    describe: 'print the lines of .gitattributes that make .reg files reviewable',
    options: {
      way: {
        choices: ['encoding', 'textconv'],
        default: 'encoding',
        requiresArg: true,
        describe: 'how: see what it prints',
      },
      out: OUTPUT['out'] as Options,
      write: { type: 'boolean', default: false, describe: 'put them into .gitattributes here' },
    },
    load: async () => (await import('./git-setup.ts')).gitSetup,
  },
  {
    name: 'targets',
    describe: 'list the systems that the kit knows',
    options: {},
    load: async () => (await import('./lists.ts')).listTargets,
  },
  {
    name: 'presets',
    describe: 'list the profiles that ship with the kit',
    options: {},
    load: async () => (await import('./lists.ts')).listPresets,
  },
  {
    name: 'policies',
    describe: 'list what explain --policy knows: who wants which numbers',
    options: {},
    load: async () => (await import('./lists.ts')).listPolicies,
  },
  {
    name: 'middleboxes',
    describe: 'list what forgets idle connections on their way, and when',
    options: {},
    load: async () => (await import('./lists.ts')).listMiddleboxes,
  },
  {
    name: 'schema',
    describe: 'print the JSON Schema of a profile, for editors',
    options: {},
    load: async () => (await import('./schema.ts')).printSchema,
  },
  {
    name: 'completion',
    takes: { usage: '<shell>', words: { shell: { choices: SHELLS, describe: 'the shell' } } },
    describe: 'print a completion script for a shell',
    options: {},
    load: async () => (await import('./completion.ts')).printCompletion,
  },
]
