import { problem, type Diagnostic } from './diagnostic.ts'

/** So many of one kind are told of one by one. */
export const MOST_ALIKE = 100

/** What is left of diagnostics of which too many are alike. */
export interface CappedDiagnostics {
  readonly add: (diagnostic: Diagnostic) => void
  /** Those that were kept, in their order, and at the end how many more there were of each kind. */
  readonly all: () => readonly Diagnostic[]
}

/**
 * Collects what is to be said of one file: of each code and severity the first hundred, and then only how many more. Nobody
 * reads a million lines about a file that is not what it seemed, and they would take many times its size in memory.
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
