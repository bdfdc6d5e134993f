import { closest, distance } from 'fastest-levenshtein'

/** A person's text inside a sentence: quoted, shortened, and with nothing in it that a terminal would obey. */
export function show(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text
  return `"${escapeInvisible(short)}"`
}

/**
 * Characters that a terminal obeys or a reader does not see: control characters, unpaired surrogates, private characters,
 * noncharacters, line and paragraph separators, and the format characters of Unicode 15. This is a list, and not \p{C}:
 * the set of assigned characters depends on the running Node, and the bytes of README.txt must not.
 */
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\u{110bd}\u{110cd}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}]/gu

/** Invisible characters as \u escapes, so that what is printed is what is there. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}

/** Each invisible character as one sign, so that the columns of a line stay as they are. */
export function maskInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => '\ufffd'.repeat(character.length))
}

/** The known word that a mistyped one is close to, if there is one. */
export function nearest(text: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || text.length > 64) return undefined
  const word = closest(text.toLowerCase(), [...known])
  return distance(text.toLowerCase(), word) <= (word.length < 4 ? 1 : 2) ? word : undefined
}

/** `; did you mean idle?`, or nothing when no known word is near. */
export function didYouMean(text: string, known: readonly string[]): string {
  const word = nearest(text, known)
  return word === undefined ? '' : `; did you mean ${word}?`
}

/** `; did you mean idle? Keys: idle, interval`, or `; keys: idle, interval` where no known word is near. */
export function suggestion(text: string, label: string, known: readonly string[]): string {
  const near = didYouMean(text, known)
  const all = `${label}: ${known.join(', ')}`
  return near === '' ? `; ${all}` : `${near} ${all.charAt(0).toUpperCase()}${all.slice(1)}`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** Up to three of them by name, and how many more there are. */
export function some(files: readonly string[]): string {
  return files.length <= 3 ? files.join(', ') : `${files.slice(0, 3).join(', ')} and ${files.length - 3} more`
}
