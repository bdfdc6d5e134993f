import type { Stated, Statement } from '../../core/capture.ts'
import { problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import { isReg } from './header.ts'
import { skipBlanks } from './value.ts'
import { decode, linesOf } from '../text.ts'

/**
 * The statements in output of `reg query`. Keys and the lines of values are alike in every language; all other lines
 * (headings, the number of matches, errors) are ignored. The encoding of the saved output does not matter, because
 * names of settings are ASCII.
 */
export function* readRegQuery(bytes: Uint8Array, file: string): Generator<Statement | Diagnostic, void, undefined> {
  let key: string | undefined
  let told = false
  for (const { number, text: line } of linesOf(decode(bytes).text)) {
    if (KEY.test(line)) {
      key = trimEnd(trimEnd(line, '\r'), '\\')
      const location = { file, line: number, column: key.length, source: line }
      if (/[ \t]$/.test(key)) yield problem('reg/query-key-blank', {}, { location })
      continue
    }
    const value = valueIn(line)
    if (value === undefined) continue
    const location = { file, line: number, column: value.column, source: line }
    if (key !== undefined) yield statement(key, value, location)
    else if (!told) yield problem('reg/query-without-key', {}, { location })
    told ||= key === undefined
  }
}

/** Whether a text begins like output of `reg query`. */
export function isRegQuery(text: string): boolean {
  const beginning = text.slice(0, BEGINNING)
  if (isReg(beginning)) return false
  for (const { text: line } of linesOf(beginning)) if (KEY.test(line) || valueIn(line) !== undefined) return true
  return false
}

/** In characters; the headings of every language are shorter. */
const BEGINNING = 16_384

/** `reg query` prints roots in full, in whatever form the user typed them. */
const KEY = /^HKEY_(?:LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS|CURRENT_CONFIG)(?:\\|[ \t]*$)/i

interface Value {
  readonly name: string
  readonly type: string
  readonly data: string
  /** The column of the data, counted from one. */
  readonly column: number
}

/**
 * The value that a line shows: name, type and data, separated by at least two blanks, or by tabs in output of Windows
 * XP. The name of the default value is in parentheses (in <> on Windows XP) and in the language of the machine.
 */
function valueIn(line: string): Value | undefined {
  if (skipBlanks(line, 0) === 0) return undefined
  for (let at = line.indexOf('REG_'); at !== -1; at = line.indexOf('REG_', at + 1)) {
    TYPE.lastIndex = at
    const found = TYPE.exec(line)
    const name = found === null ? undefined : nameBefore(line.slice(0, at), found[2] ?? '')
    if (found === null || name === undefined) continue
    const data = line.slice(TYPE.lastIndex).trimEnd()
    return { name: isDefault(name) ? '' : name, type: found[1] ?? '', data, column: TYPE.lastIndex + 1 }
  }
  return undefined
}

/** Where columns are four blanks apart, other blanks belong to the name; elsewhere copying has moved the columns. */
function nameBefore(text: string, gap: string): string | undefined {
  if (text.length > 8 && text.startsWith(FOUR) && text.endsWith(FOUR) && (gap === FOUR || gap === ''))
    return text.slice(4, -4)
  const name = trimEnd(text, ' \t')
  const start = skipBlanks(name, 0)
  const between = text.slice(name.length)
  return start === name.length || between.length === 0 || between === ' ' ? undefined : name.slice(start)
}

const FOUR = '    '

/** A type, its number (printed with `/z`), and the blanks before the data. */
const TYPE = /(REG_[A-Z_]{2,40})(?: \(\d{1,10}\))?([ \t]+|\r*$)/y

function isDefault(name: string): boolean {
  return (name.startsWith('(') && name.endsWith(')')) || (name.startsWith('<') && name.endsWith('>'))
}

/** Drops these characters from the end. No regular expression: it is slow on texts with many of them within. */
function trimEnd(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

function statement(key: string, { name, type, data }: Value, location: Location): Statement | Diagnostic {
  const isNumber = type === 'REG_DWORD' || type === 'REG_DWORD_LITTLE_ENDIAN'
  if (isNumber && !/^0x[0-9a-f]{1,8}$/i.test(data))
    return problem('reg/query-not-a-number', { text: data }, { location })
  const value: Stated = isNumber
    ? { kind: 'number', number: Number.parseInt(data.slice(2), 16) }
    : { kind: 'other', type, text: data.slice(0, SHOWN) }
  return { store: 'registry', key, name, value, written: data, location }
}

/** The characters of data that messages show. */
const SHOWN = 200
