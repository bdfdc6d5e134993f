/** The origin of a value: completion offers values from there, and messages name it. */
export type Origin = 'profile' | 'file' | 'folder' | 'new-file' | 'target' | 'policy' | 'select' | 'command'

interface Described {
  /** One line for the help, without a full stop. */
  readonly describe: string
}

interface Named extends Described {
  /** One letter, written with one dash. */
  readonly short?: string
  /** Options of other programs that people write for this one, each with the correct option. */
  readonly mistaken?: Readonly<Record<string, string>>
  /** Options that exclude this one, declared on one side, each with the reason: what both do. */
  readonly excludes?: Readonly<Record<string, string>>
}

/** An option or a word with a value, for the help, messages and completion. */
export interface Valued {
  /** The value's name in the help. */
  readonly value: string
  readonly from?: Origin
  readonly choices?: readonly string[]
  /** Whether `-` means standard input, or standard output for a file that is written. */
  readonly stdio?: true
}

/** An option that is on or off and takes no value. */
export interface Flag extends Named {
  readonly kind: 'flag'
}

/** An option with one value, given at most once. */
export interface Single extends Named, Valued {
  readonly kind: 'single'
  readonly default?: string
  /** The default in words, if it is more than one value. */
  readonly defaultText?: string
}

/** An option with one value, which may be given again; the default is the empty list. */
export interface List extends Named, Valued {
  readonly kind: 'list'
  readonly defaultText: string
}

/** An option of a command. */
export type Option = Flag | Single | List

/** Options by their long names, without the dashes. */
export type OptionSet = Readonly<Record<string, Option>>

/** A word after the command's name. */
export interface Positional extends Described, Valued {
  /** The key of the value in the parsed options. */
  readonly key: string
  readonly count: 'one' | 'optional' | 'many'
  readonly default?: string
}

/** The headings of the help, in their order. */
export const GROUPS = ['Start', 'Review', 'Fleets', 'Reference'] as const

/** A command without its work; parser, help, completion and the types of its options are derived from it. */
export interface Definition extends Described {
  readonly name: string
  readonly group: (typeof GROUPS)[number]
  readonly takes: readonly Positional[]
  /** Whether `--format json` answers line by line during the run. */
  readonly inLines?: true
  readonly options: OptionSet
  /** A purpose, and the command line for it without the program's name. */
  readonly examples: readonly (readonly [purpose: string, line: string])[]
}

/** The options of a command as its work gets them; `Common` are those of every command, and the command's own win. */
export type Parsed<Common extends OptionSet, Own extends Pick<Definition, 'takes' | 'options'>> = {
  readonly [Name in keyof (Common & Own['options']) & string as Camel<Name>]: ValueOf<
    Name extends keyof Own['options'] ? Own['options'][Name] : Common[Name]
  >
} & { readonly [One in Own['takes'][number] as One['key']]: ValueOf<One> }

/** `dry-run` becomes `dryRun`. */
type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name

type ValueOf<One> = One extends { readonly kind: 'flag' }
  ? boolean
  : One extends { readonly kind: 'list' } | { readonly count: 'many' }
    ? readonly Word<One>[]
    : One extends { readonly default: string } | { readonly count: 'one' }
      ? Word<One>
      : Word<One> | undefined

type Word<One> = One extends { readonly choices: readonly (infer Choice)[] } ? Choice : string

/** Keeps the literal types of a definition, from which {@link Parsed} infers. */
export function define<const One extends Definition>(definition: One): One {
  return definition
}

/** `dry-run` becomes `dryRun`, as in {@link Parsed}. */
export function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** The reason why one option excludes another, whichever of them declares it: what both do. */
export function exclusion(options: OptionSet, one: string, other: string): string | undefined {
  return options[one]?.excludes?.[other] ?? options[other]?.excludes?.[one]
}
