import { byCodeUnit } from './diagnostic.ts'
import type { Artifact } from './artifact.ts'

/** A file as it was found on disk; `mode` is left out where the file system has none (Windows). */
export interface Found {
  readonly bytes: Uint8Array
  readonly mode?: number
}

export interface Change {
  readonly kind: 'new' | 'changed' | 'removed' | 'same'
  readonly path: string
}

/** What has to happen to `found` for it to be `wanted`, sorted by path. */
export function plan(wanted: readonly Artifact[], found: ReadonlyMap<string, Found>): readonly Change[] {
  const kept = wanted.map(({ path, bytes, mode }): Change => {
    const before = found.get(path)
    if (before === undefined) return { kind: 'new', path }
    const same = Buffer.compare(before.bytes, bytes) === 0 && executable(before.mode ?? mode) === executable(mode)
    return { kind: same ? 'same' : 'changed', path }
  })
  const paths = new Set(wanted.map(({ path }) => path))
  const removed = [...found.keys()]
    .filter((path) => !paths.has(path))
    .map((path): Change => ({ kind: 'removed', path }))
  return [...kept, ...removed].toSorted((a, b) => byCodeUnit(a.path, b.path))
}

/** The bit that Git keeps and that matters; the others depend on the umask. */
function executable(mode: number): boolean {
  return (mode & 0o100) !== 0
}

/** Files that no run of the kit wrote: the kit's own are listed in the manifest that lies with them. */
export function foreignFiles(there: ReadonlyMap<string, Found>): readonly string[] {
  const manifest = there.get('manifest.json')
  const own = new Set(manifest === undefined ? [] : [...manifestPaths(manifest.bytes), 'manifest.json', 'SHA256SUMS'])
  return [...there.keys()].filter((path) => !own.has(path)).toSorted(byCodeUnit)
}

function manifestPaths(bytes: Uint8Array): readonly string[] {
  try {
    const { files } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { files: { path: string }[] }
    return files.map(({ path }) => path)
  } catch {
    return []
  }
}
