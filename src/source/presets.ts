import { utf8Bytes } from '../core/bytes.ts'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import type { Base } from './extends.ts'

/** The prefix of a preset's name in places that also take the path of a file. */
export const PRESET = 'preset:'

/** Whether a name is that of a preset, and not the path of a file. */
export function isPreset(name: string): boolean {
  return name.startsWith(PRESET)
}

/** `input/no-such-file`, with the preset that the path resembles: `beckhoff`, `presets/Beckhoff.yaml`, `Preset:beckhoff`. */
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
