import type { Diagnostic } from './diagnostic.ts'

/** A value, or why there is none. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

export function success<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function failure(...diagnostics: readonly Diagnostic[]): Result<never> {
  return { ok: false, diagnostics }
}
