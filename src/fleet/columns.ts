import { problem, type Diagnostic, type Location, type Path } from '../core/diagnostic.ts'
import { FIELDS, findTarget, type Registry } from '../core/target.ts'
import { nearest } from '../core/words.ts'

/** The meaning of a column's cells: something about the device, or a value of its profile. */
export type Column =
  | { readonly says: 'name' | 'profile' | 'tags' | 'site' | 'targets' | 'nothing' }
  | { readonly says: 'value'; readonly path: Path }

/** Names of columns, with other words that people use for the same. */
const SAYS: Readonly<Record<string, 'name' | 'profile' | 'tags' | 'site' | 'targets'>> = {
  name: 'name',
  device: 'name',
  profile: 'profile',
  tags: 'tags',
  tag: 'tags',
  site: 'site',
  targets: 'targets',
  target: 'targets',
}
const VALUES: readonly string[] = [...FIELDS, 'detect', 'path', 'tolerate']

/** The columns of a table, by its first line; a column of another name is not read, and reported. */
export function columnsOf(
  registry: Registry,
  header: readonly string[],
  location: Location,
): { readonly columns: readonly Column[]; readonly diagnostics: readonly Diagnostic[] } {
  const columns = header.map((cell) => columnOf(registry, cell.trim().toLowerCase()))
  const others = header.filter((cell, index) => columns[index]?.says === 'nothing' && cell.trim() !== '')
  const known = [...Object.keys(SAYS), ...VALUES]
  const mistyped = new Set(others.filter((cell) => nearest(cell.trim(), known) !== undefined))
  const unread = others.filter((cell) => !mistyped.has(cell))
  const diagnostics = [
    ...twice(header).map((name) => problem('fleet/column-twice', { name }, { location })),
    ...(columns.some(({ says }) => says === 'name') ? [] : [problem('fleet/no-name-column', { header }, { location })]),
    ...[...mistyped].map((name) => problem('fleet/column-mistyped', { name, known }, { location })),
    ...(unread.length > 0 ? [problem('fleet/columns-not-read', { names: unread }, { location })] : []),
  ]
  return { columns, diagnostics }
}

/** `idle` is for every target, `tcbsd.idle` for one; behind a dot, a name that is no field is an option of the target. */
function columnOf(registry: Registry, name: string): Column {
  const says = SAYS[name]
  if (says !== undefined) return { says }
  if (VALUES.includes(name)) return { says: 'value', path: [name] }
  const dot = name.indexOf('.')
  const target = dot === -1 ? undefined : findTarget(registry, name.slice(0, dot))
  const key = name.slice(dot + 1)
  if (target === undefined) return { says: 'nothing' }
  if (FIELDS.some((field) => field === key)) return { says: 'value', path: ['overrides', target.id, key] }
  return key in target.options ? { says: 'value', path: ['options', target.id, key] } : { says: 'nothing' }
}

function twice(header: readonly string[]): readonly string[] {
  const [seen, again] = [new Set<string>(), new Set<string>()]
  for (const cell of header) {
    const name = cell.trim().toLowerCase()
    if (seen.has(name) && name !== '') again.add(name)
    seen.add(name)
  }
  return [...again]
}
