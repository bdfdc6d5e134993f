import { FILE_MESSAGES } from './messages/files.ts'
import { FLEET_MESSAGES } from './messages/fleet.ts'
import { POLICY_MESSAGES } from './messages/policy.ts'
import { INTENT_MESSAGES } from './messages/intent.ts'
import { PROFILE_MESSAGES } from './messages/profile.ts'
import { REG_MESSAGES } from './messages/reg.ts'
import { REVIEW_MESSAGES } from './messages/review.ts'
import { SUSPECT_MESSAGES } from './messages/suspect.ts'
import { SYSCTL_MESSAGES } from './messages/sysctl.ts'
import { VERIFY_MESSAGES } from './messages/verify.ts'
import { escapeInvisible } from './words.ts'

export type Severity = 'error' | 'warning'

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

/** Something to tell the person at the keyboard. `code` is stable; `message` is for reading and may improve. */
export interface Diagnostic {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly path: Path
  readonly location?: Location
}

/** Every problem that the kit itself can report, with its words. Targets add rules of their own, see {@link targetRule}. */
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
  ...VERIFY_MESSAGES,
} as const

export type Code = keyof typeof MESSAGES
export type DataOf<C extends Code> = Parameters<(typeof MESSAGES)[C]>[0]
/** Every code of the catalogue. */
export const CODES = Object.keys(MESSAGES) as readonly Code[]

/** A diagnostic of the catalogue. */
export function problem<C extends Code>(
  code: C,
  data: DataOf<C>,
  where: { readonly severity?: Severity; readonly path?: Path; readonly location?: Location | undefined } = {},
): Diagnostic {
  const words = MESSAGES[code] as (data: DataOf<C>) => string
  return {
    code,
    severity: where.severity ?? 'error',
    message: escapeInvisible(words(data)),
    path: where.path ?? [],
    ...(where.location === undefined ? {} : { location: where.location }),
  }
}

/** A diagnostic of one target's own rule; its code is `TARGET/RULE`. */
export function targetRule(target: string, rule: string, severity: Severity, path: Path, message: string): Diagnostic {
  return { code: `${target}/${rule}`, severity, message: `${target}: ${message}`, path }
}

/** Whether a diagnostic makes the answer no. */
export function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}

/** Sorted as a reader meets them: by file, line and column; what has no place comes first. */
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
