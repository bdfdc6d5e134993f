import { lstatSync, readFileSync, rmSync, type Stats } from 'node:fs'
import { sha256 } from '#checksums'
import { inTheWay, whatStands } from './tree.ts'

/** The place of a zip as it was found. */
export interface Seen {
  /** `undefined` if there is nothing, or nothing that may be replaced. */
  readonly file: Stats | undefined
  /** The kind of what is in the way, in words. */
  readonly other: string | undefined
}

/** Looks at the place of a zip. */
export function lookAt(path: string): Seen {
  const there = lstatSync(path, { throwIfNoEntry: false })
  const other = there === undefined || there.isFile() ? undefined : whatStands(there)
  return { file: other === undefined ? there : undefined, other }
}

/** The digest of a file. */
export function digestAt(path: string): string {
  return sha256(readFileSync(path))
}

/** Removes a file if it is as the kit wrote it; returns whether it is gone. */
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
