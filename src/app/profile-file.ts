import { resolve } from 'node:path'
import { problem } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { loadPresets } from '../io/assets.ts'
import { readUpTo } from '../io/outputs.ts'
import { MAX_BYTES } from '../source/document.ts'
import type { Base } from '../source/extends.ts'
import { isPreset, noSuchFile, readPreset } from '../source/presets.ts'

/** Reads a profile's file or a preset; a failure says why it cannot. */
export function readProfileFile(cwd: string, argument: string): Result<Base> {
  if (isPreset(argument)) return readPreset(loadPresets(), argument)
  // No file has a name with NUL in it, and Node takes none.
  if (argument === '' || argument.includes('\0')) return failure(problem('input/no-such-file', { file: argument }))
  try {
    return success({ file: argument, source: readUpTo(resolve(cwd, argument), MAX_BYTES) })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return failure(noSuchFile(loadPresets(), argument))
    if (code === 'EISDIR') return failure(problem('input/folder', { file: argument }))
    throw error
  }
}
