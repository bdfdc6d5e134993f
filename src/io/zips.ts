import {
  closeSync,
  copyFileSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
} from 'node:fs'
import { sha256 } from '#checksums'
import { beside, inTheWay, saidOf, whatStands } from './tree.ts'

/** What stands where a zip belongs. */
export interface Seen {
  /** `undefined` where there is nothing, or nothing that may be replaced. */
  readonly file: Stats | undefined
  /** What is in the way, in words. */
  readonly other: string | undefined
}

/** Looks where a zip belongs. */
export function lookAt(path: string): Seen {
  const there = lstatSync(path, { throwIfNoEntry: false })
  const other = there === undefined || there.isFile() ? undefined : whatStands(there)
  return { file: other === undefined ? there : undefined, other }
}

/**
 * Gives a file a second name, so that a reader of that name sees the old file or the new one: as a link to the same bytes
 * or, where the file system has none or no more of them, as a copy.
 */
export function shareFile(from: string, to: string): void {
  if (linked(from, to)) return
  const fresh = beside(to, 'new')
  try {
    if (!linked(from, fresh)) copyFlushed(from, fresh)
    renameSync(fresh, to)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw saidOf(to, error)
  }
}

function copyFlushed(from: string, to: string): void {
  copyFileSync(from, to)
  const file = openSync(to, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['EEXIST', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'].includes(code)) return false
    throw error
  }
}

/** The digest of a file. */
export function digestAt(path: string): string {
  return sha256(readFileSync(path))
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
