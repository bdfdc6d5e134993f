import { problem, type Diagnostic } from '../core/diagnostic.ts'

/** A request that makes no sense, such as an unknown target: nothing was done. */
export function usage(message: string): Diagnostic {
  return problem('usage', { message })
}
