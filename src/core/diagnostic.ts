import { closest, distance } from 'fastest-levenshtein'

export type Severity = 'error' | 'warning'

/** A file, and mostly a place in it; line and column count from one, columns in UTF-16 units as editors do. */
export interface Location {
  readonly file: string
  readonly line?: number
  readonly column?: number
  /** The line itself, for the excerpt. */
  readonly source?: string
}

/** Keys and indexes from the top of a document to a value. */
export type Path = readonly (string | number)[]

/** Something to tell the person at the keyboard. `code` is stable; `message` is for reading and may improve. */
export interface Diagnostic {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly path: Path
  readonly location?: Location
}

/** Every problem that the kit itself can report, with its words. Targets add rules of their own, see {@link targetRule}. */
const MESSAGES = {
  'document/too-large': (d: { max: number }) => `the file has more than ${d.max} bytes; a profile is a page of text`,
  'document/not-text': (d: { offset: number; utf16: boolean }) =>
    `${d.utf16 ? 'this is UTF-16' : `byte ${d.offset} is not UTF-8 text`}; save the profile as UTF-8`,
  'document/syntax': (d: { reason: string }) => `this is not YAML: ${d.reason}`,
  'document/too-deep': (d: { max: number }) => `brackets or lists are nested more than ${d.max} deep`,
  'document/empty': (_: object) =>
    'the file is empty; a profile needs name, idle and interval (keepalive-kit init writes one)',
  'document/second-document': (_: object) =>
    'a second document begins here; a file holds one profile, so remove the line --- or split the file',
  'document/duplicate-key': (d: { key: string; line: number }) =>
    `${show(d.key)} is set twice; the first is in line ${d.line}`,
  'document/alias': (_: object) => 'anchors and aliases (& and *) are not taken; write the value out',
  'document/tag': (_: object) => 'tags (!) are not taken; write the plain value',
  'document/key-not-text': (_: object) => 'a key must be plain text',
  'document/ambiguous-number': (d: { text: string }) =>
    `some programs read ${show(d.text)} as octal, others as decimal; write it without leading zeros`,

  'profile/wrong-type': (d: { key: string; expected: string; found: string }) =>
    `${d.key} must be ${d.expected}, not ${d.found}`,
  'profile/missing-key': (d: { key: string; example: string }) => `${d.key} is missing; write for example ${d.example}`,
  'profile/unknown-key': (d: { key: string; known: readonly string[] }) =>
    `there is no ${show(d.key)}${didYouMean(d.key, d.known)}; possible here: ${d.known.join(', ')}`,
  'profile/unknown-target': (d: { target: string; known: readonly string[] }) =>
    `there is no target ${show(d.target)}${didYouMean(d.target, d.known)}; targets: ${d.known.join(', ')}`,
  'profile/no-targets': (_: object) => 'targets is empty; name at least one, or leave the line out for all of them',
  'profile/duplicate-target': (d: { target: string; first: string }) =>
    d.target === d.first
      ? `target ${d.target} is named twice`
      : `${d.target} is another name of ${d.first}, which is named already`,
  'profile/override-without-target': (d: { key: string; target: string }) =>
    `${d.key} for ${d.target} have no effect: it is not among the targets`,
  'profile/no-options': (d: { target: string; known: readonly string[] }) =>
    `${d.target} has no options; targets that have some: ${d.known.join(', ')}`,
  'profile/bad-option': (d: { key: string; text: string; why: string }) =>
    `${d.key} cannot be ${show(d.text)}: ${d.why}`,
  'profile/bad-name': (d: { name: string; why: string }) => `the name ${show(d.name)} ${d.why}`,
  'profile/bad-title': (d: { why: string }) => `the title ${d.why}`,
  'profile/unit-missing': (d: { key: string; text: string }) =>
    `${d.key} has no unit; write ${d.text}s for seconds or ${d.text}ms for milliseconds`,
  'profile/bad-duration': (d: { key: string; text: string; hint: string }) =>
    `${d.key} cannot be ${show(d.text)}: ${d.hint}`,
  'profile/duration-too-long': (d: { key: string; text: string }) =>
    `${d.key} cannot be ${show(d.text)}: no system can hold a time that long`,
  'profile/zero': (d: { key: string; why: string; least: string }) =>
    `${d.key} cannot be 0: ${d.why}; the least is ${d.least}`,
  'profile/bad-probes': (d: { text: string }) =>
    `probes cannot be ${show(d.text)}; write a whole number of at least 1, such as 9`,
  'profile/duplicate-name': (d: { name: string; first: string }) =>
    `the name ${d.name} is taken by ${d.first}; their output would overwrite each other`,
  'profile/no-such-target-selected': (d: { name: string; targets: readonly string[]; has: readonly string[] }) =>
    `profile ${d.name} is not for ${d.targets.join(' or ')}; it is for ${d.has.join(', ')}`,

  'setting/not-representable': (d: {
    target: string
    key: string
    value: string
    step: string
    why: string
    instead: readonly string[]
  }) =>
    `${d.target}: ${d.key} cannot hold ${d.value} exactly; it counts in steps of ${d.step} (${d.why}). Write ${d.instead.join(' or ')}`,
  'setting/out-of-range': (d: { target: string; key: string; value: string; min: string; max: string }) =>
    `${d.target}: ${d.key} cannot be ${d.value}; it takes ${d.min} to ${d.max}`,
  'setting/unsupported': (d: { target: string; field: string; instead: string }) =>
    `${d.target} has no setting for ${d.field}: ${d.instead}`,

  'input/no-such-file': (d: { file: string }) =>
    `there is no file ${show(d.file)}${d.file.includes('*') ? '; your shell did not expand the *, so name each file' : ''}`,
  'input/folder': (d: { file: string }) => `${show(d.file)} is a folder; name the profiles in it`,
  'input/no-such-preset': (d: { preset: string; known: readonly string[] }) =>
    `there is no preset ${show(d.preset)}${didYouMean(d.preset, d.known)}; presets: ${d.known.join(', ')}`,
  'output/foreign-file': (d: { folder: string; files: readonly string[]; manifest: boolean }) =>
    d.manifest
      ? `${d.folder} holds ${some(d.files)}, which keepalive-kit did not write; move it away or choose another folder with --out`
      : `${d.folder} holds ${some(d.files)}, and no manifest.json that says that keepalive-kit wrote it; move the folder away or choose another with --out`,
  'output/in-the-way': (d: { path: string; what: string }) =>
    `${d.path} is ${d.what}; move it away or choose another folder with --out`,
  'output/differs': (d: { how: string }) => d.how,
} as const

