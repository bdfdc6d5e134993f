import type { Event } from '../../app/events.ts'
import type { Shell } from '../shell.ts'
import { jsonDiagnostic, jsonPath } from './json.ts'
import type { Reporter } from './reporter.ts'

/** Answers for programs about a hundred thousand items: a line of JSON for each as it is done, and a summary. */
export function jsonLinesReporter(shell: Shell): Reporter {
  const line = (value: object) => shell.out(`${JSON.stringify(value)}\n`)
  return {
    hear: (event) => {
      const value = valueOf(event)
      if (value !== undefined) line(value)
    },
    // Its problems were reported one by one.
    tell: ({ json }) => {
      if (json !== undefined) line(json())
    },
    stop: () => {},
  }
}

function valueOf(event: Event): object | undefined {
  switch (event.kind) {
    case 'problem':
      return { diagnostic: jsonDiagnostic(event.diagnostic) }
    case 'device': {
      const { name = null, state, path, sha256 } = event
      return { device: { name, state, ...(sha256 === undefined ? {} : { zip: jsonPath(path), sha256 }) } }
    }
    default:
      return undefined
  }
}
