import { problem, type Diagnostic, type Location } from '../core/diagnostic.ts'
import { SYSTEM_ERRORS } from '../core/messages/run.ts'

/** A thrown error as a diagnostic: `machine` if the system refused something, else `bug`. */
export function failureOf(error: unknown, location?: Location): Diagnostic {
  const { message, code, path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string }
  return code !== undefined && (syscall !== undefined || Object.hasOwn(SYSTEM_ERRORS, code))
    ? problem('machine', { path: dest ?? path, error: code }, { location })
    : problem('bug', { message }, { location })
}
