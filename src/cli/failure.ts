import { usage } from '../app/usage.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { failureOf } from '../io/failure.ts'

/** A thrown error as a diagnostic: wrong usage, a system error or a bug. */
export function describe(error: unknown): Diagnostic {
  const { name, message } = error as Error
  return name === 'UsageError' ? usage(message) : failureOf(error)
}
