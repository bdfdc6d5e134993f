import { byCodeUnit } from '../../core/diagnostic.ts'

/**
 * Folders of sysctl.d(5); a file in an earlier folder masks files of its name in later ones. On most systems the last
 * folder is another name of the one before it. The list equals that of templates/parts/sh/linux-later.sh.hbs.
 */
const FOLDERS = ['etc/', 'run/', 'usr/local/lib/', 'usr/lib/', 'lib/'] as const

/** A file that a machine reads when it starts, by its path in a tree. */
export interface ConfFile {
  /** The path before `etc` or `usr`. */
  readonly root: string
  readonly path: string
  /** The file's own name; '' for /etc/sysctl.conf. */
  readonly name: string
  /** The index of its folder among the folders that it could be in. */
  readonly rank: number
}

/** A file of Linux by its path; `undefined` for any other file. */
export function linuxPlace(path: string): ConfFile | undefined {
  const [, before, name] = /^(.*\/|)sysctl\.d\/([^/]+\.conf)$/s.exec(path) ?? []
  if (before !== undefined && name !== undefined) {
    const rank = FOLDERS.findIndex((folder) => isBelow(before, folder))
    // A folder outside the known ones is a copy of one from /etc.
    const root = rank === -1 ? before : before.slice(0, -(FOLDERS[rank]?.length ?? 0))
    return { root, path, name, rank: Math.max(rank, 0) }
  }
  const root = rootOf(path, 'sysctl.conf')
  return root === undefined ? undefined : { root, path, name: '', rank: 0 }
}

/** A file of FreeBSD by its path; `undefined` for any other file. */
export function freebsdPlace(path: string): ConfFile | undefined {
  for (const [rank, name] of ['sysctl.conf', 'sysctl.conf.local'].entries()) {
    const root = rootOf(path, name)
    if (root !== undefined) return { root, path, name, rank }
  }
  return undefined
}

/** Whether a file of a machine's tree sets sysctls when the machine starts. */
export function setsSysctls(path: string): boolean {
  return (linuxPlace(path) ?? freebsdPlace(path)) !== undefined
}

/** The folders of the machine that a path of a tree belongs to, each with `/` at its end or empty. */
export interface Machine {
  /** Its `/`; `undefined` if the tree has a copy of its /etc alone. */
  readonly top: string | undefined
  readonly etc: string
}

/** A folder in which a machine looks for these files, or above one; not /etc, which lies in its tree under whatever name. */
const WAY = /(?:^|\/)(?:run|lib|usr|usr\/local|sysctl\.d)$/s
/** The same, or a file in it, below the folder that is `/`. */
const BELOW_TOP =
  /^(|.*?\/)(?:etc|run|lib|usr(?:\/local)?(?:\/lib)?)(?:\/sysctl\.d(?:\/[^/]+)?|\/sysctl\.conf(?:\.local)?)?$/s
/** The same in a copy of /etc. */
const BELOW_ETC = /^(|.*\/)sysctl(?:\.d(?:\/[^/]+)?|\.conf(?:\.local)?)$/s

/** The places of these files in a tree, for whoever reads it from a disk. */
export const SYSCTL_PLACES = {
  isRead: setsSysctls,
  isWay: (path: string) => WAY.test(path),
  // Most copies of a machine leave out folders of its vendor, such as /usr/lib, to which /lib is a link.
  isNeeded: (path: string) => path === 'etc' || isBelow(path, 'sysctl.d'),
  machineOf: (path: string): Machine => {
    const [, top, above = ''] = BELOW_TOP.exec(path) ?? [undefined, undefined, BELOW_ETC.exec(path)?.[1]]
    return { top, etc: top === undefined ? above : `${top}etc/` }
  },
} as const

function rootOf(path: string, name: string): string | undefined {
  if (!isBelow(path, name)) return undefined
  const folder = path.slice(0, -name.length)
  return isBelow(folder, 'etc/') ? folder.slice(0, -'etc/'.length) : folder
}

/** Whether a path ends with another path, at the beginning of a part. */
function isBelow(path: string, end: string): boolean {
  return path === end || path.endsWith(`/${end}`)
}

/** The files of each root, in the order of the roots. */
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
