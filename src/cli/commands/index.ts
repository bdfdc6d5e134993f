import type { Argv } from 'yargs'
import { outputOptions, profileOptions, SHELLS } from '../options.ts'
import type { World } from '../../effects/world.ts'
import type { ExitCode } from '../exit.ts'

/** A command: what yargs must know at once, and its work, which is loaded only when it is asked for. */
export interface Command {
  readonly command: string
  readonly describe: string
  readonly builder: (yargs: Argv) => Argv
  readonly load: () => Promise<(world: World, options: never) => Promise<ExitCode> | ExitCode>
}

export const COMMANDS: readonly Command[] = [
  {
    command: 'init [file]',
    describe: 'write a commented starter profile; refuses to overwrite',
    builder: (yargs) =>
      yargs.positional('file', {
        type: 'string',
        default: 'profile.yaml',
        describe: 'file to write, or - for standard output',
      }),
    load: async () => (await import('./init.ts')).init,
  },
  {
    command: 'validate <profiles...>',
    describe: 'check profiles; writes nothing',
    builder: profileOptions,
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    command: 'explain <profiles...>',
    describe: 'say what each target will do: native names and values, detection time, default, source',
    builder: profileOptions,
    load: async () => (await import('./explain.ts')).explainProfiles,
  },
  {
    command: 'generate <profiles...>',
    describe: 'write OUT/NAME/TARGET/...',
    builder: outputOptions,
    load: async () => (await import('./generate.ts')).generate,
  },
  {
    command: 'bundle <profiles...>',
    describe: 'write OUT/NAME.zip',
    builder: outputOptions,
    load: async () => (await import('./bundle.ts')).bundleProfiles,
  },
  {
    command: 'targets',
    describe: 'list the systems that the kit knows',
    builder: (yargs) => yargs,
    load: async () => (await import('./lists.ts')).listTargets,
  },
  {
    command: 'presets',
    describe: 'list the profiles that ship with the kit',
    builder: (yargs) => yargs,
    load: async () => (await import('./lists.ts')).listPresets,
  },
  {
    command: 'schema',
    describe: 'print the JSON Schema of a profile, for editors',
    builder: (yargs) => yargs,
    load: async () => (await import('./schema.ts')).printSchema,
  },
  {
    command: 'completion <shell>',
    describe: 'print a completion script for a shell',
    builder: (yargs) => yargs.positional('shell', { choices: SHELLS, demandOption: true, describe: 'the shell' }),
    load: async () => (await import('./completion.ts')).printCompletion,
  },
]
