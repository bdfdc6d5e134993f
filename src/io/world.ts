/** The name of standard input, where an argument or a message names a file. */
export const STDIO = '<stdin>'

/** The surroundings of a use case, beside files. */
export interface World {
  /** The folder where relative paths begin. */
  readonly cwd: string
  /** Reads standard input, at most so many bytes of it. */
  readonly readStdin: (most: number) => Promise<Uint8Array>
}
