import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Definition, Option } from '../../src/cli/definition.ts'
import type { FleetOptions } from '../../src/cli/definitions/fleets.ts'
import type { CompletionOptions } from '../../src/cli/definitions/reference.ts'
import type { DiffOptions, VerifyOptions } from '../../src/cli/definitions/review.ts'
import type { InitOptions } from '../../src/cli/definitions/start.ts'
import { COMMON, META } from '../../src/cli/options.ts'
import { DEFINITIONS, parseCommandLine } from '../../src/cli/parser.ts'

const VERSION = '1.2.3'

/** The options of a command line, or the message that refuses it. */
function read(argv: readonly string[]): object | string {
  try {
    const asked = parseCommandLine(argv, VERSION)
    return 'run' in asked ? asked.options : asked.printed
  } catch (error) {
    const { name, message } = error as Error
    if (name !== 'UsageError') throw error
    return message
  }
}

/** The shortest command line of each command, and how each of its options is written with a valid value. */
const COMMANDS = DEFINITIONS.filter(({ name }) => name !== 'help').map((definition) => ({
  ...definition,
  shortest: [definition.name, ...definition.takes.map(({ choices }) => choices?.[0] ?? 'word')],
  all: Object.entries<Option>({ ...COMMON, ...definition.options }),
}))
const OPTIONS = COMMANDS.flatMap(({ name: command, shortest, all }) =>
  all.map(([name, option]) => ({ command, shortest, name, option, written: writtenWith(name, option) })),
)

function writtenWith(name: string, option: Option): readonly string[] {
  return option.kind === 'flag' ? [`--${name}`] : [`--${name}`, option.choices?.[0] ?? 'value']
}

describe('the options of a command', () => {
  it('have the types of its definition', () => {
    expectTypeOf<DiffOptions['a']>().toEqualTypeOf<string>()
    expectTypeOf<DiffOptions['target']>().toEqualTypeOf<readonly string[]>()
    expectTypeOf<DiffOptions['format']>().toEqualTypeOf<
      'text' | 'json' | 'github' | 'markdown' | 'html' | 'unified' | 'sarif'
    >()
    expectTypeOf<InitOptions['file']>().toEqualTypeOf<string>()
    expectTypeOf<InitOptions['format']>().toEqualTypeOf<'text' | 'json' | 'github'>()
    expectTypeOf<VerifyOptions['lock']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<VerifyOptions['paths']>().toEqualTypeOf<readonly string[]>()
    expectTypeOf<FleetOptions['dryRun']>().toEqualTypeOf<boolean>()
    expectTypeOf<CompletionOptions['shell']>().toEqualTypeOf<'bash' | 'zsh' | 'fish' | 'powershell'>()
    expectTypeOf<keyof CompletionOptions>().toEqualTypeOf<'shell' | 'format' | 'quiet' | 'noColor'>()
  })

  const NONE = { format: 'text', quiet: false, noColor: false }
  const WRITING = { target: [], strict: false, out: 'out', check: false, dryRun: false, compress: false }
  it.each([
    ['have defaults', 'bundle a.yaml', { profiles: ['a.yaml'], ...NONE, ...WRITING }],
    ['may be anywhere', '-q bundle --strict a.yaml -n b.yaml', { profiles: ['a.yaml', 'b.yaml'], ...NONE, ...WRITING, quiet: true, strict: true, dryRun: true }], // prettier-ignore
    ['may share one dash', 'bundle a.yaml -qno x', { profiles: ['a.yaml'], ...NONE, ...WRITING, quiet: true, dryRun: true, out: 'x' }], // prettier-ignore
    ['take a value beside them', 'bundle a.yaml -ox -t=linux --target=windows', { profiles: ['a.yaml'], ...NONE, ...WRITING, out: 'x', target: ['linux', 'windows'] }], // prettier-ignore
    ['end at --', 'bundle -- -a.yaml --check', { profiles: ['-a.yaml', '--check'], ...NONE, ...WRITING }],
    ['take numbers as words', 'import 007 --name=1e3', { files: ['007'], ...NONE, target: [], strict: false, name: '1e3' }], // prettier-ignore
    ['may be left out with their words', 'init', { file: 'profile.yaml', ...NONE }],
    ['read standard input at -', 'diff - b.yaml', { a: '<stdin>', b: 'b.yaml', ...NONE, target: [] }],
    ['read standard input as a value', 'verify a --lock -', { paths: ['a'], ...NONE, strict: false, lock: '<stdin>', profile: undefined }], // prettier-ignore
    ['take - as a name if nothing is read', 'merge -', { folder: '-', ...NONE }],
  ])('%s', (_what, line, options) => {
    expect(read(line.split(' '))).toEqual(options)
  })
})

