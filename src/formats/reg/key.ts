import { problem, type Code, type Diagnostic } from '../../core/diagnostic.ts'
import { GrowingText } from '../growing.ts'
import { skipBlanks, type LocationAt } from './value.ts'

/** The effect of a line that begins with `[`. */
export type KeyLine =
  /** The values below the line go into this key. */
  | { readonly does: 'open'; readonly key: string; readonly warnings: readonly Diagnostic[] }
  /** The key is deleted with its contents; values below the line are ignored. */
  | { readonly does: 'delete'; readonly key: string; readonly warnings: readonly Diagnostic[] }
  /** No effect, and values below the line are ignored. */
  | { readonly does: 'close'; readonly warnings: readonly Diagnostic[] }
  /** No effect: values below the line go where they went before. */
  | { readonly does: 'nothing'; readonly warnings: readonly Diagnostic[] }

/** The line whose `[` is at index `at`; `before` is the key that is open above it. */
export function readKeyLine(line: string, at: number, before: string | undefined, place: LocationAt): KeyLine {
  const warn = (index: number) => ({ location: place(index) })
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
  const path = trimBackslashes(line.slice(from, close))
  const root = path.split('\\', 1)[0] ?? ''
  const key = withoutDoubled(path)
  if (deletes && (root.trimStart() !== root || key === root))
    return { does: 'close', warnings: [problem('reg/no-key-deleted', {}, warn(from)), ...warnings] }
  if (!ROOTS.has(root.toUpperCase())) {
    const instead = ABBREVIATIONS[root.toUpperCase()]
    return { does: 'close', warnings: [problem('reg/unknown-root', { root, instead }, warn(from)), ...warnings] }
  }
  if (path.startsWith('\\\\', root.length))
    return {
      does: 'close',
      warnings: [problem('reg/key-begins-with-backslash', {}, warn(from + root.length + 1)), ...warnings],
    }
  return {
    does: deletes ? 'delete' : 'open',
    key,
    warnings: [...warnings, ...oddParts(path, root.length + 1, (index) => warn(from + index))],
  }
}

/** Trailing backslashes of a path do not count. */
function trimBackslashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '\\') end -= 1
  return path.slice(0, end)
}

/** Repeated backslashes count as one. */
function withoutDoubled(path: string): string {
  const key = new GrowingText()
  let from = 0
  for (let at = path.indexOf('\\\\'); at !== -1; at = path.indexOf('\\\\', from)) {
    key.push(path.slice(from, at + 1))
    from = at + 1
    while (path[from] === '\\') from += 1
  }
  key.push(path.slice(from))
  return key.text()
}

/** Reasons why the parts of a path from index `start` on name another key than it seems, one of each kind. */
function oddParts(
  path: string,
  start: number,
  warn: (index: number) => { location: ReturnType<LocationAt> },
): readonly Diagnostic[] {
  const found = new Map<Code, Diagnostic>()
  for (let at = start; at < path.length;) {
    const backslash = path.indexOf('\\', at)
    const end = backslash === -1 ? path.length : backslash
    const part = path.slice(at, end)
    const code = oddity(part)
    const where = code === 'reg/key-bracket' ? at + part.indexOf(']') : code === 'reg/key-blank' ? at : at - 1
    if (code !== undefined && !found.has(code)) found.set(code, problem(code, { part }, warn(where)))
    at = end + 1
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

/** Names of roots that only reg.exe takes, on its command line. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  HKCR: 'HKEY_CLASSES_ROOT',
  HKCU: 'HKEY_CURRENT_USER',
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKU: 'HKEY_USERS',
  HKCC: 'HKEY_CURRENT_CONFIG',
}
