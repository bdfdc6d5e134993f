import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { readUpTo } from './outputs.ts'

/** Files of a machine's tree that set sysctls at its start. */
export const SETS_SYSCTLS = /(?:^|\/)(?:sysctl\.conf(?:\.local)?|sysctl\.d\/[^/]+\.conf)$/
/** A file of settings is a page of text. */
const MOST_BYTES = 1024 * 1024
const DEEPEST = 12

/**
 * The sysctl files in a copy of a machine's tree, by path below it with `/`. A link counts where it leads to a file of the
 * same tree: one to /etc/sysctl.conf would be read from the machine that the kit runs on.
 */
export function readEtcTree(folder: string): ReadonlyMap<string, Uint8Array> {
  const root = realpathSync(folder)
  const found = new Map<string, Uint8Array>()
  const walk = (below: string, depth: number): void => {
    for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory() && depth < DEEPEST) walk(path, depth + 1)
      else if (SETS_SYSCTLS.test(path) && isInside(root, join(root, path)))
        found.set(path, readUpTo(join(root, path), MOST_BYTES))
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
