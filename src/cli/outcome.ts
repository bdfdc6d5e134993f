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

/** Everything that a command found, as data and as texts that are made only if the format of the answer has them. */
export interface Outcome {
  readonly diagnostics: readonly Diagnostic[]
  /** Where many diagnostics may be alike: these, told in place of `diagnostics`. */
  readonly alike?: readonly Alike[]
  /** A document that is the whole result, whatever the format. */
  readonly document?: string
  /** The result for people. */
  readonly text?: () => string
  /** A summary and the next step for people, left out with `--quiet`. */
  readonly notes?: () => string
  /** The result for programs. */
  readonly json?: () => JsonPart
  /** Left out where it follows from the diagnostics. */
  readonly exit?: ExitCode
}

/** The surroundings of a command: it computes, and prints nothing. */
export interface CommandWorld extends World {
  /** Hears what cannot wait for the outcome. */
  readonly tell: Listener
}

/** The work of a command. */
export type Run<Options> = (world: CommandWorld, options: Options) => Outcome | Promise<Outcome>

/** Problems with another exit code than 1. */
const EXIT_CODES: Readonly<Record<string, ExitCode>> = {
  usage: 2,
  'input/no-such-file': 2,
  'input/folder': 2,
  'input/no-such-preset': 2,
  machine: 3,
  bug: 3,
  'fleet/busy': 3,
}

/** The exit code of an outcome: its own, or that of its worst diagnostic. */
export function exitCodeOf({ exit, diagnostics }: Outcome): ExitCode {
  if (exit !== undefined) return exit
  const codes = diagnostics.map(({ code, severity }) => EXIT_CODES[code] ?? (severity === 'error' ? 1 : 0))
  return Math.max(0, ...codes) as ExitCode
}
