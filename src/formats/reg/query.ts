import type { Stated, Statement } from '../../core/capture.ts'
import { problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import { isReg } from './header.ts'
import { skipBlanks } from './value.ts'
import { decode, linesOf } from '../text.ts'

/**
 * The statements of what `reg query` printed. Keys and the lines of values are alike in every language; all other lines
 * (headings, how many matches there were, errors) are no values and say nothing. It does not matter in which encoding
 * the output was stored, because names of settings are ASCII.
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

/** Whether the beginning of a text is what `reg query` printed. */
export function isRegQuery(text: string): boolean {
  const beginning = text.slice(0, BEGINNING)
  if (isReg(beginning)) return false
  for (const { text: line } of linesOf(beginning)) if (KEY.test(line) || valueIn(line) !== undefined) return true
  return false
}

/** In characters: more headings than that no language has. */
const BEGINNING = 16_384

/** `reg query` prints roots in full, however they were asked for. */
const KEY = /^HKEY_(?:LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS|CURRENT_CONFIG)(?:\\|[ \t]*$)/i

interface Value {
  readonly name: string
  readonly type: string
  readonly data: string
  /** Of the data, counted from one. */
  readonly column: number
}

/**
 * The value that a line shows: name, type and data behind at least two blanks each, or behind tabs as Windows XP prints
 * them. The name of the default value stands in parentheses, in <> on Windows XP, and in the language of the machine.
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

/** Blanks of a name are its own where everything is four blanks apart; otherwise the columns were moved by copying. */
function nameBefore(text: string, gap: string): string | undefined {
  if (text.length > 8 && text.startsWith(FOUR) && text.endsWith(FOUR) && (gap === FOUR || gap === ''))
    return text.slice(4, -4)
  const name = trimEnd(text, ' \t')
  const start = skipBlanks(name, 0)
  const between = text.slice(name.length)
  return start === name.length || between.length === 0 || between === ' ' ? undefined : name.slice(start)
}

const FOUR = '    '

/** A type, the number of it that `/z` adds, and what separates both from the data. */
const TYPE = /(REG_[A-Z_]{2,40})(?: \(\d{1,10}\))?([ \t]+|\r*$)/y

function isDefault(name: string): boolean {
  return (name.startsWith('(') && name.endsWith(')')) || (name.startsWith('<') && name.endsWith('>'))
}

/** Without any of these characters at its end; not by a regular expression, which takes long where many stand within. */
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

/** In characters of data that is shown to people. */
const SHOWN = 200