export type Code = keyof typeof MESSAGES
export type DataOf<C extends Code> = Parameters<(typeof MESSAGES)[C]>[0]
/** Every code of the catalogue. */
export const CODES = Object.keys(MESSAGES) as readonly Code[]

/** A diagnostic of the catalogue. */
export function problem<C extends Code>(
  code: C,
  data: DataOf<C>,
  where: { readonly severity?: Severity; readonly path?: Path; readonly location?: Location | undefined } = {},
): Diagnostic {
  const words = MESSAGES[code] as (data: DataOf<C>) => string
  return {
    code,
    severity: where.severity ?? 'error',
    message: escapeInvisible(words(data)),
    path: where.path ?? [],
    ...(where.location === undefined ? {} : { location: where.location }),
  }
}

/** A diagnostic of one target's own rule; its code is `TARGET/RULE`. */
export function targetRule(target: string, rule: string, severity: Severity, path: Path, message: string): Diagnostic {
  return { code: `${target}/${rule}`, severity, message: `${target}: ${message}`, path }
}

/** A person's text inside a sentence: quoted, shortened, and with nothing in it that a terminal would obey. */
export function show(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text
  return `"${escapeInvisible(short)}"`
}

/**
 * What a terminal obeys or a reader does not see: control characters, halves of pairs, private and no characters, line
 * and paragraph marks, and the format characters of Unicode 15. A list, and not \p{C}: which characters are assigned
 * depends on the Node that runs, and the bytes of README.txt must not.
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

function some(files: readonly string[]): string {
  return files.length <= 3 ? files.join(', ') : `${files.slice(0, 3).join(', ')} and ${files.length - 3} more`
}

/** Sorted as a reader meets them: by file, line and column; what has no place comes first. */
export function byLocation(a: Diagnostic, b: Diagnostic): number {
  return (
    byCodeUnit(a.location?.file ?? '', b.location?.file ?? '') ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
    (a.location?.column ?? 0) - (b.location?.column ?? 0)
  )
}

/** Order by UTF-16 code unit. Not `localeCompare`: order must not depend on the machine's locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
