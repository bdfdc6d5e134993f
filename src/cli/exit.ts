/** 0 success; 1 the answer is no; 2 wrong usage; 3 system error or bug. */
export type ExitCode = 0 | 1 | 2 | 3

/**
 * Wrong usage; the message is the reason. It is recognized by name, because each file of the built program has its own
 * class.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
