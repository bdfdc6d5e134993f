import { define } from '../definition.ts'
import { formatOption, LOCK_FILE, OUT, PROFILE, PROFILES, STRICT, TARGET, type OptionsOf } from '../options.ts'

// Commands that compare, check, import and record.

const SIDE = { count: 'one', from: 'profile', stdio: true } as const
const KINDS = 'profile, preset:NAME, output folder, zip, lock, file of settings, GITREV:PATH, or - for standard input'

export const DIFF = define({
  name: 'diff',
  group: 'Review',
  takes: [
    { key: 'a', value: 'A', ...SIDE, describe: `side before the change: ${KINDS}` },
    { key: 'b', value: 'B', ...SIDE, describe: 'side after the change, of any of these kinds' },
  ],
  options: { ...TARGET, format: formatOption('markdown', 'html', 'unified', 'sarif') },
  describe: 'show which settings change from A to B; exit 1 if any do',
  examples: [
    ['compare two versions of a profile', 'diff old.yaml new.yaml'],
    ['compare a vendor file with a profile', 'diff vendor.reg line4.yaml -t windows'],
    ['comment on a pull request', 'diff old.yaml new.yaml --format markdown'],
  ],
})
export type DiffOptions = OptionsOf<typeof DIFF>

export const VERIFY = define({
  name: 'verify',
  group: 'Review',
  takes: [
    {
      key: 'paths',
      count: 'many',
      value: 'PATH',
      from: 'file',
      stdio: true,
      describe: 'output folder, zip, folder of these, or - for a zip on standard input',
    },
  ],
  options: {
    ...STRICT,
    lock: {
      kind: 'single',
      value: 'FILE',
      from: 'file',
      stdio: true,
      excludes: { profile: 'say what to compare with' },
      describe: 'compare profiles and outputs with this lock',
    },
    profile: {
      kind: 'single',
      value: 'PROFILE',
      from: 'profile',
      stdio: true,
      describe: 'compare the settings of machines with this profile',
    },
  },
  describe: 'check that outputs are untouched and match their profile',
  examples: [
    ['check a zip before it is unpacked', 'verify out/line4.zip'],
    ['check that profiles match the lock', 'verify line4.yaml --lock keepalive.lock.json'],
    ['find drift on a machine', 'verify vendor.reg --profile line4.yaml'],
  ],
})
export type VerifyOptions = OptionsOf<typeof VERIFY>

export const IMPORT = define({
  name: 'import',
  group: 'Review',
  takes: [
    {
      key: 'files',
      count: 'many',
      value: 'FILE',
      from: 'file',
      stdio: true,
      describe: 'file from a machine or a vendor, or - for standard input',
    },
  ],
  options: {
    ...PROFILE,
    name: { kind: 'single', value: 'NAME', defaultText: 'that of the file', describe: 'name of the profile' },
    format: formatOption('sarif'),
  },
  describe: 'print a profile with the settings of a machine or vendor',
  examples: [
    ['read a .reg file of a vendor', 'import vendor.reg'],
    ['name the profile and its only target', 'import vendor.reg --name line4 -t windows-xp'],
  ],
})
export type ImportOptions = OptionsOf<typeof IMPORT>

export const LOCK = define({
  name: 'lock',
  group: 'Review',
  takes: [PROFILES],
  options: {
    ...PROFILE,
    lock: { kind: 'single', value: 'FILE', from: 'new-file', default: LOCK_FILE, describe: 'file to write' },
  },
  describe: `record every setting in ${LOCK_FILE}, for review`,
  examples: [
    ['lock a profile', 'lock line4.yaml'],
    ['lock several in one file', 'lock line4.yaml new.yaml --lock plant.lock.json'],
  ],
})
export type LockOptions = OptionsOf<typeof LOCK>

export const GIT_SETUP = define({
  name: 'git-setup',
  group: 'Review',
  takes: [],
  options: {
    way: {
      kind: 'single',
      value: 'WAY',
      choices: ['encoding', 'textconv'],
      default: 'encoding',
      describe: 'how git shows them, each with a cost that the command names',
    },
    ...OUT,
    write: { kind: 'flag', describe: 'put the lines into .gitattributes in this folder' },
  },
  describe: 'print .gitattributes lines that show .reg files as text',
  examples: [
    ['see the lines and what they cost', 'git-setup'],
    ['write them for another output folder', 'git-setup --out plant --write'],
  ],
})
export type GitSetupOptions = OptionsOf<typeof GIT_SETUP>

export const TEXTCONV = define({
  name: 'textconv',
  group: 'Review',
  takes: [
    {
      key: 'file',
      count: 'one',
      value: 'FILE',
      from: 'file',
      stdio: true,
      describe: 'file to print, or - for standard input',
    },
  ],
  options: {},
  describe: 'print a file as UTF-8 text, for git to compare',
  examples: [
    ['read a file in UTF-16', 'textconv vendor.reg'],
    ['read what another program prints', 'textconv -'],
  ],
})
export type TextconvOptions = OptionsOf<typeof TEXTCONV>
