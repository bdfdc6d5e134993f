/** What FreeBSD or Linux would skip in a file of settings, or read as something else. */
export const SYSCTL_MESSAGES = {} as const
