import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { readUpTo } from './outputs.ts'

/** The most that is read of a file of settings, which is a page of text. */
const MOST_BYTES = 1024 * 1024
const DEEPEST = 12

/**
 * The files of a copy of a machine's tree that are `wanted` by their paths below it with `/`. A link counts where it leads to a
 * file of the same tree: one to /etc/sysctl.conf would be read from the machine that the kit runs on.
 */
export function readEtcTree(folder: string, wanted: (path: string) => boolean): ReadonlyMap<string, Uint8Array> {
  const root = realpathSync(folder)
  const found = new Map<string, Uint8Array>()
  const walk = (below: string, depth: number): void => {
    for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory() && depth < DEEPEST) walk(path, depth + 1)
      else if (wanted(path) && isInside(root, join(root, path))) found.set(path, readUpTo(join(root, path), MOST_BYTES))
    }
  }
  walk('', 0)
  return found
}

function isInside(root: string, path: string): boolean {
  try {
    return realpathSync(path).startsWith(root + sep) && statSync(path).isFile()
  } catch {
    return false
  }
}