describe.each(OPTIONS)('$command --$name', ({ shortest, name, option, written }) => {
  it('is read', () => {
    const [, value] = written
    const key = name.replace(/-./g, (dash) => dash.charAt(1).toUpperCase())
    const expected = option.kind === 'flag' ? true : option.kind === 'list' ? [value] : value
    expect(read([...shortest, ...written])).toMatchObject({ [key]: expected })
    if (option.short !== undefined)
      expect(read([...shortest, `-${option.short}`, ...written.slice(1)])).toMatchObject({ [key]: expected })
  })

  if (option.kind === 'list')
    it('may be given again', () => {
      expect(read([...shortest, `--${name}=a`, `--${name}`, 'b'])).toMatchObject({ [name]: ['a', 'b'] })
    })
  else
    it('is given once', () => {
      const message = `--${name} is given twice; give it once`
      expect(read([...shortest, ...written, ...written])).toBe(message)
      if (option.short !== undefined)
        expect(read([...written, ...shortest, `-${option.short}`, ...written.slice(1)])).toBe(message)
    })

  if (option.kind === 'flag')
    it.each(['true', 'false', ''])('takes no value such as "%s"', (value) => {
      expect(read([...shortest, `--${name}=${value}`])).toBe(`--${name} takes no value`)
      if (option.short !== undefined)
        expect(read([...shortest, `-${option.short}=${value}`])).toBe(`-${option.short} takes no value`)
    })
  else
    it('needs a value', () => {
      const instead = `write --${name} ${option.value}`
      expect(read([...shortest, `--${name}`])).toBe(`--${name} needs a value; ${instead}`)
      expect(read([`--${name}`, '--quiet', ...shortest])).toBe(`--${name} needs a value; ${instead}`)
      const empty = expect.stringMatching(`^--${name} is empty; ${instead}(?:, or omit it for .+)?$`) as string
      expect(read([...shortest, `--${name}=`])).toEqual(empty)
      expect(read([...shortest, `--${name}`, ''])).toEqual(empty)
    })

  if (option.kind !== 'flag' && option.choices !== undefined)
    it('has choices', () => {
      expect(read([...shortest, `--${name}=nothing`])).toMatch(
        `--${name} cannot be "nothing"; write ${option.choices?.[0]}`,
      )
    })
})

const PAIRS = OPTIONS.flatMap(({ command, shortest, option, written }) =>
  Object.keys(option.excludes ?? {}).map((other) => ({ command, shortest, one: written, other })),
)

describe('options that exclude each other', () => {
  it('are these', () => {
    expect(PAIRS.map(({ command, one, other }) => `${command} ${one[0]} --${other}`)).toEqual([
      'generate --check --dry-run',
      'bundle --check --dry-run',
      'verify --lock --profile',
      'fleet --check --dry-run',
      'fleet --stick --check',
      'fleet --stick --dry-run',
    ])
  })

  it.each(PAIRS)('$command $one --$other', ({ command, shortest, one, other }) => {
    const second = OPTIONS.find((each) => each.command === command && each.name === other)?.written ?? []
    for (const line of [
      [...shortest, ...one, ...second],
      [...second, ...shortest, ...one],
    ])
      expect(read(line)).toMatch(/^--[a-z-]+ and --[a-z-]+ both .+; give one of them$/)
  })
})

