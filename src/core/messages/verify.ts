/** What can be wrong with an output folder, a zip or a machine that is held against its profile. */
export const VERIFY_MESSAGES = {} as const
