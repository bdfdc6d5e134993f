/** What the command line touches beside files; tests hand in their own. */
export interface World {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Standard input, at most so many bytes of it. */
  readonly readStdin: (most: number) => Promise<Uint8Array>
  /** Results. */
  readonly out: (text: string) => void
  /** Messages. */
  readonly err: (text: string) => void
  /** Whether a person looks at the messages, so that colour and progress make sense. */
  readonly terminal: boolean
  /** The width of the terminal that results go to, in characters; none where it is not known, or no terminal. */
  readonly columns?: number | undefined
}
