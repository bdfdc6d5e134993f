import { byCodeUnit } from '../../core/diagnostic.ts'

/**
 * Folders of sysctl.d(5), the first wins over the others where a name is in several; the last is another name of the one
 * before on most systems. As in templates/parts/sh/linux-later.sh.hbs.
 */
const FOLDERS = ['etc/', 'run/', 'usr/local/lib/', 'usr/lib/', 'lib/'] as const

/** A file that a machine reads at its start, by its path in a tree. */
export interface ConfFile {
  /** What stands before `etc` or `usr`. */
  readonly root: string
  readonly path: string
  /** Of a file in a folder: its own name, '' for /etc/sysctl.conf. */
  readonly name: string
  /** The place of its folder among those that it could be in. */
  readonly rank: number
}

/** The place of a file of Linux; `undefined` for any other. */
export function linuxPlace(path: string): ConfFile | undefined {
  const [, before, name] = /^(.*\/|)sysctl\.d\/([^/]+\.conf)$/s.exec(path) ?? []
  if (before !== undefined && name !== undefined) {
    const rank = FOLDERS.findIndex((folder) => isBelow(before, folder))
    // A folder without one of the known ones around it was taken out of /etc.
    const root = rank === -1 ? before : before.slice(0, -(FOLDERS[rank]?.length ?? 0))
    return { root, path, name, rank: Math.max(rank, 0) }
  }
  const root = rootOf(path, 'sysctl.conf')
  return root === undefined ? undefined : { root, path, name: '', rank: 0 }
}

/** The place of a file of FreeBSD; `undefined` for any other. */
export function freebsdPlace(path: string): ConfFile | undefined {
  for (const [rank, name] of ['sysctl.conf', 'sysctl.conf.local'].entries()) {
    const root = rootOf(path, name)
    if (root !== undefined) return { root, path, name, rank }
  }
  return undefined
}

/** Whether a file of a machine's tree sets sysctls at its start. */
export function setsSysctls(path: string): boolean {
  return (linuxPlace(path) ?? freebsdPlace(path)) !== undefined
}

function rootOf(path: string, name: string): string | undefined {
  if (!isBelow(path, name)) return undefined
  const folder = path.slice(0, -name.length)
  return isBelow(folder, 'etc/') ? folder.slice(0, -'etc/'.length) : folder
}

/** Whether a path ends with another, at a whole part. */
function isBelow(path: string, end: string): boolean {
  return path === end || path.endsWith(`/${end}`)
}

/** The places of all files for each root, in the order of the roots. */
export function byRoot(
  files: ReadonlyMap<string, Uint8Array>,
  place: (path: string) => ConfFile | undefined,
): readonly (readonly [root: string, places: readonly ConfFile[]])[] {
  const roots = new Map<string, ConfFile[]>()
  for (const path of files.keys()) {
    const found = place(path)
    if (found === undefined) continue
    const places = roots.get(found.root)
    if (places === undefined) roots.set(found.root, [found])
    else places.push(found)
  }
  return [...roots].toSorted(([a], [b]) => byCodeUnit(a, b))
}
