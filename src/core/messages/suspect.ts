/** What a file says and probably did not mean. */
export const SUSPECT_MESSAGES = {} as const
