import { define } from '../definition.ts'
import { COMPRESS, formatOption, POLICY, PROFILE, PROFILES, WRITING, type OptionsOf } from '../options.ts'

// Commands from a first profile to its files.

export const INIT = define({
  name: 'init',
  group: 'Start',
  takes: [
    {
      key: 'file',
      count: 'optional',
      value: 'FILE',
      from: 'new-file',
      stdio: true,
      default: 'profile.yaml',
      describe: 'file to write, or - for standard output',
    },
  ],
  options: {},
  describe: 'write a commented starter profile; never overwrite',
  examples: [
    ['start a profile', 'init line5.yaml'],
    ['look at it first', 'init -'],
  ],
})
export type InitOptions = OptionsOf<typeof INIT>

export const VALIDATE = define({
  name: 'validate',
  group: 'Start',
  takes: [PROFILES],
  options: PROFILE,
  describe: 'check profiles; write nothing',
  examples: [
    ['check a profile for all its targets', 'validate line4.yaml'],
    ['check two for Linux, warnings included', 'validate old.yaml new.yaml -t linux --strict'],
  ],
})

export const EXPLAIN = define({
  name: 'explain',
  group: 'Start',
  takes: [PROFILES],
  options: { ...PROFILE, ...POLICY, format: formatOption('html') },
  describe: 'show what each target does with a profile, with sources',
  examples: [
    ['see what one target will do', 'explain line4.yaml -t windows'],
    ['ask whether a policy is met', 'explain preset:sap --policy sap'],
    ['make a page to print or mail', 'explain line4.yaml --format html'],
  ],
})
export type ExplainOptions = OptionsOf<typeof EXPLAIN>

export const GENERATE = define({
  name: 'generate',
  group: 'Start',
  takes: [PROFILES],
  options: { ...PROFILE, ...WRITING },
  describe: 'write files and installers to OUT/NAME/TARGET/',
  examples: [
    ['see what would be written', 'generate line4.yaml --dry-run'],
    ['write the files of two targets', 'generate line4.yaml -t windows -t linux'],
    ['check in CI that they are up to date', 'generate line4.yaml -t windows -t linux --check'],
  ],
})

export const BUNDLE = define({
  name: 'bundle',
  group: 'Start',
  takes: [PROFILES],
  options: { ...PROFILE, ...WRITING, ...COMPRESS },
  describe: 'write files and installers to one zip, OUT/NAME.zip',
  examples: [
    ['put a preset on a USB stick', 'bundle preset:beckhoff --out stick'],
    ['zip the files of one target', 'bundle line4.yaml -t windows'],
    ['send it by mail', 'bundle line4.yaml --compress'],
  ],
})
export type BundleOptions = OptionsOf<typeof BUNDLE>
