import { define } from '../definition.ts'
import type { OptionsOf } from '../options.ts'

// Commands that print what the kit knows.

export const TARGETS = define({
  name: 'targets',
  group: 'Reference',
  takes: [],
  options: {},
  describe: 'list the systems that a profile can be for',
  examples: [
    ['find the name of a system', 'targets'],
    ['read every setting, range and default in a script', 'targets --format json'],
  ],
})

export const PRESETS = define({
  name: 'presets',
  group: 'Reference',
  takes: [],
  options: {},
  describe: 'list the profiles that ship with the kit',
  examples: [
    ['find a preset', 'presets'],
    ['list them in a script', 'presets --format json'],
  ],
})

export const POLICIES = define({
  name: 'policies',
  group: 'Reference',
  takes: [],
  options: {},
  describe: 'list the policies of explain --policy, with sources',
  examples: [
    ['find a policy', 'policies'],
    ['list them in a script', 'policies --format json'],
  ],
})

export const MIDDLEBOXES = define({
  name: 'middleboxes',
  group: 'Reference',
  takes: [],
  options: {},
  describe: 'list middleboxes, and when they drop idle connections',
  examples: [
    ['find what is in the path of a connection', 'middleboxes'],
    ['list them in a script', 'middleboxes --format json'],
  ],
})

export const SCHEMA = define({
  name: 'schema',
  group: 'Reference',
  takes: [],
  options: {},
  describe: 'print the JSON Schema of profiles, for editors',
  examples: [
    ['read it', 'schema'],
    ['save it for an editor', 'schema > profile.schema.json'],
  ],
})

/** Shells that have a completion script. */
const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const

export const COMPLETION = define({
  name: 'completion',
  group: 'Reference',
  takes: [{ key: 'shell', count: 'one', value: 'SHELL', choices: SHELLS, describe: 'shell that the script is for' }],
  options: {},
  describe: 'print the completion script for a shell',
  examples: [
    ['print the script for bash, which says where to put it', 'completion bash'],
    ['print the script for PowerShell', 'completion powershell'],
  ],
})
export type CompletionOptions = OptionsOf<typeof COMPLETION>

/** The parser answers it itself. */
export const HELP = define({
  name: 'help',
  group: 'Reference',
  takes: [{ key: 'command', count: 'optional', value: 'COMMAND', from: 'command', describe: 'command to explain' }],
  options: {},
  describe: 'show the options and examples of a command',
  examples: [
    ['learn what bundle takes', 'help bundle'],
    ['list all commands', 'help'],
  ],
})