describe('The definitions', () => {
  it('have one meaning for each option and each letter', () => {
    const all = [...OPTIONS.map(({ name, option }) => [name, option] as const), ...Object.entries<Option>(META)]
    const meanings = all.flatMap(([name, { kind, short }]) => [
      `--${name} is a ${kind}`,
      ...(short === undefined ? [] : [`-${short} is --${name}`]),
    ])
    const written = [...new Set(meanings)].map((meaning) => meaning.split(' ')[0])
    expect(new Set(written).size).toBe(written.length)
  })

  it('take words in an unambiguous order: only the last may be left out or repeated', () => {
    const early = DEFINITIONS.flatMap(({ takes }: Definition) => takes.slice(0, -1))
    expect(early.filter(({ count }) => count !== 'one')).toEqual([])
  })
})

describe('a message about wrong usage says what to write instead', () => {
  it.each([
    ['', 'name a command; keepalive-kit --help lists them'],
    ['-q', 'name a command; keepalive-kit --help lists them'],
    ['--frob', 'there is no option "--frob"; keepalive-kit --help lists them'],
    ['validat a.yaml', 'there is no command "validat"; did you mean validate?'],
    ['frob a.yaml', 'there is no command "frob"; keepalive-kit --help lists them'],
    ['frob --help', 'there is no command "frob"; keepalive-kit --help lists them'],
    ['help frob', 'there is no command "frob"; keepalive-kit --help lists them'],
    ['help init lock', 'help takes [COMMAND]; "lock" is one too many'],
    ['validate', 'validate: missing PROFILE; write for example keepalive-kit validate line4.yaml'],
    ['diff a.yaml', 'diff: missing B; write for example keepalive-kit diff old.yaml new.yaml'],
    ['diff a b c', 'diff takes A B; "c" is one too many'],
    ['targets linux', 'targets takes no arguments; "linux" is one too many'],
    ['completion ksh', 'completion: SHELL cannot be "ksh"; write bash, zsh, fish or powershell'],
    ['validate --colour a.yaml', 'there is no option "--colour"; keepalive-kit validate --help lists them'],
    ['generate a.yaml --chek', 'there is no option "--chek"; did you mean --check?'],
    ['generate a.yaml --out.x=y', 'there is no option "--out.x"; did you mean --out?'],
    ['verify out --check', 'verify has no option "--check"; generate, bundle and fleet have it'],
    ['bundle a.yaml --policy sap', 'bundle has no option "--policy"; explain has it'],
    ['validate a.yaml -o x', 'validate has no option "-o"; generate, bundle, git-setup and fleet have it'],
    ['bundle a.yaml --output x', 'there is no option "--output"; write -o DIR or --out DIR'],
    ['bundle a.yaml -out x', 'there is no option "-out"; write --out'],
    ['bundle a.yaml -target=linux', 'there is no option "-target"; write --target'],
    ['bundle a.yaml -v', 'there is no option "-v"; write -V or --version for the version; no output is verbose'],
    ['-v', 'there is no option "-v"; write -V or --version for the version; no output is verbose'],
    ['bundle a.yaml --json', 'there is no option "--json"; write --format json'],
    ['bundle a.yaml -t linux,windows', '--target takes one target; write -t linux -t windows'],
    ['explain a.yaml --policy cis,stig', '--policy takes one policy; write --policy cis --policy stig'],
    ['bundle a.yaml --out -', '--out takes a folder; - is standard output'],
    ['lock a.yaml --lock -', '--lock takes a file; - is standard output'],
    ['bundle a.yaml -=', 'there is no option "-="; keepalive-kit bundle --help lists them'],
    ['fleet a.csv --shard 1/2 --shard 2/2', '--shard is given twice; give it once'],
    ['git-setup --write=false', '--write takes no value'],
    ['bundle a.yaml --constructor', 'there is no option "--constructor"; keepalive-kit bundle --help lists them'],
    ['bundle a.yaml --__proto__=x', 'there is no option "--__proto__"; keepalive-kit bundle --help lists them'],
  ])('%s', (line, message) => {
    expect(read(line.split(' ').filter(Boolean))).toBe(message)
  })

  it('names an empty argument', () => {
    expect(read(['bundle', 'a.yaml', ''])).toBe(
      'bundle: PROFILE is empty; write for example keepalive-kit bundle preset:beckhoff --out stick',
    )
  })
})

describe('The version', () => {
  it.each(['-V', '--version', 'bundle --version', 'bundle -qV x', 'frob --version'])('%s', (line) => {
    expect(read(line.split(' '))).toBe(`${VERSION}\n`)
  })
})
