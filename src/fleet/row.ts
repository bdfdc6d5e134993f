import { problem, type Location, type Path } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import type { Document } from '../source/document.ts'
import type { Column } from './columns.ts'
import { deviceNameProblem, type Device } from './device.ts'

/** Reads a line of a table: its device, or its problems. */
export function deviceIn(columns: readonly Column[], cells: readonly string[], location: Location): Result<Device> {
  if (cells.length > columns.length && cells.slice(columns.length).some((cell) => cell !== ''))
    return failure(problem('fleet/too-many-cells', { cells: cells.length, columns: columns.length }, { location }))
  const value: Record<string, unknown> = {}
  let tags: readonly string[] = []
  let name = ''
  let [profile, site]: (string | undefined)[] = []
  for (const [index, column] of columns.entries()) {
    const cell = cells[index]?.trim() ?? ''
    if (cell === '') continue
    if (column.says === 'name') name = cell
    else if (column.says === 'profile') profile = cell
    else if (column.says === 'site') site = cell
    else if (column.says === 'tags') tags = tags.concat(words(cell))
    else if (column.says === 'targets') value['targets'] = words(cell)
    else if (column.says === 'value') put(value, column.path, cell)
  }
  const why = deviceNameProblem(name)
  if (why !== undefined) return failure(problem('fleet/bad-name', { name, why }, { path: ['name'], location }))
  return success({ name, profile, tags, site, own: documentOf(value, location) })
}

/** Several words in one cell, between commas, semicolons, bars or blanks, except the table's own separator. */
function words(cell: string): readonly string[] {
  return cell.split(/[\s,;|]+/).filter((word) => word !== '')
}

function put(value: Record<string, unknown>, path: Path, cell: string): void {
  const last = String(path.at(-1))
  let group = value
  for (const key of path.slice(0, -1)) group = (group[key] ??= {}) as Record<string, unknown>
  group[last] = typed(last, cell)
}

/** The value of a cell, as YAML would read it. */
function typed(key: string, cell: string): unknown {
  if (key === 'path') return words(cell)
  if (key === 'probes' || key === 'tolerate') return /^(?:0|[1-9][0-9]{0,8})$/.test(cell) ? Number(cell) : cell
  const lower = cell.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : cell
}

/** A document in one line. */
export function documentOf(value: Readonly<Record<string, unknown>>, location: Location): Document {
  return {
    value,
    has: (path) => valueAt(value, path) !== undefined,
    locate: () => location,
    locateKey: () => location,
    textAt: () => undefined,
  }
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value)
}
