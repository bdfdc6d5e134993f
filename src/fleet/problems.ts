import type { Diagnostic } from '../core/diagnostic.ts'

/** The number of lines that are named for problems that are alike. */
const LINES = 5

/** Problems that are alike: of one kind, about one key, in one file. */
export interface Alike {
  readonly first: Diagnostic
  readonly count: number
  /** The lines of the next ones, as far as they are named. */
  readonly lines: readonly number[]
}

/** Problems of a fleet, of which many are alike. */
export interface Problems {
  /** Whether the problem is new: all devices of a profile repeat its problems, with the same words and place. */
  readonly add: (diagnostic: Diagnostic) => boolean
  /** Errors first, and in the order in which they were met. */
  readonly groups: () => readonly Alike[]
  readonly errors: () => number
}

interface Group {
  readonly first: Diagnostic
  count: number
  readonly lines: number[]
}

/** Collects problems, and keeps only a few of each kind, for a fleet of any size. */
export function collectProblems(): Problems {
  const groups = new Map<string, Group>()
  // A problem in a profile's file comes again with each of its devices, one in a device's line does not.
  const said = new Set<string>()
  let errors = 0
  return {
    add: (diagnostic) => {
      const { code, severity, message, path, location } = diagnostic
      if (location?.column !== undefined) {
        const whole = JSON.stringify([code, message, location.file, location.line, location.column])
        if (said.has(whole)) return false
        if (said.size < MOST_SAID) said.add(whole)
      }
      if (severity === 'error') errors += 1
      const kind = JSON.stringify([severity, code, path, location?.file])
      const group = groups.get(kind)
      if (group === undefined) groups.set(kind, { first: diagnostic, count: 1, lines: [] })
      else {
        group.count += 1
        if (location?.line !== undefined && group.lines.length < LINES) group.lines.push(location.line)
      }
      return true
    },
    groups: () => {
      const all = [...groups.values()]
      return ['error', 'warning'].flatMap((severity) => all.filter(({ first }) => first.severity === severity))
    },
    errors: () => errors,
  }
}

/** The most that are kept: more do not come from the file of a profile. */
const MOST_SAID = 10_000
