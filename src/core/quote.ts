import { escapeInvisible } from './words.ts'

/**
 * How a value gets into a template: one helper per place in a language. Each refuses what it cannot say, since a
 * template engine passes `undefined` on without a word and a wrong byte is found two hours later.
 */
export const helpers = {
  /** Exactly 8 lowercase hex digits after `dword:`; 9 digits or `0x` are skipped by Windows with exit code 0. */
  dword: (value: unknown) => whole(value, 0xffff_ffff).toString(16).padStart(8, '0'),
  /** `0x4e20`, for messages: how `reg query` shows a DWORD. */
  hex: (value: unknown) => `0x${whole(value, 0xffff_ffff).toString(16)}`,
  /** Digits only: a leading zero would be octal to FreeBSD and Linux, an exponent an error. */
  decimal: (value: unknown) => String(whole(value, Number.MAX_SAFE_INTEGER)),
  /** A key below HKEY_LOCAL_MACHINE in `[...]`: full root name, no `]`, no blank or backslash at the end. */
  regKey: (value: unknown) => matching(value, /^HKEY_LOCAL_MACHINE(?:\\[A-Za-z0-9_-]+)+$/),
  /** A value's name between `"`, or one part of a key. */
  regName: (value: unknown) => matching(value, /^[A-Za-z0-9_-]+$/),
  /** The name of a sysctl. */
  sysctlKey: (value: unknown) => matching(value, /^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/),
  /** A bare word that means itself in every shell, script and file name: a profile's name, a target's id. */
  word: (value: unknown) => matching(value, /^[a-z][a-z0-9-]*$/),
  /** A POSIX shell literal in single quotes. */
  sh: (value: unknown) => `'${matching(value, /^[ -~]*$/).replaceAll("'", `'\\''`)}'`,
  /** A PowerShell literal in single quotes; typographic quotes would end it too, but only ASCII gets here. */
  ps: (value: unknown) => `'${matching(value, /^[ -~]*$/).replaceAll("'", "''")}'`,
  /** Text that cmd.exe prints or compares as it is, outside quotes. */
  cmd: (value: unknown) => matching(value, /^[A-Za-z0-9_\\ .:-]*$/),
  /** Plain ASCII in a comment or message. */
  text: (value: unknown) => matching(value, /^[ -~]*$/),
  /** A person's text in README.txt: anything, with what is invisible made visible. */
  prose: (value: unknown) => escapeInvisible(matching(value, /^[^]*$/)),
  /** Text or an attribute's value in HTML and SVG, with what is invisible made visible. */
  html: (value: unknown) =>
    escapeInvisible(matching(value, /^[^]*$/)).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
  /** A part of a document that was rendered before. */
  section: (value: unknown) => matching(value, /^[^]*$/),
} as const satisfies Record<string, (value: unknown) => string>

function whole(value: unknown, max: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max) return value
  throw new Error(`bug: ${String(value)} is not a whole number of at most ${max}`)
}

function matching(value: unknown, pattern: RegExp): string {
  if (typeof value === 'string' && pattern.test(value)) return value
  throw new Error(
    `bug: ${JSON.stringify(value) ?? 'undefined'} cannot be written here; it must match ${pattern.source}`,
  )
}
