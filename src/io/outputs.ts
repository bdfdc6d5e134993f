import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  type Stats,
  existsSync,
  readFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { BUNDLE_LIMITS } from '../core/bundle.ts'
import type { FoundFile } from '../core/plan.ts'

/** A path that looks like an output of the kit: a tree, or a file, which is taken for a zip. */
export interface OutputPath {
  readonly kind: 'folder' | 'file'
  readonly path: string
}

/** The files of a folder; with `tooLarge`, not all of them. */
export interface Folder {
  /** By path below the folder, with `/`. */
  readonly files: ReadonlyMap<string, FoundFile>
  /** Paths of links and devices, which are neither a file nor a folder. Links are not followed. */
  readonly odd: readonly string[]
  readonly tooLarge: boolean
}

/** Files that lie at the top of every output. */
const MARKS = ['manifest.json', 'SHA256SUMS', 'profile.yaml']

/**
 * The outputs that a path stands for: itself, or what lies in it when it is a folder of outputs. None of them when it is
 * another folder; `undefined` when nothing is there. `denied` hears of each folder in it that cannot be read.
 */
export function findOutputs(
  path: string,
  denied: (error: unknown) => void = rethrow,
): readonly OutputPath[] | undefined {
  const there = statOf(path)
  if (there === undefined) return undefined
  if (!there.isDirectory()) return [{ kind: 'file', path }]
  // One mark is not enough: web pages have a manifest.json, and a folder of outputs may hold a profile.yaml.
  if (marks(path) > 1) return [{ kind: 'folder', path }]
  const inside = readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): OutputPath[] => {
      const below = join(path, entry.name)
      if (entry.isDirectory()) return isOutput(below, denied) ? [{ kind: 'folder', path: below }] : []
      return entry.isFile() && entry.name.toLowerCase().endsWith('.zip') ? [{ kind: 'file', path: below }] : []
    })
  return inside.length === 0 && marks(path) > 0 ? [{ kind: 'folder', path }] : inside
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

function rethrow(error: unknown): void {
  throw error
}

function isOutput(folder: string, denied: (error: unknown) => void): boolean {
  try {
    return marks(folder) > 1
  } catch (error) {
    denied(error)
    return false
  }
}

function marks(folder: string): number {
  return MARKS.filter((name) => lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined).length
}

/** Reads a whole folder, unless it is larger than any output can be. */
export function readFolder(folder: string): Folder {
  return walkFolder(folder, readFound)
}

/** The same without the content of any file. */
export function listFolder(folder: string): Folder {
  return walkFolder(folder, () => ({ bytes: new Uint8Array() }))
}

function walkFolder(folder: string, found: (path: string, most: number) => FoundFile): Folder {
  const files = new Map<string, FoundFile>()
  const odd: string[] = []
  let left = BUNDLE_LIMITS.bytes
  const folders = ['']
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (entry.isDirectory()) folders.push(path)
      else if (!entry.isFile()) odd.push(path)
      else {
        const file = found(join(folder, path), left)
        left -= file.bytes.length
        files.set(path, file)
      }
      if (left < 0 || files.size + odd.length + folders.length > BUNDLE_LIMITS.files)
        return { files, odd, tooLarge: true }
    }
  }
  return { files, odd, tooLarge: false }
}

function readFound(path: string, most: number): FoundFile {
  // A file cannot be opened by a name that is not UTF-8; the kit wrote none, whatever it holds.
  if (path.includes('\ufffd') && lstatSync(path, { throwIfNoEntry: false }) === undefined)
    return { bytes: Buffer.alloc(0) }
  const bytes = readUpTo(path, most)
  return process.platform === 'win32' ? { bytes } : { bytes, mode: lstatSync(path).mode & 0o7777 }
}

/** A pipe that a shell opened for this process, as in `<(command)`. */
const OPENED = /^\/(?:dev|proc\/self)\/(?:fd\/\d+|stdin)$/

/** Opens a file; of a pipe or a device, reading may never end. */
function openToRead(path: string | Buffer): number {
  const there = statSync(path)
  if (!there.isFile() && !there.isDirectory() && !OPENED.test(String(path)))
    throw Object.assign(new Error('not a regular file'), { code: 'ENOTREG', path })
  return openSync(path, 'r')
}

/** The bytes of a file; if it has more than `most`, the first ones, and more than `most`. */
export function readUpTo(path: string | Buffer, most: number): Uint8Array {
  const file = openToRead(path)
  try {
    const chunks: Buffer[] = []
    let length = 0
    // One more than the file has, to see its end; a file that is not regular has size 0.
    let room = Math.max(Math.min(fstatSync(file).size, most) + 1, 64 * 1024)
    for (let read = -1; read !== 0 && length <= most; length += read, room = 64 * 1024) {
      const chunk = Buffer.allocUnsafe(room)
      read = readSync(file, chunk, 0, room, null)
      chunks.push(chunk.subarray(0, read))
    }
    return Buffer.concat(chunks)
  } finally {
    closeSync(file)
  }
}

/** The text of a small file; empty if there is no file. */
export function readTextIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** Tells whether a file was written again, or written to; `undefined` if there is no file. */
export function stampAt(path: string): Pick<Stats, 'size' | 'mtimeMs' | 'ino' | 'ctimeMs'> | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}

/** The kind of what is at a path, links followed. */
export function kindAt(path: string): 'folder' | 'file' | undefined {
  const there = statSync(path, { throwIfNoEntry: false })
  return there === undefined ? undefined : there.isDirectory() ? 'folder' : 'file'
}

/** The names in a folder; empty if there is no folder. */
export function namesIn(folder: string): readonly string[] {
  return kindAt(folder) === 'folder' ? readdirSync(folder) : []
}
