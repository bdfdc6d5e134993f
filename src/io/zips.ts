import { lstatSync, readFileSync, rmSync, type Stats } from 'node:fs'
import { sha256 } from '#checksums'
import { inTheWay, whatStands } from './tree.ts'

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
