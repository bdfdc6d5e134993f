import { problem, type Code, type Diagnostic } from '../core/diagnostic.ts'
import { skipBlanks, type Place } from './reg-value.ts'

/** What a line that begins with `[` does. */
export type KeyLine =
  /** Values below it go into this key. */
  | { readonly does: 'open'; readonly key: string; readonly warnings: readonly Diagnostic[] }
  /** A key goes with all that is in it; values below the line are ignored. */
  | { readonly does: 'delete'; readonly key: string; readonly warnings: readonly Diagnostic[] }
  /** Nothing, and values below it are ignored. */
  | { readonly does: 'close'; readonly warnings: readonly Diagnostic[] }
  /** Nothing: values below it go where they went before. */
  | { readonly does: 'nothing'; readonly warnings: readonly Diagnostic[] }

/** The line whose `[` stands at `at`; `before` is the key that is open above it. */
export function readKeyLine(line: string, at: number, before: string | undefined, place: Place): KeyLine {
  const warn = (index: number) => ({ severity: 'warning', location: place(index) }) as const
  const start = at + 1
  if (line[start] === ' ' || line[start] === '\t')
    return { does: 'nothing', warnings: [problem('reg/key-leading-blank', { before }, warn(start))] }
  const close = line.lastIndexOf(']')
  if (close < start) return { does: 'nothing', warnings: [problem('reg/key-not-closed', { before }, warn(at))] }
  const behind = skipBlanks(line, close + 1)
  const warnings: Diagnostic[] =
    behind === line.length || ';#'.includes(line.charAt(behind))
      ? []
      : [problem('reg/after-key', { text: line.slice(behind) }, warn(behind))]

  const deletes = line[start] === '-'
  const from = deletes ? start + 1 : start
  const [root = '', ...parts] = line.slice(from, close).split('\\')
  const key = [root, ...parts.filter((part) => part !== '')].join('\\')
  if (deletes && (root.trimStart() !== root || key === root))
    return { does: 'close', warnings: [problem('reg/no-key-deleted', {}, warn(from)), ...warnings] }
  if (!ROOTS.has(root.toUpperCase())) {
    const instead = ABBREVIATIONS[root.toUpperCase()]
    return { does: 'close', warnings: [problem('reg/unknown-root', { root, instead }, warn(from)), ...warnings] }
  }
  if (parts[0] === '' && key !== root)
    return {
      does: 'close',
      warnings: [problem('reg/key-begins-with-backslash', {}, warn(from + root.length + 1)), ...warnings],
    }
  return {
    does: deletes ? 'delete' : 'open',
    key,
    warnings: [...warnings, ...oddParts(parts, from + root.length + 1, warn)],
  }
}

/** What in the parts of a path makes it another key than it seems, each kind once. */
function oddParts(
  parts: readonly string[],
  start: number,
  warn: (index: number) => { severity: 'warning'; location: ReturnType<Place> },
): readonly Diagnostic[] {
  const found = new Map<Code, Diagnostic>()
  const last = parts.findLastIndex((part) => part !== '')
  let at = start
  for (const [index, part] of parts.entries()) {
    const code = index > last ? undefined : oddity(part)
    const where = code === 'reg/key-bracket' ? at + part.indexOf(']') : code === 'reg/key-blank' ? at : at - 1
    if (code !== undefined && !found.has(code)) found.set(code, problem(code, { part }, warn(where)))
    at += part.length + 1
  }
  return [...found.values()]
}

function oddity(part: string): 'reg/key-bracket' | 'reg/key-blank' | 'reg/key-doubled-backslash' | undefined {
  if (part === '') return 'reg/key-doubled-backslash'
  const bracket = part.indexOf(']')
  if (bracket !== -1 && ';#'.includes(part.charAt(skipBlanks(part, bracket + 1)) || ' ')) return 'reg/key-bracket'
  return part.trim() === part ? undefined : 'reg/key-blank'
}

const ROOTS = new Set([
  'HKEY_CLASSES_ROOT',
  'HKEY_CURRENT_USER',
  'HKEY_LOCAL_MACHINE',
  'HKEY_USERS',
  'HKEY_CURRENT_CONFIG',
])

/** Names of roots that reg.exe takes on its command line only. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  HKCR: 'HKEY_CLASSES_ROOT',
  HKCU: 'HKEY_CURRENT_USER',
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKU: 'HKEY_USERS',
  HKCC: 'HKEY_CURRENT_CONFIG',
}
