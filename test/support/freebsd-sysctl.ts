/**
 * What FreeBSD's sysctl(8) and its kernel make of a sysctl.conf: written from the rules of sbin/sysctl/sysctl.c (parsefile,
 * parse, parse_numeric) and sys/kern/kern_sysctl.c (sysctl_msec_to_ticks), independent of the code under test. It is no
 * FreeBSD: it proves that a file follows these rules, not that a machine has them.
 */

/** Times are held in clock ticks; the others are plain ints that the kernel does not check. */
const times: Readonly<Record<string, number>> = {
  'net.inet.tcp.keepidle': 7_200_000,
  'net.inet.tcp.keepintvl': 75_000,
  'net.inet.tcp.keepinit': 75_000,
}
const ints: Readonly<Record<string, number>> = { 'net.inet.tcp.keepcnt': 8, 'net.inet.tcp.always_keepalive': 1 }

export interface Reading {
  /** All values of the kernel afterwards, as `sysctl -n` would print them. */
  readonly values: Readonly<Record<string, number>>
  /** One sentence for each line that did not do what an assignment does. */
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

/** What a time in milliseconds reads back as; `undefined` where the kernel answers EINVAL. */
export function throughClock(ms: number, hz: number): number | undefined {
  const ticks = Number(BigInt.asIntN(32, (BigInt(ms) * BigInt(hz)) / 1000n))
  return ticks < 1 ? undefined : Number(BigInt.asIntN(32, (BigInt(ticks) * 1000n) / BigInt(hz)))
}

/** Cuts at the first # that is neither quoted nor behind a backslash. */
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

/** isspace(3) of the C locale: a byte order mark is none. */
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
