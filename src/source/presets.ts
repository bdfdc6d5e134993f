import { utf8Bytes } from '../core/bytes.ts'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import type { Base } from './extends.ts'

/** What the name of a preset begins with, where a file could be named too. */
export const PRESET = 'preset:'

export function isPreset(name: string): boolean {
  return name.startsWith(PRESET)
}

/** `input/no-such-file`, with the preset that a file is called after: `beckhoff`, `presets/Beckhoff.yaml`, `Preset:beckhoff`. */
export function noSuchFile(presets: ReadonlyMap<string, string>, file: string): Diagnostic {
  const name = file
    .replace(/^.*[/\\:]/, '')
    .replace(/\.(?:ya?ml|json)$/i, '')
    .trim()
    .toLowerCase()
    .replace(/[ _]/g, '-')
  return problem('input/no-such-file', { file, ...(presets.has(name) ? { instead: `${PRESET}${name}` } : {}) })
}

/** The profile of `preset:NAME`, or `input/no-such-preset`. */
export function readPreset(presets: ReadonlyMap<string, string>, name: string): Result<Base> {
  const preset = name.slice(PRESET.length)
  const text = presets.get(preset)
  return text === undefined
    ? failure(problem('input/no-such-preset', { preset, known: [...presets.keys()] }))
    : success({ file: name, source: utf8Bytes(text) })
}
