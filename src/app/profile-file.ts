import { closeSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { loadPresets } from '../io/assets.ts'
import { MAX_BYTES } from '../source/document.ts'
import type { Base } from '../source/extends.ts'

export const PRESET = 'preset:'

/** A profile's file or a preset; or why it cannot be read. */
export function readProfileFile(cwd: string, argument: string): Base | Diagnostic {
  if (argument.startsWith(PRESET)) return presetInput(argument.slice(PRESET.length))
  if (argument === '') return problem('input/no-such-file', { file: argument })
  try {
    return { file: argument, source: readSome(resolve(cwd, argument)) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return problem('input/no-such-file', { file: argument })
    if (code === 'EISDIR') return problem('input/folder', { file: argument })
    throw error
  }
}

/** A file as far as a profile may go, and one byte more, so that what is too large is seen to be. */
function readSome(path: string): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(MAX_BYTES + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null)
    return bytes.subarray(0, length)
  } finally {
    closeSync(file)
  }
}

function presetInput(name: string): Base | Diagnostic {
  const presets = loadPresets()
  const text = presets.get(name)
  if (text === undefined) return problem('input/no-such-preset', { preset: name, known: [...presets.keys()] })
  return { file: `${PRESET}${name}`, source: Buffer.from(text) }
}
