import { existsSync, lstatSync, readdirSync, renameSync, rmSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import type { Artifact } from '../core/artifact.ts'
import type { FoundFile } from '../core/plan.ts'
import { replaceFolder, writeFlushed } from './atomic.ts'
import { listFolder, readFolder, readUpTo } from './outputs.ts'

/** The kind of what is in the way at a path, in words; `undefined` if a run may write there. */
export function inTheWay(path: string, wanted: 'file' | 'folder'): string | undefined {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there === undefined || (wanted === 'file' ? there.isFile() : there.isDirectory())) return undefined
  return whatStands(there)
}

/** The kind of a directory entry, in words. */
export function whatStands(there: Stats): string {
  if (there.isSymbolicLink()) return 'a link'
  return there.isDirectory() ? 'a folder' : there.isFile() ? 'a file' : 'no regular file'
}

/** The bytes of a file, as {@link readUpTo} reads them; `undefined` if there is no file. */
export function readIfThere(path: string, most = Infinity): Uint8Array | undefined {
  try {
    return readUpTo(path, most)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A tree as it was found on disk. */
export interface FoundTree {
  /** By path with `/`; links and devices have no bytes and mode 0, so that they differ from any wanted file. */
  readonly files: ReadonlyMap<string, FoundFile>
  /** Whether it is larger than any output, so that not all of its files are here. */
  readonly tooLarge: boolean
}

/** Reads the tree below a folder. Without a manifest, none of its files is the kit's, and none is read. */
export function readTree(folder: string): FoundTree {
  if (!existsSync(folder)) return { files: new Map(), tooLarge: false }
  const isOutput = lstatSync(join(folder, MANIFEST), { throwIfNoEntry: false })?.isFile() === true
  const { files, odd, tooLarge } = isOutput ? readFolder(folder) : listFolder(folder)
  const all = new Map([...files, ...odd.map((path) => [path, { bytes: new Uint8Array(), mode: 0 }] as const)])
  return { files: all, tooLarge }
}
const MANIFEST = 'manifest.json'

/** Replaces a whole tree. */
export function replaceTree(folder: string, artifacts: readonly Artifact[]): void {
  replaceFolder(folder, (fresh) => {
    for (const { path, bytes, mode } of artifacts) writeFlushed(join(fresh, path), [bytes], mode)
  })
}

/**
 * Finishes the work of stopped runs in a folder of trees and zips: an old tree comes back if no new one is there,
 * half-written ones go. A run calls it once before it writes, and not for each profile, since it reads the whole folder,
 * unless its `names` are known. Leftovers of another machine's run, in a folder that several share, are not `mine`: the
 * process number in their names means nothing here.
 */
export function recover(
  folder: string,
  mine: (name: string) => boolean = () => true,
  names: readonly string[] = existsSync(folder) ? readdirSync(folder) : [],
): void {
  const hidden = names.filter((name) => name.startsWith('.'))
  for (const left of hidden.toSorted().toReversed()) {
    const [, name, what, pid] = /^\.(.+)\.keepalive-kit-(new|old)-([0-9]+)$/.exec(left) ?? []
    if (name === undefined || !mine(name) || isRunning(Number(pid))) continue
    if (what === 'old' && !existsSync(join(folder, name))) renameSync(join(folder, left), join(folder, name))
    else rmSync(join(folder, left), { recursive: true, force: true })
  }
}

/** Whether another process has that number. */
export function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
