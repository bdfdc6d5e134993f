import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files of a folder with their bytes, including hidden ones. */
export const filesIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  )

/** Inode and time of each file: they change when the file is written again. */
export const stampsIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => {
      const { ino, mtimeMs } = lstatSync(join(folder, name))
      return [name, `${ino} ${mtimeMs}`]
    }),
  )
