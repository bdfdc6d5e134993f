/** What Windows would skip in a .reg file, or in what reg.exe printed. */
export const REG_MESSAGES = {} as const
