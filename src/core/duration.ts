/** Units of a profile, largest first, in milliseconds. A day is left out: no keep-alive setting is that long on purpose. */
const UNITS = { h: 3_600_000, min: 60_000, s: 1_000, ms: 1 } as const
type Unit = keyof typeof UNITS
const LARGEST_FIRST = Object.entries(UNITS) as readonly (readonly [Unit, number])[]

const DURATION = /^(0|[1-9][0-9]*)(ms|s|min|h)$/

/** The problem of a text that should be a duration, as far as it is known. */
export type DurationProblem =
  { readonly kind: 'no-unit' } | { readonly kind: 'too-long' } | { readonly kind: 'malformed'; readonly hint: string }

/** Reads `20s`, `1500ms`, `15min` or `2h` as ms; any other text gives its problem. Nothing is trimmed or rounded. */
export function parseDuration(text: string): number | DurationProblem {
  const match = DURATION.exec(text)
  if (match === null) return malformed(text)
  const ms = Number(match[1]) * UNITS[match[2] as Unit]
  return Number.isSafeInteger(ms) ? ms : { kind: 'too-long' }
}

function malformed(text: string): DurationProblem {
  if (/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return { kind: 'no-unit' }
  const hint =
    HINTS.find(([pattern]) => pattern.test(text))?.[1] ?? 'write a whole number and ms, s, min or h, such as 20s'
  return { kind: 'malformed', hint }
}

/** The usual slips, first match wins. The hint says what to write and never guesses a number. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^\s*$/, 'it is empty; write a whole number and a unit, such as 20s'],
  [/^\s|\s$/, 'it has blanks around it; remove them'],
  [/^[0-9]+\s+(?:ms|s|min|h)$/, 'write number and unit without a blank between them, such as 20s'],
  [/^[-+]/, 'write it without a sign'],
  [/^[0-9]+$/, 'write it without leading zeros, in fewer digits, and with a unit'],
  [/^0[0-9]/, 'write it without leading zeros'],
  [/^[0-9]+[.,][0-9]+/, 'fractions are not allowed; write it in the next smaller unit, such as 1500ms for 1.5s'],
  [/^[0-9]+(?:\.[0-9]+)?e[-+]?[0-9]+/i, 'write the number out in digits, without an exponent'],
  [/^0x/i, 'write the number in decimal, without 0x'],
  [/^[0-9]+m$/, 'm could be minutes or milliseconds; write min or ms'],
  [/^[0-9]+(?:ms|s|min|h)[0-9]/, 'use one unit only, such as 90min for 1h30min'],
  [/^[0-9_' ]+(?:ms|s|min|h)$/, 'write the digits together'],
  [/^[0-9]+d/, 'days are not allowed; write hours, such as 24h for a day'],
  [
    /^[0-9]+ *(?:ms\w|milli|sec|minu|hour|hr|std|sek)/i,
    'units are written ms, s, min and h, without a blank, such as 20s',
  ],
  [/^[0-9]+(?:ms|s|min|h)$/i, 'units are written in small letters: ms, s, min, h'],
]

/** `20s`, `15min`, `2h`: the largest unit that holds the value exactly, so that {@link parseDuration} gives it back. */
export function formatDuration(ms: number): string {
  const [unit, size] = unitOf(ms)
  return `${ms / size}${unit}`
}

/** For sentences: `20 s`, `90 s`, and from a hundred of a unit on its parts, `2 h 11 min 15 s`. */
export function durationText(ms: number): string {
  const [unit, size] = unitOf(ms)
  if (ms / size < 100) return `${ms / size} ${unit}`
  let rest = ms
  const parts = Object.entries(UNITS).map(([name, each]) => {
    const count = Math.floor(rest / each)
    rest -= count * each
    return count === 0 ? '' : `${count} ${name}`
  })
  return parts.filter((part) => part !== '').join(' ')
}

function unitOf(ms: number): readonly [Unit, number] {
  return LARGEST_FIRST.find(([, size]) => ms >= size && ms % size === 0) ?? ['ms', 1]
}
