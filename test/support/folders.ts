import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A folder's files with their bytes; hidden ones too. */
export const filesIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  )

/** What would change if one of them were written again. */
export const stampsIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => {
      const { ino, mtimeMs } = lstatSync(join(folder, name))
      return [name, `${ino} ${mtimeMs}`]
    }),
  )
