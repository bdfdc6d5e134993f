import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

// The only way to write. A file or a folder is made at a name beside its own, flushed, and renamed: whatever stops the run, a
// reader sees the old one or the new one, whole. `recover` in tree.ts finishes what such runs leave.

/** The temporary name beside a path; no profile can have it, since these begin with a letter. It names its process. */
export function beside(path: string, what: 'new' | 'old'): string {
  return join(dirname(path), `.${basename(path)}.keepalive-kit-${what}-${process.pid}`)
}

/**
 * Has `make` make a file at the name beside `path`, and flush it; then it takes the place of the file at `path`. If anything
 * fails, the old file stays, and the error names `path`.
 */
export function replaceBy<Made>(path: string, make: (fresh: string) => Made): Made {
  removeLeftover(beside(path, 'new'))
  return placeFresh(path, make)
}

/** The same if the file at the name beside `path` was begun before, and `make` finishes it. */
export function placeFresh<Made>(path: string, make: (fresh: string) => Made): Made {
  const fresh = beside(path, 'new')
  try {
    const made = make(fresh)
    renameSync(fresh, path)
    return made
  } catch (error) {
    rmSync(fresh, { force: true })
    throw saidOf(path, error)
  }
}

/** A killed process may have had the same number: in a container, most have a low one. */
function removeLeftover(fresh: string): void {
  rmSync(fresh, { recursive: true, force: true })
}

/** Replaces a file by these bytes, with this mode; returns its new state. */
export function replaceFile(path: string, bytes: Uint8Array, mode = 0o644): Stats {
  const written = replaceBy(path, (fresh) => writeFlushed(fresh, [bytes], mode))
  // It got another time of change with its name.
  const now = lstatSync(path, { throwIfNoEntry: false })
  return now?.ino === written.ino && now.size === written.size && now.mtimeMs === written.mtimeMs ? now : written
}

/**
 * Replaces a folder by one that `fill` fills at the name beside it, with files that are flushed. If the machine stops between
 * the two renames, `recover` puts the old one back.
 */
export function replaceFolder(folder: string, fill: (fresh: string) => void): void {
  makeFolder(dirname(folder))
  const [fresh, old] = [beside(folder, 'new'), beside(folder, 'old')]
  removeLeftover(fresh)
  try {
    mkdirSync(fresh)
    fill(fresh)
    if (existsSync(folder)) renameSync(folder, old)
    renameSync(fresh, folder)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(folder) && existsSync(old)) renameSync(old, folder)
    throw error
  }
  rmSync(old, { recursive: true, force: true })
}

/** Makes a file that must not exist yet, so that no reader sees it without its bytes; returns whether it was made. */
export function createFile(path: string, bytes: Uint8Array): boolean {
  const fresh = beside(path, 'new')
  removeLeftover(fresh)
  try {
    writeFlushed(fresh, [bytes], 0o644)
    return linked(fresh, path) || (!existsSync(path) && createUnlinked(path, bytes))
  } catch (error) {
    throw saidOf(path, error)
  } finally {
    rmSync(fresh, { force: true })
  }
}

/** The same on a file system without links: a reader may see an empty file for a moment. */
function createUnlinked(path: string, bytes: Uint8Array): boolean {
  try {
    writeFlushed(path, [bytes], 0o644)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    rmSync(path, { force: true })
    throw error
  }
}

/**
 * Gives a file a second name, so that a reader of that name sees the old file or the new one: as a link to the same bytes
 * or, where the file system has none or no more of them, as a copy.
 */
export function shareFile(from: string, to: string): void {
  if (linked(from, to)) return
  replaceBy(to, (fresh) => {
    if (!linked(from, fresh)) copyFlushed(from, fresh)
  })
}

/** Puts a copy of a file into a place, also into its own, where it may have been shared. */
export function placeCopy(from: string, to: string): void {
  replaceBy(to, (fresh) => copyFlushed(from, fresh))
}

/** Writes and flushes a new file, with its folder, and with this mode for any umask; returns its state. */
export function writeFlushed(path: string, chunks: Iterable<Uint8Array>, mode: number): Stats {
  const file = openNew(path, mode)
  try {
    for (const chunk of chunks) for (let done = 0; done < chunk.length;) done += writeSync(file, chunk, done)
    const written = fstatSync(file)
    if ((written.mode & 0o777) !== mode) setMode(file, mode)
    fsyncSync(file)
    return written
  } finally {
    closeSync(file)
  }
}

/** Sets the mode where the file system has modes: FAT refuses those that it does not have. */
function setMode(file: number, mode: number): void {
  try {
    fchmodSync(file, mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
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

/** Makes a folder with those above it. Not `mkdir` with `recursive`: Node 20 never ends below a folder such as /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    if (!existsSync(path)) throw error
  }
}

function copyFlushed(from: string, to: string): void {
  // Where the file system can, the copy takes no room until one of the two is changed.
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
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

/**
 * An error of the system, as of the file that a person knows: it names the one beside it, or none where an open one is
 * written. A folder that cannot be made keeps its own name.
 */
export function saidOf(path: string, error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error) || error.syscall === 'mkdir') return error
  return Object.assign(error, { path, dest: undefined })
}
