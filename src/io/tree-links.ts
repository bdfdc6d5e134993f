import { lstatSync, readlinkSync } from 'node:fs'

// Names of files on Unix are bytes. A path here is a string with one character for each byte, below the folder of the tree.

/** The folders of a machine in a tree: paths with `/` at the end, or empty. */
export interface MachineFolders {
  /** Its `/`; `undefined` if the tree has a copy of its /etc alone. */
  readonly top: string | undefined
  readonly etc: string
}

/** The end of a link. */
export type LinkEnd =
  /** A path of the tree without links. */
  | { readonly kind: 'there'; readonly at: string }
  /** /dev/null, which a copy of a machine need not have. */
  | { readonly kind: 'null' }
  | { readonly kind: 'missing'; readonly to: string }
  | { readonly kind: 'circle' }

/** The most links of one path that Linux follows; FreeBSD follows 32. */
const MOST_LINKS = 40

/** The path of a file for functions of `node:fs`; `root` is the tree's folder. */
export function rawPath(root: string, at: string): Buffer {
  return Buffer.from(at === '' ? root : `${root}/${at}`, 'latin1')
}

/** Follows the link at a path as its machine would, to which the tree is all that there is: no link leads out of it. */
export function followLink(root: string, link: string, { top, etc }: MachineFolders): LinkEnd {
  const floor = partsOf(top ?? '')
  const left = partsOf(link).toReversed()
  let done: string[] = []
  let links = 0
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (part === '..') {
      if (done.join('/') !== floor.join('/')) done.pop()
      continue
    }
    done.push(part)
    const target = targetOf(root, done.join('/'))
    if (target === 'no link') continue
    if (target === 'missing') return missing([...done, ...left.toReversed()], floor)
    links += 1
    if (links > MOST_LINKS) return { kind: 'circle' }
    const parts = partsOf(target.to)
    if (!target.to.startsWith('/')) done.pop()
    else if (top !== undefined) done = [...floor]
    else if (parts[0] === 'etc') [done] = [partsOf(etc), parts.shift()]
    else return missing(parts, floor)
    left.push(...parts.toReversed())
  }
  return isNull(done, floor) ? { kind: 'null' } : { kind: 'there', at: done.join('/') }
}

function missing(parts: readonly string[], floor: readonly string[]): LinkEnd {
  return isNull(parts, floor) ? { kind: 'null' } : { kind: 'missing', to: parts.join('/') }
}

function isNull(parts: readonly string[], floor: readonly string[]): boolean {
  return parts.join('/') === [...floor, 'dev', 'null'].join('/')
}

function targetOf(root: string, at: string): 'no link' | 'missing' | { readonly to: string } {
  try {
    const there = lstatSync(rawPath(root, at))
    return there.isSymbolicLink() ? { to: readlinkSync(rawPath(root, at), 'latin1') } : 'no link'
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(code)) return 'missing'
    throw error
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}
