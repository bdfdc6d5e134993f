import type { Diagnostic } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { STDIO, type World } from '../io/world.ts'
import { targetIds as idsOf } from '../core/target-words.ts'
import { check, type Checked, type Input } from '../source/check.ts'
import { MAX_BYTES } from '../source/document.ts'
import { TARGETS } from '../targets/index.ts'
import { withBases } from './bases.ts'
import { readProfileFile } from './profile-file.ts'
import { usage } from './usage.ts'

/** Profiles to read, and how strictly. */
export interface ProfileRequest {
  /** Files, `preset:NAME`, or standard input. */
  readonly profiles: readonly string[]
  /** Names of targets; empty for each profile's own. */
  readonly target: readonly string[]
  /** Warnings count as errors. */
  readonly strict: boolean
}

export interface Loaded {
  /** The profiles without an error. */
  readonly checked: readonly Checked[]
  /** With an error among them, not every profile of the request is in `checked`. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads and checks every profile of a request. */
export async function load(world: World, request: ProfileRequest): Promise<Loaded> {
  const targets = targetIds(request.target)
  if (!targets.ok) return { checked: [], diagnostics: targets.diagnostics }
  const inputs: Input[] = []
  const missing: Diagnostic[] = []
  for (const argument of new Set(request.profiles)) {
    const found = await readInput(world, argument)
    if (found.ok) inputs.push(found.value)
    else missing.push(...found.diagnostics)
  }
  const { checked, diagnostics } = check(TARGETS, inputs, { targets: targets.value, strict: request.strict })
  return { checked, diagnostics: [...missing, ...diagnostics] }
}

/** Reads a profile's file, a preset or standard input, with all that it extends; a failure says why it cannot. */
export async function readInput(world: World, argument: string): Promise<Result<Input>> {
  if (argument === STDIO)
    return success(withBases(world.cwd, { file: STDIO, source: await world.readStdin(MAX_BYTES + 1) }))
  const found = readProfileFile(world.cwd, argument)
  return found.ok ? success(withBases(world.cwd, found.value)) : found
}

/** The ids of targets by their names or aliases; an unknown name is wrong usage. */
export function targetIds(names: readonly string[]): Result<readonly string[]> {
  const ids = idsOf(TARGETS, names)
  return ids.ok ? ids : failure(...ids.diagnostics.map(({ message }) => usage(message)))
}
