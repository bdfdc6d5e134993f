import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { Artifact } from '../core/artifact.ts'
import type { FoundFile } from '../core/plan.ts'

/** What stands at a path that a run wants to write, if it is not of the kind that it would write there. */
export function inTheWay(path: string, wanted: 'file' | 'folder'): string | undefined {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there === undefined || (wanted === 'file' ? there.isFile() : there.isDirectory())) return undefined
  return whatStands(there)
}

/** What kind of thing that is, in words. */
export function whatStands(there: Stats): string {
  if (there.isSymbolicLink()) return 'a link'
  return there.isDirectory() ? 'a folder' : there.isFile() ? 'a file' : 'no regular file'
}

/** The bytes of a file; `undefined` where there is none. */
export function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The files below a folder, by path with `/`; what is no regular file has no bytes and mode 0, so that it differs from anything wanted. */
export function readTree(folder: string): ReadonlyMap<string, FoundFile> {
  if (!existsSync(folder)) return new Map()
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory())
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const found = entry.isFile()
        ? { bytes: readFileSync(path), ...modeOf(path) }
        : { bytes: Buffer.alloc(0), mode: 0 }
      return [relative(folder, path).split(sep).join('/'), found]
    }),
  )
}

function modeOf(path: string): { mode?: number } {
  return process.platform === 'win32' ? {} : { mode: lstatSync(path).mode & 0o777 }
}

/**
 * Puts a whole tree in place of what is there: it is written beside, flushed, and renamed, so that a reader sees the old
 * one or the new one. If the machine stops between the two renames, {@link recover} puts the old one back.
 */
export function replaceTree(folder: string, artifacts: readonly Artifact[]): void {
  makeFolder(dirname(folder))
  const [fresh, old] = [beside(folder, 'new'), beside(folder, 'old')]
  try {
    mkdirSync(fresh)
    for (const { path, bytes, mode } of artifacts) writeFlushed(join(fresh, path), bytes, mode)
    if (existsSync(folder)) renameSync(folder, old)
    renameSync(fresh, folder)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(folder) && existsSync(old)) renameSync(old, folder)
    throw error
  }
  rmSync(old, { recursive: true, force: true })
}

/** Writes one file so that a reader sees the old one or the new one; what it then is. */
export function replaceFile(path: string, bytes: Uint8Array): Stats {
  const fresh = beside(path, 'new')
  try {
    const written = writeFlushed(fresh, bytes, 0o644)
    renameSync(fresh, path)
    return written
  } catch (error) {
    rmSync(fresh, { force: true })
    throw saidOf(path, error)
  }
}

/**
 * What the system said, as of the file that a person knows: it names the one beside it, or none where an open one is
 * written. A folder that cannot be made keeps its own name.
 */
export function saidOf(path: string, error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error) || error.syscall === 'mkdir') return error
  return Object.assign(error, { path, dest: undefined })
}

/**
 * Finishes what stopped runs left in a folder of trees and zips: an old tree comes back if no new one is there,
 * half-written ones go. Once before a run writes there, not once for each profile: it reads the whole folder, unless its
 * `names` are known. What is of another machine's run, on a folder that several share, is not `mine`: its number means
 * nothing here.
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

/** A name beside a path that no profile can have, since these begin with a letter; it says which process it is of. */
export function beside(path: string, what: 'new' | 'old'): string {
  return join(dirname(path), `.${basename(path)}.keepalive-kit-${what}-${process.pid}`)
}

/** Whether another process of that number is there. */
export function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Not `mkdir` with `recursive`, which Node 20 never ends below a folder that takes no folders, such as /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    if (!existsSync(path)) throw error
  }
}

function writeFlushed(path: string, bytes: Uint8Array, mode: number): Stats {
  const file = openNew(path, mode)
  try {
    writeFileSync(file, bytes)
    const written = fstatSync(file)
    // The umask of whoever runs this may have taken from it.
    if ((written.mode & 0o777) !== mode) fchmodSync(file, mode)
    fsyncSync(file)
    return written
  } finally {
    closeSync(file)
  }
}

/** Most folders are there: they are not looked for before each of a hundred thousand files. */
function openNew(path: string, mode: number): number {
  try {
    return openSync(path, 'wx', mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    makeFolder(dirname(path))
    return openSync(path, 'wx', mode)
  }
}
