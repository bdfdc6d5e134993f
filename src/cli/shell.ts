import type { World } from '../io/world.ts'

/** The terminal, or whatever stands for one; tests bring their own. */
export interface Shell extends World {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Standard output: results. */
  readonly out: (text: string) => void
  /** Standard error: messages. */
  readonly err: (text: string) => void
  /** Whether standard error is a terminal, so that a person sees its colours and its progress. */
  readonly terminal: boolean
  /** The width of the terminal that results go to, in characters; none where it is not known, or no terminal. */
  readonly columns?: number | undefined
}
