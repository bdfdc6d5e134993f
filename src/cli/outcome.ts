import type { Listener } from '../app/events.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Alike } from '../fleet/problems.ts'
import type { World } from '../io/world.ts'
import type { ExitCode } from './exit.ts'

/** The keys that a command adds to its JSON document. */
export interface JsonPart {
  readonly artifacts?: readonly object[]
  readonly bundles?: readonly object[]
  readonly profiles?: readonly object[]
  readonly explanations?: readonly object[]
  readonly targets?: readonly object[]
  readonly presets?: readonly object[]
  readonly policies?: readonly object[]
  readonly middleboxes?: readonly object[]
  readonly verified?: readonly object[]
  readonly differences?: readonly object[]
  /** The last line of an answer in lines. */
  readonly summary?: object
}

/** The findings of a command, as data and as texts; a text is made only if the format needs it. */
export interface Outcome {
  readonly diagnostics: readonly Diagnostic[]
  /** Grouped diagnostics, reported in place of `diagnostics` if many may be alike. */
  readonly alike?: readonly Alike[]
  /** A document that is the whole result in every format. */
  readonly document?: string
  /** The result for people. */
  readonly text?: () => string
  /** A summary and the next step for people, left out with `--quiet`. */
  readonly notes?: () => string
  /** The result for programs. */
  readonly json?: () => JsonPart
  /** Left out if it follows from the diagnostics. */
  readonly exit?: ExitCode
}

/** The surroundings of a command, which computes and prints nothing. */
export interface CommandWorld extends World {
  /** Receives reports that cannot wait for the outcome. */
  readonly tell: Listener
}

/** The work of a command. */
export type Run<Options> = (world: CommandWorld, options: Options) => Outcome | Promise<Outcome>

/** Diagnostics with an exit code other than 1. */
const EXIT_CODES: Readonly<Record<string, ExitCode>> = {
  usage: 2,
  'input/no-such-file': 2,
  'input/folder': 2,
  'input/no-such-preset': 2,
  machine: 3,
  bug: 3,
  'fleet/unmatched': 2,
  'fleet/nothing-chosen': 2,
  'fleet/busy': 3,
}

/** The exit code of an outcome: its own, or that of its worst diagnostic. */
export function exitCodeOf({ exit, diagnostics }: Outcome): ExitCode {
  if (exit !== undefined) return exit
  const codes = diagnostics.map(({ code, severity }) => EXIT_CODES[code] ?? (severity === 'error' ? 1 : 0))
  return Math.max(0, ...codes) as ExitCode
}
