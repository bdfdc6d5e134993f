import { dirname, isAbsolute, join, resolve } from 'node:path'
import { STDIO } from '../io/world.ts'
import { withBases as followed, type BaseFiles } from '../source/bases.ts'
import type { Input } from '../source/check.ts'
import type { Base } from '../source/extends.ts'
import { isPreset } from '../source/presets.ts'
import { readProfileFile } from './profile-file.ts'

/** A profile's file with all that it extends; relative paths begin in `cwd`. */
export function withBases(cwd: string, input: Base): Input {
  const files: BaseFiles = {
    nameOf: besides,
    identityOf: (file) => (isPreset(file) || file === STDIO ? file : resolve(cwd, file)),
    read: (file) => readProfileFile(cwd, file),
  }
  return followed(input, files)
}

/** A path in a file is relative to that file; a path in standard input is relative to the working folder. */
export function besides(file: string, base: string): string {
  if (isPreset(base) || isAbsolute(base) || file === STDIO || isPreset(file)) return base
  return join(dirname(file), base)
}
