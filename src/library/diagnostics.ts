import type { Diagnostic } from '../core/diagnostic.ts'
import type { KitDiagnostic } from './results.ts'

const NONE: ReadonlySet<string> = new Set()

/** Diagnostics as a program gets them; those of `objects`, which are no text, have no lines. */
export function asData(
  diagnostics: readonly Diagnostic[],
  objects: ReadonlySet<string> = NONE,
): readonly KitDiagnostic[] {
  return diagnostics.map(({ location, ...diagnostic }) => ({
    ...diagnostic,
    ...(location !== undefined && objects.has(location.file) ? { file: location.file } : location),
  }))
}
