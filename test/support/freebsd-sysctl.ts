/**
 * Reads a sysctl.conf like FreeBSD's sysctl(8) and its kernel. Written from the rules of sbin/sysctl/sysctl.c
 * (parsefile, parse, parse_numeric) and sys/kern/kern_sysctl.c (sysctl_msec_to_ticks), independent of the code under
 * test. It proves that a file follows these rules, not that a FreeBSD machine does.
 */

/** The kernel stores times in clock ticks; the others are plain ints that it does not check. */
const times: Readonly<Record<string, number>> = {
  'net.inet.tcp.keepidle': 7_200_000,
  'net.inet.tcp.keepintvl': 75_000,
  'net.inet.tcp.keepinit': 75_000,
}
const ints: Readonly<Record<string, number>> = { 'net.inet.tcp.keepcnt': 8, 'net.inet.tcp.always_keepalive': 1 }

export interface Reading {
  /** All values of the kernel afterwards, as `sysctl -n` prints them. */
  readonly values: Readonly<Record<string, number>>
  /** One sentence for each line that is not a valid assignment. */
  readonly problems: readonly string[]
}

/** A kernel of the given clock rate with its defaults, after `sysctl -f` of a file with this text. */
export function readSysctlConf(text: string, hz: number): Reading {
  const values: Record<string, number> = { ...ints }
  for (const [oid, ms] of Object.entries(times)) values[oid] = throughClock(ms, hz) ?? Number.NaN
  const problems: string[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const problem = assign(trimmed(withoutComment(raw)), hz, values)
    if (problem !== undefined) problems.push(`line ${index + 1}: ${problem}`)
  }
  return { values, problems }
}

/** The value, in ms, as which a time reads back; `undefined` if the kernel answers EINVAL. */
export function throughClock(ms: number, hz: number): number | undefined {
  const ticks = Number(BigInt.asIntN(32, (BigInt(ms) * BigInt(hz)) / 1000n))
  return ticks < 1 ? undefined : Number(BigInt.asIntN(32, (BigInt(ticks) * 1000n) / BigInt(hz)))
}

/** Cuts the line at the first # that is neither quoted nor escaped by a backslash. */
function withoutComment(line: string): string {
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '#' && line.charAt(at - 1) !== '\\') return line.slice(0, at)
  }
  return line
}

function assign(line: string, hz: number, values: Record<string, number>): string | undefined {
  if (line === '') return undefined
  const separator = line.search(/[=:]/)
  const oid = trimmed(separator === -1 ? line : line.slice(0, separator))
  if (!(oid in values)) return `unknown oid '${oid}'`
  if (separator === -1) return 'only prints the value'
  const number = parseNumeric(unquoted(trimmed(line.slice(separator + 1))))
  if (typeof number === 'string') return number
  const value = oid in times ? throughClock(number, hz) : number
  if (value === undefined) return 'Invalid argument'
  values[oid] = value
  return undefined
}

/** Trims the characters of isspace(3) in the C locale, which leaves a byte order mark. */
const trimmed = (text: string): string => text.replace(/^[ \t-\r]+|[ \t-\r]+$/g, '')

const unquoted = (value: string): string => /^(["'])(.*)\1$/.exec(value)?.[2] ?? value

/** strtol with base 0, cast to a 32-bit int as parse_numeric does for CTLTYPE_INT. */
function parseNumeric(text: string): number | string {
  if (text === '') return 'empty numeric value'
  if (/[ ,]/.test(text)) return `an array of numbers: '${text}'`
  const [, sign, digits] = /^([+-]?)(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)$/i.exec(text) ?? []
  if (digits === undefined) return `invalid integer '${text}'`
  const size = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits)
  const number = sign === '-' ? -size : size
  if (BigInt.asIntN(64, number) !== number) return `out of range '${text}'`
  return Number(BigInt.asIntN(32, number))
}
