import type { Diagnostic, Severity } from './diagnostic.ts'
import type { Source } from './sourced.ts'
import type { Lateness, Stack } from './stack.ts'

/** The fields of a profile about keep-alive, in the order in which everything is written. */
export const FIELDS = ['idle', 'interval', 'probes', 'init', 'always'] as const
export type Field = (typeof FIELDS)[number]

/** The values of a profile for one target: times in ms, `probes` a count. */
export interface Values {
  readonly idle: number
  readonly interval: number
  readonly probes?: number | undefined
  readonly init?: number | undefined
  readonly always?: boolean | undefined
}

interface SettingBase {
  /** The name that the operating system uses. */
  readonly key: string
  /** The meaning of the setting, in a few words that fit a comment. */
  readonly summary: string
  readonly sources: readonly [Source, ...Source[]]
}

/** A time. Range, step and default are in the setting's own unit. */
export interface DurationSetting extends SettingBase {
  readonly kind: 'duration'
  readonly unit: 'ms' | 's'
  readonly range: { readonly min: number; readonly max: number }
  /** Only multiples of `size` are held exactly, because of `why`. */
  readonly step: { readonly size: number; readonly why: string }
  readonly default: number
  /** The system's behaviour for 0, which no profile may ask for: the end of a sentence that begins with its family. */
  readonly zero: string
}

/** A number of probes. */
export interface CountSetting extends SettingBase {
  readonly kind: 'count'
  readonly range: { readonly min: number; readonly max: number }
  readonly default: number
  /** As for a time. */
  readonly zero: string
}

/** On or off, stored as 1 or 0. */
export interface SwitchSetting extends SettingBase {
  readonly kind: 'switch'
  readonly default: boolean
}

export type Setting = DurationSetting | CountSetting | SwitchSetting

/** The system has no such setting. */
export interface Unsupported {
  readonly kind: 'unsupported'
  /** The machine's behaviour instead, as a sentence's end: "it sends 10 probes". */
  readonly instead: string
  /** The value that the system behaves as if it had; left out where that is not known. A profile that asks for just that is served. */
  readonly fixed?: number | boolean
  readonly sources: readonly [Source, ...Source[]]
}

/** The language of an artifact decides its encoding, line ends and mode. */
export type Language = DataLanguage | ScriptLanguage
export type DataLanguage = 'reg' | 'reg-ascii' | 'sysctl' | 'yaml'
export type ScriptLanguage = 'powershell' | 'cmd' | 'sh'

/** One file that a target makes; of a script, also what it may do where it runs. */
export type TargetFile = {
  readonly path: string
  /** Template below `templates/`, without `.hbs`; `ID/PATH` when left out. */
  readonly template?: string
} & (
  | { readonly language: DataLanguage; readonly permissions?: never }
  | { readonly language: ScriptLanguage; readonly permissions: (installed: Installed) => Permissions }
)

/** Values that the permissions of a script depend on. */
export interface Installed {
  /** The profile's name. */
  readonly name: string
  readonly place: MachinePaths
  /** The native names of the settings: sysctl keys, or names of registry values. */
  readonly settings: readonly string[]
}

/** Everything that a script may touch on the machine where it runs, each list in the order of its characters. */
export interface Permissions {
  /** Programs; for PowerShell also commands of the language, and calls of .NET as `[Type]::Method`. */
  readonly commands: readonly string[]
  /** Places that it reads and never changes. */
  readonly reads: Touched
  /** Places that it may make, change or delete. */
  readonly writes: Touched
}

/** Places on a machine. `*` stands for any characters: a name that the run makes up, or the path of an image. */
export interface Touched {
  readonly files: readonly string[]
  /** Keys of sysctl or of the registry. */
  readonly keys: readonly string[]
  /** Values below the registry keys. */
  readonly values: readonly string[]
}

/** Where nothing is touched. */
export const NOWHERE: Touched = { files: [], keys: [], values: [] }

/**
 * An option of a profile for the files of one target, under `options`: no time of TCP, but where and how the files are
 * used. A name is letters, digits, _ and -, beginning with a letter.
 */
export type Option = {
  /** The meaning of the option, as a phrase without a full stop. */
  readonly summary: string
} & (
  | { readonly kind: 'switch'; readonly default: boolean }
  | {
      readonly kind: 'number'
      readonly default: number
      readonly range: { readonly min: number; readonly max: number }
    }
  | { readonly kind: 'name'; readonly default: string; readonly taken: readonly string[]; readonly takenBy: string }
)

/** The value of each option of a target. */
export type OptionValues = Readonly<Record<string, string | number | boolean>>

