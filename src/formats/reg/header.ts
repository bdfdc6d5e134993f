import { problem, type Location } from '../../core/diagnostic.ts'
import { failure, success, type Result } from '../../core/result.ts'
import { decode, linesOf, windows1252, type Line } from '../text.ts'

/** A text that its system imports. */
export interface Accepted {
  /** The text as the importer reads it, header included. */
  readonly text: string
  /** The format: REGEDIT4, version 5.00, or a part of the registry of a Windows CE image, which has no header. */
  readonly version: 4 | 5 | 'fragment'
  /** Whether the bytes were UTF-16. */
  readonly wide: boolean
}

const HEADERS = { REGEDIT4: 4, 'Windows Registry Editor Version 5.00': 5 } as const

/**
 * Decides by encoding and first line whether Windows imports a file at all. A refused file gives one diagnostic, and
 * none of its lines counts. A text without a header whose first key does not belong to Windows itself is a fragment of
 * a Windows CE image, where files usually have no header.
 *
 * Source: Wine's tests of reg.exe and regedit, which record what each Windows does, and KB310516.
 */
export function acceptReg(bytes: Uint8Array, file: string): Result<Accepted> {
  const { text: decoded, encoding, bom } = decode(bytes)
  const top: Location = { file, line: 1, column: 1, source: firstLine(decoded)?.text ?? '' }
  const refuse = (code: 'reg/no-bom' | 'reg/big-endian' | 'reg/utf8-bom') =>
    failure(problem(code, {}, { location: top }))
  if (encoding === 'utf-16be') return refuse('reg/big-endian')
  if (encoding === 'utf-16le' && !bom) return refuse('reg/no-bom')
  if (encoding === 'utf-8' && bom) return refuse('reg/utf8-bom')
  const wide = encoding === 'utf-16le'
  const text = wide || encoding === 'ascii' ? decoded : windows1252(bytes)

  const first = firstLine(text)?.text ?? ''
  const header = first.replace(/^[ \t]+/, '')
  if (isHeader(header)) return success({ text, version: HEADERS[header], wide })
  if (header === 'REGEDIT') return failure(problem('reg/windows-3', {}, { location: top }))
  if (header.startsWith('REGEDIT')) return failure(problem('reg/header-imports-nothing', { header }, { location: top }))
  const content = firstContent(text)
  const found = content?.text.replace(/^[ \t]+/, '') ?? ''
  if (content !== undefined && isCeKey(found)) {
    const location = { file, line: content.number, column: 1, source: content.text }
    return success({ text, version: 'fragment', wide }, [problem('reg/fragment', {}, { location })])
  }
  if (content !== undefined && content.number > 1 && isHeader(found)) {
    const location = { file, line: content.number, column: 1, source: content.text }
    return failure(problem('reg/header-not-first', { line: content.number }, { location }))
  }
  return failure(
    looksLikeHeader(header)
      ? problem('reg/bad-header', { header }, { location: top })
      : problem('reg/no-header', { first }, { location: top }),
  )
}

/** Whether a line is one of the two headers, to the letter. */
export function isHeader(line: string): line is keyof typeof HEADERS {
  return Object.hasOwn(HEADERS, line)
}

/** Whether a text begins like a .reg file, including one that Windows refuses. */
export function isReg(text: string): boolean {
  const found = firstContent(text)?.text.replace(/^[ \t\ufeff]+/, '') ?? ''
  return looksLikeHeader(found) || /^\[-?[ \t]*HK[A-Z_]+[\\\]]/i.test(found)
}

function looksLikeHeader(line: string): boolean {
  return /^(?:REGEDIT|Windows Registry Editor)/i.test(line)
}

/** A key of a Windows CE image. Keys below SYSTEM belong to Windows itself; such a file has lost its header. */
function isCeKey(line: string): boolean {
  return /^\[-?HKEY_[A-Z_]+[\\\]]/i.test(line) && !/^\[-?HKEY_LOCAL_MACHINE\\SYSTEM\\/i.test(line)
}

/** The header or the first key is searched for within these limits. */
const BEGINNING = { lines: 500, characters: 65_536 }

/** The first line other than a comment or a condition of a Windows CE image. */
function firstContent(text: string): Line | undefined {
  for (const line of linesOf(text.slice(0, BEGINNING.characters), { bareCarriageReturn: true })) {
    if (line.number > BEGINNING.lines) return undefined
    if (!/^[ \t\ufeff]*(?:$|[;#]|(?:IF|ELSE|ENDIF)\b)/i.test(line.text)) return line
  }
  return undefined
}

function firstLine(text: string): Line | undefined {
  return linesOf(text, { bareCarriageReturn: true }).next().value ?? undefined
}
