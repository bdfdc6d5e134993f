import type { Diagnostic } from '../core/diagnostic.ts'
import { success, type Result } from '../core/result.ts'
import { targetIds as idsOf } from '../kit/targets.ts'
import { check, type Checked, type Input } from '../source/check.ts'
import { MAX_BYTES } from '../source/document.ts'
import { TARGETS } from '../targets/index.ts'
import { withBases } from './bases.ts'
import { readProfileFile } from './profile-file.ts'
import { STDIO, type ProfileOptions } from '../cli/options.ts'
import type { World } from '../io/world.ts'
import { UsageError, type ExitCode } from '../cli/exit.ts'

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
    if (found.ok) inputs.push(found.value)
    else missing.push(...found.diagnostics)
  }
  const { checked, diagnostics } = check(TARGETS, inputs, { targets, strict: options.strict })
  const wrong = diagnostics.some(({ severity }) => severity === 'error')
  return { checked, diagnostics: [...missing, ...diagnostics], exitCode: missing.length > 0 ? 2 : wrong ? 1 : 0 }
}

/** A profile's file, a preset or standard input, with all that it extends; or why it cannot be read. */
export async function readInput(world: World, argument: string): Promise<Result<Input>> {
  if (argument === STDIO)
    return success(withBases(world.cwd, { file: STDIO, source: await world.readStdin(MAX_BYTES + 1) }))
  const found = readProfileFile(world.cwd, argument)
  return found.ok ? success(withBases(world.cwd, found.value)) : found
}

/** Ids for the names after `--target`; an unknown one is wrong usage. */
export function targetIds(names: readonly string[]): readonly string[] {
  const ids = idsOf(TARGETS, names)
  if (!ids.ok) throw new UsageError(ids.diagnostics.map(({ message }) => message).join('\n'))
  return ids.value
}
