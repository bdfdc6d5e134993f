import type { Diagnostic } from './diagnostic.ts'

/** The result of a step: a value with diagnostics about it, or the diagnostics that say why there is no value. */
export type Result<Value> = Success<Value> | Failure

export interface Success<Value> {
  readonly ok: true
  readonly value: Value
  /** Warnings, and errors that do not take the value away. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface Failure {
  readonly ok: false
  /** At least one. */
  readonly diagnostics: readonly Diagnostic[]
}

const NOTHING: readonly Diagnostic[] = []

/** A value with the diagnostics about it. */
export function success<Value>(value: Value, diagnostics: readonly Diagnostic[] = NOTHING): Success<Value> {
  return { ok: true, value, diagnostics }
}

/** No value, and the diagnostics that say why. */
export function failure(...diagnostics: readonly Diagnostic[]): Failure {
  return { ok: false, diagnostics }
}

/** The values of several steps, or the diagnostics of those that failed. */
export function allOf<Value>(results: readonly Result<Value>[]): Result<readonly Value[]> {
  const wrong = results.filter((one) => !one.ok)
  if (wrong.length > 0) return failure(...wrong.flatMap(({ diagnostics }) => diagnostics))
  const right = results.filter((one) => one.ok)
  return success(
    right.map(({ value }) => value),
    right.flatMap(({ diagnostics }) => diagnostics),
  )
}
