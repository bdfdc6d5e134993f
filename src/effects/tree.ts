import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  fchmodSync,
} from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { Artifact } from '../core/artifact.ts'
import type { Found } from '../core/plan.ts'

/**
 * The files below a folder, by path with `/`; what is no regular file has no bytes and mode 0, so that it differs from
 * anything wanted.
 */
export function readTree(folder: string): ReadonlyMap<string, Found> {
  const there = [folder, aside(folder).old].find((path) => existsSync(path))
  if (there === undefined) return new Map()
  const entries = readdirSync(there, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory())
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const found = entry.isFile()
        ? { bytes: readFileSync(path), ...modeOf(path) }
        : { bytes: Buffer.alloc(0), mode: 0 }
      return [relative(there, path).split(sep).join('/'), found]
    }),
  )
}

function modeOf(path: string): { mode?: number } {
  return process.platform === 'win32' ? {} : { mode: lstatSync(path).mode & 0o777 }
}

/**
 * Puts a whole tree in place of what is there: it is written beside, flushed, and renamed, so that a reader sees the old
 * one or the new one. If the machine stops between the two renames, {@link readTree} still finds the old one, and the next run puts it back.
 */
export function replaceTree(folder: string, artifacts: readonly Artifact[]): void {
  const { fresh, old } = aside(folder)
  mkdirSync(dirname(folder), { recursive: true })
  recover(folder)
  rmSync(fresh, { recursive: true, force: true })
  try {
    for (const { path, bytes, mode } of artifacts) writeFlushed(join(fresh, path), bytes, mode)
    if (existsSync(folder)) renameSync(folder, old)
    renameSync(fresh, folder)
  } catch (error) {
    recover(folder)
    rmSync(fresh, { recursive: true, force: true })
    throw error
  }
  rmSync(old, { recursive: true, force: true })
}

/** Finishes what an interrupted {@link replaceTree} left: the old tree comes back, or goes if the new one is there. */
function recover(folder: string): void {
  const { old } = aside(folder)
  if (!existsSync(old)) return
  if (existsSync(folder)) rmSync(old, { recursive: true, force: true })
  else renameSync(old, folder)
}

/** Names that no profile can have, since these begin with a letter. */
function aside(folder: string): { fresh: string; old: string } {
  const beside = (what: string) => join(dirname(folder), `.${basename(folder)}.keepalive-kit-${what}`)
  return { fresh: beside('new'), old: beside('old') }
}

function writeFlushed(path: string, bytes: Uint8Array, mode: number): void {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'wx', mode)
  try {
    writeFileSync(file, bytes)
    fchmodSync(file, mode)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Writes one file so that a reader sees the old one or the new one. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic')
  mkdirSync(dirname(path), { recursive: true })
  await writeFileAtomic(path, Buffer.from(bytes), { mode: 0o644 })
}