/** Places on the machine that templates name: registry key, file, folder of the record. */
export type MachinePaths = Readonly<Record<string, string | readonly string[]>>

/** Where a system keeps its settings, so that a file that comes from a machine can be read. */
export type Store = {
  /** The kind of its files, under which `formats/` has their reader. */
  readonly kind: string
} & (
  | { readonly keys: readonly [RegistryKey, ...RegistryKey[]]; readonly words?: never }
  | {
      readonly keys?: never
      /** Parts of the names of such settings that few other names have, so that a slip is told from another setting. */
      readonly words: readonly [string, ...string[]]
    }
)

/**
 * A key of the registry that a target's values stand below. `{hive}` in its path stands for any value of the option
 * `hive`; `options` are those that a profile has whose files set this key too.
 */
export interface RegistryKey {
  readonly path: string
  readonly options?: OptionValues
}

/**
 * An operating system, as data. It answers for every field of a profile; its templates lie in `templates/ID/`, its test
 * is `test/targets/ID.test.ts`.
 */
export interface Target {
  readonly id: string
  /** Other names that a profile may use for the target. */
  readonly aliases: readonly string[]
  /**
   * Words that people write and no profile may: a message answers with the id. In small letters and digits only; `*` at the
   * end matches any rest, such as a version: `debian*`.
   */
  readonly alsoCalled: readonly string[]
  /** The name of such systems in messages: `FreeBSD`. */
  readonly family: string
  /** The systems it is for, as text for a table's cell. */
  readonly systems: string
  readonly settings: {
    readonly idle: DurationSetting
    readonly interval: DurationSetting
    readonly probes: CountSetting | Unsupported
    readonly init: DurationSetting | Unsupported
    readonly always: SwitchSetting | Unsupported
  }
  readonly outputs: readonly [TargetFile, ...TargetFile[]]
  /** The steps of a person at the machine, in the target's folder, each as the end of a sentence. */
  readonly steps: { readonly install: string; readonly check: string }
  readonly store: Store
  readonly options: Readonly<Record<string, Option>>
  readonly places: (options: OptionValues) => MachinePaths
  /** How its TCP sends probes. */
  readonly stack: Stack
  /** How late its timers may be. */
  readonly timers: Timers
  /** When the values take effect, as a sentence, with sources. */
  readonly activation: { readonly text: string; readonly sources: readonly [Source, ...Source[]] }
  /** Sockets the settings do not affect, each as a sentence, with sources. */
  readonly limitations: readonly { readonly text: string; readonly sources: readonly [Source, ...Source[]] }[]
  /** Limits that a range cannot say: across settings, or advice about a legal value. */
  readonly rules: readonly Rule[]
}

/** How late a system may act on a time. */
export interface Timers {
  readonly late: Lateness
  /** Why, as a sentence's end: "the kernel's timer wheel ...". */
  readonly why: string
  readonly sources: readonly Source[]
}

/** A limit of one target over the values that it was given. */
export interface Rule {
  readonly name: string
  readonly severity: Severity
  readonly sources: readonly [Source, ...Source[]]
  /** Finds the problems, field by field. */
  readonly check: (values: Values) => readonly RuleFinding[]
}

/** A rule's message about one field, and the values that it names. */
export interface RuleFinding {
  readonly field: Field
  readonly message: string
  readonly data: Readonly<Record<string, string | number>>
}

/** One value as the operating system reads it. */
export interface Assignment {
  readonly field: Field
  readonly setting: Setting
  /** In the setting's own unit; a switch is 1 or 0. */
  readonly value: number
}

/** The settings of one profile on one target. */
export interface Resolved {
  readonly target: Target
  readonly values: Values
  /** Every option of the target, with its default where the profile says nothing. */
  readonly options: OptionValues
  readonly assignments: readonly Assignment[]
  /** Fields of the profile that the target has no setting for, with what it does instead. */
  readonly unsupported: readonly { readonly field: Field; readonly setting: Unsupported }[]
  /** Fields whose values the kit chose, since the profile says what it wants and not how. */
  readonly chosen: readonly Field[]
  /** When a dead peer is noticed, in ms; `undefined` where the system's probe count is not known. */
  readonly detection: number | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** All targets by id, in the order in which they are listed everywhere. */
export type Registry = ReadonlyMap<string, Target>

/** The target that an id or an alias names. */
export function findTarget(registry: Registry, name: string): Target | undefined {
  return registry.get(name) ?? [...registry.values()].find(({ aliases }) => aliases.includes(name))
}

/** Every id and alias. */
export function targetNames(registry: Registry): readonly string[] {
  return [...registry.values()].flatMap(({ id, aliases }) => [id, ...aliases])
}
