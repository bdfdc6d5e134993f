import type { Options, PositionalOptions } from 'yargs'
import type { World } from '../../effects/world.ts'
import type { ExitCode } from '../exit.ts'
import { OUTPUT, PAGE, PROFILE, SHELLS } from '../options.ts'

/** A command: what yargs must know at once, and its work, which is loaded only when it is asked for. */
export interface Command {
  readonly name: string
  /** What follows the name on the command line, as yargs writes it. */
  readonly takes?: { readonly usage: string; readonly name: string; readonly about: PositionalOptions }
  readonly describe: string
  readonly options: Readonly<Record<string, Options>>
  readonly load: () => Promise<(world: World, options: never) => Promise<ExitCode> | ExitCode>
}

const PROFILES: Command['takes'] = {
  usage: '<profiles...>',
  name: 'profiles',
  about: { type: 'string', array: true, describe: 'profile files, preset:NAME, or - for standard input' },
}

export const COMMANDS: readonly Command[] = [
  {
    name: 'init',
    takes: {
      usage: '[file]',
      name: 'file',
      about: { type: 'string', default: 'profile.yaml', describe: 'file to write, or - for standard output' },
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
    options: { ...PROFILE, ...PAGE },
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
    name: 'verify',
    takes: {
      usage: '<paths...>',
      name: 'paths',
      about: {
        type: 'string',
        array: true,
        describe: 'output folders, zips, folders of these, or - for a zip on standard input',
      },
    },
    describe: 'say whether outputs are what their profile says, untouched',
    options: { strict: PROFILE['strict'] as Options },
    load: async () => (await import('./verify.ts')).verify,
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
    name: 'schema',
    describe: 'print the JSON Schema of a profile, for editors',
    options: {},
    load: async () => (await import('./schema.ts')).printSchema,
  },
  {
    name: 'completion',
    takes: { usage: '<shell>', name: 'shell', about: { choices: SHELLS, describe: 'the shell' } },
    describe: 'print a completion script for a shell',
    options: {},
    load: async () => (await import('./completion.ts')).printCompletion,
  },
]
