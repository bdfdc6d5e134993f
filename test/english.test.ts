import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './support/profiles.ts'

// English that is read once. Sentences of these shapes had to be read twice, because the subject came late or was
// missing. Plain English hardly needs them: rewrite the sentence with its subject first.

/** A sentence begins after a comment mark, a bullet, a quote, a colon or a full stop. */
const OPENS = String.raw`(?:^[ \t]*(?:\/\*\*|\/\/|\*|#|-|>|\||rem\b)?[ \t]*|(?:it|describe)\w*(?:\.\w+)*\(['"\x60]|[.:] )`

const PATTERNS: readonly (readonly [why: string, pattern: RegExp])[] = [
  ['opens with "What", and is no question', new RegExp(`${OPENS}What (?![^\\n]*\\?)`)],
  ['opens with "Of"', new RegExp(`${OPENS}Of (?!course)`)],
  ['opens with "Whom", "Whose" or "Those of"', new RegExp(`${OPENS}(?:Whom|Whose|Those of|That which|So many) `)],
  ['opens with "That is"', new RegExp(`${OPENS}That is `)],
  ['says "is none"', /\bis none\b/],
  ['says "there are that" or "that there are"', /\bthere are that\b|\bthat there are\b/],
  ['says "is told of"', /\b(?:is|are) told of\b/],
  ['says "it is said"', /\bit is said\b|\bis said of\b/],
  ['says "so many"', /\bso many\b/],
  ['says "that which" or "those of which"', /\bthat which\b|\bthose of which\b/],
]

/** Golden files repeat the templates; packages, oracles and captures come from others; this file names the shapes. */
const NOT_OURS =
  /^test\/(?:golden\/|node_modules\/|oracles\/|captures\/(?!captures\.test\.ts|README)|english\.test\.ts)/

/** The inside of the installers, and a test that quotes it: both are rewritten when a machine gets one record. */
const INSTALLERS =
  /^templates\/(?!completion\/).*\.(?:sh|cmd|ps1|chroot)\.hbs$|^test\/targets\/shell\/tcbsd-machine\.test\.ts$/

const FOLDERS = ['src', 'test', 'templates', 'docs', 'findings', '.github']
const FILES = [
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  ),
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
]
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(?:[cm]?ts|cjs|py|md|hbs|sh|ya?ml)$/.test(path))
  .filter((path) => ![NOT_OURS, INSTALLERS].some((leftOut) => leftOut.test(path)))
  .toSorted()

/** The matching lines of a text, each with its number and the reason. */
function foundIn(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      PATTERNS.filter(([, pattern]) => pattern.test(line)).map(([why]) => `${index + 1}: ${why}: ${line.trim()}`),
    )
}

describe('the English of the project', () => {
  it.each(FILES)('puts the subject first: %s', (path) => {
    expect(foundIn(readFileSync(join(ROOT, path), 'utf8'))).toEqual([])
  })

  it.each([
    '/** What is left of diagnostics of which too many are alike. */',
    ' * Of a file that Windows refuses there is one diagnostic.',
    '// It goes on. That is why the next line counts.',
    "  it('What reg query printed', () => {",
    '/** The key, or `undefined` where there is none. */',
    'Another system is told of with its place.',
  ])('is checked: %s', (line) => {
    expect(foundIn(line)).toHaveLength(1)
  })

  it.each([
    '# What does each system do?',
    '// Of course, a file may be empty.',
    '/** The diagnostics, capped per code. */',
  ])('is allowed: %s', (line) => {
    expect(foundIn(line)).toEqual([])
  })
})
