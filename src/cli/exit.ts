/** 0 done; 1 the answer is no; 2 wrong usage; 3 the machine, or a bug. */
export type ExitCode = 0 | 1 | 2 | 3

/** The command line makes no sense; its message says why. Known by its name: each file of the built program has its own. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
