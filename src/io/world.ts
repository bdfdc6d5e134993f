/** The name of standard input among the files of arguments and messages. */
export const STDIO = '<stdin>'

/** The surroundings of a use case, beside files. */
export interface World {
  /** The folder where relative paths begin. */
  readonly cwd: string
  /** Reads standard input, at most `most` bytes. */
  readonly readStdin: (most: number) => Promise<Uint8Array>
}
