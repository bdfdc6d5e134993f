import type { World } from '../io/world.ts'

/** The terminal, or a stand-in; tests bring their own. */
export interface Shell extends World {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Standard output: results. */
  readonly out: (text: string) => void
  /** Standard error: messages. */
  readonly err: (text: string) => void
  /** Whether standard error is a terminal, where a person sees colours and progress. */
  readonly terminal: boolean
  /** The width in characters of the terminal that gets the results; `undefined` if not known, or without a terminal. */
  readonly columns?: number | undefined
}
