import { copyFileSync, linkSync, lstatSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sha256 } from '../core/artifact.ts'
import { inTheWay } from './tree.ts'

/**
 * Gives a file a second name, so that a reader of that name sees the old file or the new one: as a link to the same bytes
 * or, where the file system has none or no more of them, as a copy.
 */
export function shareFile(from: string, to: string): void {
  const fresh = join(dirname(to), `.${basename(to)}.keepalive-kit-new-${process.pid}`)
  try {
    if (!linked(from, fresh)) copyFileSync(from, fresh)
    renameSync(fresh, to)
  } finally {
    // Renaming one name of a file to another name of it does nothing, and leaves the first.
    rmSync(fresh, { force: true })
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'].includes(code)) return false
    throw error
  }
}

/** Whether two paths are one file. */
export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => lstatSync(path, { throwIfNoEntry: false }))
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev
}

/** The digest of a file; `undefined` where there is none. */
export function digestAt(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? undefined : sha256(readFileSync(path))
}

/** Removes a file unless it is other than it was when the kit wrote it; whether it is gone. */
export function removeUnchanged(path: string, digest: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return true
  if (inTheWay(path, 'file') !== undefined || digestAt(path) !== digest) return false
  rmSync(path)
  return true
}

/** Removes files that may be there. */
export function removeFiles(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true })
}
