import type { About, Message, Severity, Words } from './message.ts'
import { FILE_MESSAGES } from './messages/files.ts'
import { FLEET_MESSAGES } from './messages/fleet.ts'
import { POLICY_MESSAGES } from './messages/policy.ts'
import { INTENT_MESSAGES } from './messages/intent.ts'
import { PROFILE_MESSAGES } from './messages/profile.ts'
import { REG_MESSAGES } from './messages/reg.ts'
import { REVIEW_MESSAGES } from './messages/review.ts'
import { RUN_MESSAGES } from './messages/run.ts'
import { SUSPECT_MESSAGES } from './messages/suspect.ts'
import { SYSCTL_MESSAGES } from './messages/sysctl.ts'
import { TREE_MESSAGES } from './messages/tree.ts'
import { VERIFY_MESSAGES } from './messages/verify.ts'
import { escapeInvisible } from './words.ts'

export type { About, Severity }

/** A file, and mostly a place in it; line and column count from one, columns in UTF-16 units as editors do. */
export interface Location {
  readonly file: string
  readonly line?: number
  readonly column?: number
  /** The line itself, for the excerpt. */
  readonly source?: string
}

/** Keys and indexes from the top of a document to a value. */
export type Path = readonly (string | number)[]

/**
 * Every problem that the kit itself can report: how severe it is, what it is about, and its words. Targets add rules of their
 * own, see {@link targetRule}.
 */
const MESSAGES = {
  ...PROFILE_MESSAGES,
  ...POLICY_MESSAGES,
  ...INTENT_MESSAGES,
  ...FILE_MESSAGES,
  ...FLEET_MESSAGES,
  ...REG_MESSAGES,
  ...SYSCTL_MESSAGES,
  ...REVIEW_MESSAGES,
  ...SUSPECT_MESSAGES,
  ...TREE_MESSAGES,
  ...VERIFY_MESSAGES,
  ...RUN_MESSAGES,
} as const

export type Code = keyof typeof MESSAGES
/** The values that the message of a code names. */
export type DataOf<C extends Code> = Parameters<(typeof MESSAGES)[C]['words']>[0]
/** Every code of the catalogue. */
export const CODES = Object.keys(MESSAGES) as readonly Code[]

/** The parts of every diagnostic beside its code and its data. */
interface Reported {
  readonly severity: Severity
  /** English text for people: it may improve, while code and data stay. */
  readonly message: string
  /** The path in the profile or the fleet; empty for a problem of neither. */
  readonly path: Path
  readonly location?: Location
}

/** A problem of the catalogue, with the values that its message names. */
export interface DiagnosticOf<C extends Code> extends Reported {
  readonly code: C
  readonly data: DataOf<C>
}

declare const RULE: unique symbol
/** `TARGET/RULE`. Marked, so that comparing `code` with a code of the catalogue tells the type of `data`. */
export type RuleCode = `${string}/${string}` & { readonly [RULE]: true }

/** A problem that a target found by a rule of its own. */
export interface RuleDiagnostic extends Reported {
  readonly code: RuleCode
  readonly data: RuleData
}

/** The values that a rule's message names. */
export interface RuleData {
  readonly target: string
  readonly field: string
  readonly [name: string]: string | number
}

/** A problem to report, as plain data with a stable `code`. */
export type Diagnostic = { readonly [C in Code]: DiagnosticOf<C> }[Code] | RuleDiagnostic

/** The place of a problem, and its severity if that depends on the case. */
export interface Where {
  readonly severity?: Severity | undefined
  readonly path?: Path
  readonly location?: Location | undefined
}

/** A diagnostic of the catalogue. */
export function problem<C extends Code>(code: C, data: DataOf<C>, where: Where = {}): Diagnostic {
  const { severity, words } = MESSAGES[code] as Message<DataOf<C>>
  return {
    code,
    data,
    severity: where.severity ?? severity,
    message: visible(words(data)),
    path: where.path ?? [],
    ...(where.location === undefined ? {} : { location: where.location }),
  } as Diagnostic
}

function visible(words: Words): string {
  return typeof words === 'string' ? escapeInvisible(words) : words.map(escapeInvisible).join('\n')
}

/** A diagnostic of one target's own rule; its code is `TARGET/RULE`. */
export function targetRule(
  rule: string,
  severity: Severity,
  path: Path,
  message: string,
  data: RuleData,
): RuleDiagnostic {
  const code = `${data.target}/${rule}` as RuleCode
  return { code, data, severity, message: `${data.target}: ${message}`, path }
}

/** The same diagnostic at another place, or at none. */
export function movedTo(
  { code, data, severity, message, path }: Diagnostic,
  location: Location | undefined,
): Diagnostic {
  return { code, data, severity, message, path, ...(location === undefined ? {} : { location }) } as Diagnostic
}

/** The subject of a diagnostic; a target's rule is about a profile. */
export function aboutOf({ code }: Diagnostic): About {
  return Object.hasOwn(MESSAGES, code) ? MESSAGES[code as Code].about : 'input'
}

/** Whether a diagnostic is an error, so that the answer is no. */
export function isError({ severity }: Pick<Diagnostic, 'severity'>): boolean {
  return severity === 'error'
}

/** Diagnostics as a run counts them: with `strict`, every warning is an error. */
export function graded(diagnostics: readonly Diagnostic[], strict: boolean): readonly Diagnostic[] {
  return strict ? diagnostics.map((one): Diagnostic => ({ ...one, severity: 'error' })) : diagnostics
}

/** Order by file, line and column, as a reader meets them; a diagnostic without a place comes first. */
export function byLocation(a: Diagnostic, b: Diagnostic): number {
  return (
    byCodeUnit(a.location?.file ?? '', b.location?.file ?? '') ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
    (a.location?.column ?? 0) - (b.location?.column ?? 0)
  )
}

/** Order by UTF-16 code unit. Not `localeCompare`: order must not depend on the machine's locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
