import type { Code, DataOf, RuleCode, RuleData } from '../core/diagnostic.ts'
import type { Change } from '../core/plan.ts'
import type { DifferenceData } from '../review/compare/difference-data.ts'
import type { FileGroup } from '../review/compare/file-changes.ts'
import type { Explained } from '../core/policy.ts'

/** The parts of every diagnostic beside its code and its data. */
export interface Reported {
  readonly severity: 'error' | 'warning'
  /** English text for people: it may improve, while code and data stay. */
  readonly message: string
  /** Keys and indexes from the top of the profile to the value; empty if it is about no value. */
  readonly path: readonly (string | number)[]
  readonly file?: string
  /** Counts from one. Left out for a profile that was passed as an object. */
  readonly line?: number
  /** Counts from one, in UTF-16 units. */
  readonly column?: number
  /** The line itself. */
  readonly source?: string
}

/** A problem of the kit's catalogue, with the values that its message names. */
export interface KitDiagnosticOf<C extends Code> extends Reported {
  readonly code: C
  readonly data: DataOf<C>
}

/** A problem that a target found by a rule of its own: `TARGET/RULE`. */
export interface KitRuleDiagnostic extends Reported {
  readonly code: RuleCode
  readonly data: RuleData
}

/** A problem, as plain data; `code` is stable, and decides the type of `data`. */
export type KitDiagnostic = { readonly [C in Code]: KitDiagnosticOf<C> }[Code] | KitRuleDiagnostic

/** The part of every answer. With an error among the diagnostics, nothing was made. */
export interface Answer {
  readonly diagnostics: readonly KitDiagnostic[]
}

/** A profile without an error. */
export interface CheckedProfile {
  readonly name: string
  readonly title: string | undefined
  /** Ids, in the order of {@link Kit.targets}. */
  readonly targets: readonly string[]
  /** Its content with all that it extends, in the form of `manifest.json`: times as text, such as `20s`. */
  readonly profile: Readonly<Record<string, unknown>>
}

/** A file that the kit makes. */
export interface GeneratedFile {
  /** `NAME/README.txt`, `NAME/linux/install.sh`. */
  readonly path: string
  /** Unix permission bits. */
  readonly mode: 0o644 | 0o755
  readonly bytes: Uint8Array
}

/** A profile that was read from files. */
export interface ImportedProfile {
  readonly yaml: string
  readonly name: string
  /** The first of `targets`: that of the machine, if the files are from one machine. */
  readonly target: string
  /** Ids of the targets that the profile sets something for. */
  readonly targets: readonly string[]
}

/** The changes between two sides, as plain data. */
export interface KitDifference extends DifferenceData {
  /** The names of the two sides. */
  readonly before: string
  readonly after: string
  /** Present for outputs: the files that changed, equal changes together. */
  readonly files: readonly FileGroup[]
}

/** The result for one output. */
export interface VerifiedOutput {
  readonly file: string
  /** The name of its profile; `undefined` if its manifest cannot be read. */
  readonly profile: string | undefined
  /** `keepalive-kit VERSION`, as its manifest says. */
  readonly generator: string | undefined
  /** The number of its files. */
  readonly files: number
  /** Whether it was compared with what its profile makes, and not with its own checksums only. */
  readonly madeAgain: boolean
}

export interface CheckAnswer extends Answer {
  /** One profile; empty if there is an error. */
  readonly profiles: readonly CheckedProfile[]
}

export interface GenerateAnswer extends Answer {
  /** Sorted by path; empty if there is an error. */
  readonly files: readonly GeneratedFile[]
}

export interface BundleAnswer extends Answer {
  /** `NAME.zip`; `undefined` if there is an error. */
  readonly name: string | undefined
  /** `undefined` if there is an error. */
  readonly zip: Uint8Array | undefined
}

export interface ExplainAnswer extends Answer {
  /** One for each target. */
  readonly explanations: readonly Explained[]
}

export interface LockAnswer extends Answer {
  /** The text of `keepalive.lock.json`; `undefined` if there is an error. */
  readonly lock: string | undefined
}

export interface PlanAnswer extends Answer {
  /** The change of each file, by path; empty if there is an error. */
  readonly changes: readonly Change[]
}

export interface ImportAnswer extends Answer {
  /** One profile; empty if there is an error. */
  readonly profiles: readonly ImportedProfile[]
}

export interface DiffAnswer extends Answer {
  /** `undefined` if the two sides cannot be compared. */
  readonly difference: KitDifference | undefined
}

export interface PatchAnswer extends Answer {
  /** Empty if no text differs; `undefined` if the two sides have no files or cannot be compared. */
  readonly patch: string | undefined
}

export interface VerifyAnswer extends Answer {
  /** Each output that was compared with its own manifest. */
  readonly verified: readonly VerifiedOutput[]
  /** The difference between the output and the lock or the profile that it was compared with. */
  readonly difference: DifferenceData | undefined
}
