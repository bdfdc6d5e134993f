import { problem, type Diagnostic } from './diagnostic.ts'

/** The number of diagnostics of one kind that are reported one by one. */
export const MOST_ALIKE = 100

/** Diagnostics, capped per code. */
export interface CappedDiagnostics {
  readonly add: (diagnostic: Diagnostic) => void
  /** The kept diagnostics in their order, and at the end the number of further ones of each kind. */
  readonly all: () => readonly Diagnostic[]
}

/**
 * Collects the diagnostics of one file: for each code and severity the first hundred, and the number of further ones.
 * Nobody reads a million lines about a file of another kind, and they would take many times its size in memory.
 */
export function capPerCode(): CappedDiagnostics {
  const kept: Diagnostic[] = []
  const counts = new Map<string, { readonly first: Diagnostic; count: number }>()
  return {
    add: (diagnostic) => {
      const kind = `${diagnostic.severity} ${diagnostic.code}`
      const known = counts.get(kind) ?? { first: diagnostic, count: 0 }
      known.count += 1
      counts.set(kind, known)
      if (known.count <= MOST_ALIKE) kept.push(diagnostic)
    },
    all: () => [
      ...kept,
      ...[...counts.values()]
        .filter(({ count }) => count > MOST_ALIKE)
        .map(({ first: { code, severity, location }, count }) =>
          problem(
            'file/more-alike',
            { code, more: count - MOST_ALIKE },
            { severity, location: location && { file: location.file } },
          ),
        ),
    ],
  }
}

/** The same of diagnostics that are all there. */
export function capped(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length <= MOST_ALIKE) return diagnostics
  const few = capPerCode()
  for (const one of diagnostics) few.add(one)
  return few.all()
}
