/**
 * Whether a pattern of the shell matches a whole text: `*` is any characters, `?` one, `[a-z]` one of a set, and a
 * backslash takes its meaning from the next character. It goes back to the last star only, so its time grows with the
 * product of both lengths at most.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let [at, place] = [0, 0]
  let star: { readonly after: number; readonly place: number } | undefined
  while (place < text.length) {
    const end = pattern[at] === '*' ? undefined : endOfMatch(pattern, at, text.charAt(place))
    if (end !== undefined) {
      at = end
      place += 1
    } else if (pattern[at] === '*') {
      at += 1
      star = { after: at, place }
    } else if (star !== undefined) {
      star = { after: star.after, place: star.place + 1 }
      ;[at, place] = [star.after, star.place]
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}

/** The index after the element at `at` (never `*`) if it matches the character, else `undefined`. */
function endOfMatch(pattern: string, at: number, character: string): number | undefined {
  const own = pattern[at]
  if (own === '?') return at + 1
  const set = own === '[' ? readBracket(pattern, at) : undefined
  if (set !== undefined) return set.matches(character) ? set.end : undefined
  const literal = characterAt(pattern, at)
  return literal.character === character ? literal.end : undefined
}

interface Bracket {
  readonly end: number
  readonly matches: (character: string) => boolean
}

/** A set such as `[a-z]`, `[!x]` or `[[:alpha:]]`; `undefined` if no `]` ends it. */
function readBracket(pattern: string, start: number): Bracket | undefined {
  const negated = pattern[start + 1] === '!' || pattern[start + 1] === '^'
  const tests: ((character: string) => boolean)[] = []
  const first = start + (negated ? 2 : 1)
  let at = first
  while (at < pattern.length && (pattern[at] !== ']' || at === first)) {
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at, at + 12))
    if (named !== null) {
      const inClass = CLASSES[named[1] ?? '']
      tests.push((character) => inClass?.test(character) === true)
      at += named[0].length
    } else {
      const low = characterAt(pattern, at)
      const ranged = pattern[low.end] === '-' && low.end + 1 < pattern.length && pattern[low.end + 1] !== ']'
      const high = ranged ? characterAt(pattern, low.end + 1) : low
      tests.push((character) => character >= low.character && character <= high.character)
      at = high.end
    }
  }
  if (at >= pattern.length) return undefined
  return { end: at + 1, matches: (character) => tests.some((test) => test(character)) !== negated }
}

function characterAt(pattern: string, at: number): { readonly character: string; readonly end: number } {
  const escaped = pattern[at] === '\\' && at + 1 < pattern.length
  return { character: pattern.charAt(at + (escaped ? 1 : 0)), end: at + (escaped ? 2 : 1) }
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
}
