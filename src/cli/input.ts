import { closeSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { findTarget, targetNames } from '../core/target.ts'
import { loadPresets } from '../effects/assets.ts'
import { check, type Checked, type Input } from '../pipeline.ts'
import { MAX_BYTES } from '../source/document.ts'
import { TARGETS } from '../targets/index.ts'
import { STDIO, type ProfileOptions } from './options.ts'
import type { World } from '../effects/world.ts'
import { UsageError, type ExitCode } from './exit.ts'

export const PRESET = 'preset:'

export interface Loaded {
  readonly checked: readonly Checked[]
  readonly diagnostics: readonly Diagnostic[]
  /** 0 when everything was found and is right. */
  readonly exitCode: ExitCode
}

/** Reads and checks every `PROFILE` of a command. */
export async function load(world: World, options: ProfileOptions): Promise<Loaded> {
  const targets = targetIds(options.target)
  const inputs: Input[] = []
  const missing: Diagnostic[] = []
  for (const argument of new Set(options.profiles)) {
    const found = await readInput(world, argument)
    if ('source' in found) inputs.push(found)
    else missing.push(found)
  }
  const { checked, diagnostics } = check(TARGETS, inputs, { targets, strict: options.strict })
  const wrong = diagnostics.some(({ severity }) => severity === 'error')
  return { checked, diagnostics: [...missing, ...diagnostics], exitCode: missing.length > 0 ? 2 : wrong ? 1 : 0 }
}

/** A profile's file, a preset or standard input; or why it cannot be read. */
export async function readInput(world: World, argument: string): Promise<Input | Diagnostic> {
  if (argument === STDIO) return { file: STDIO, source: await world.readStdin(MAX_BYTES + 1) }
  if (argument.startsWith(PRESET)) return presetInput(argument.slice(PRESET.length))
  if (argument === '') return problem('input/no-such-file', { file: argument })
  try {
    return { file: argument, source: readSome(resolve(world.cwd, argument)) }
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

function presetInput(name: string): Input | Diagnostic {
  const presets = loadPresets()
  const text = presets.get(name)
  if (text === undefined) return problem('input/no-such-preset', { preset: name, known: [...presets.keys()] })
  return { file: `${PRESET}${name}`, source: Buffer.from(text) }
}

/** Ids for the names after `--target`; an unknown one is wrong usage. */
export function targetIds(names: readonly string[]): readonly string[] {
  return names.map((name) => {
    const target = findTarget(TARGETS, name)
    if (target === undefined)
      throw new UsageError(problem('profile/unknown-target', { target: name, known: targetNames(TARGETS) }).message)
    return target.id
  })
}
