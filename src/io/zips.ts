import { closeSync, fstatSync, lstatSync, openSync, rmSync, type Stats } from 'node:fs'
import { sha256 } from '#checksums'
import { BUNDLE_LIMITS } from '../core/bundle.ts'
import { readUpTo } from './outputs.ts'
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

/**
 * Makes a change that takes a name from the file at a path. If the file has other names, `moved` hears of its states before and
 * after: losing a name counts as a change of the file.
 */
export function takeName<Done>(path: string, change: () => Done, moved: (before: Stats, after: Stats) => void): Done {
  const file = openShared(path)
  if (file === undefined) return change()
  try {
    const before = fstatSync(file)
    const done = change()
    moved(before, fstatSync(file))
    return done
  } finally {
    closeSync(file)
  }
}

/** Opens a file that has several names; Windows does not let an open file be replaced. */
function openShared(path: string): number | undefined {
  const there = process.platform === 'win32' ? undefined : lstatSync(path, { throwIfNoEntry: false })
  if (there?.isFile() !== true || there.nlink < 2) return undefined
  try {
    return openSync(path, 'r')
  } catch {
    return undefined
  }
}

/** The digest of a file; of one that is larger than any zip of the kit, a digest that no zip has. */
export function digestAt(path: string): string {
  return sha256(readUpTo(path, BUNDLE_LIMITS.bytes))
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
