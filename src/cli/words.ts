import { POLICIES } from '../core/policy.ts'
import { targetNames } from '../core/target.ts'
import { loadPresets } from '../io/assets.ts'
import { TARGETS } from '../targets/index.ts'
import { PRESET } from '../source/presets.ts'

/** A command line that is still being typed, as yargs reads it. */
export interface Typed {
  readonly _: readonly string[]
  readonly target?: readonly string[]
  readonly policy?: readonly string[]
  readonly format?: string
  readonly out?: string
}

const TAKES_PROFILES = new Set(['validate', 'explain', 'generate', 'bundle'])

/** What may stand where the cursor is, as far as yargs does not know it. */
export function valueWords(current: string, { _: words, target, policy, format, out }: Typed): readonly string[] {
  if (target?.at(-1) === current) return targetNames(TARGETS)
  if (policy?.at(-1) === current) return [...POLICIES.keys()]
  const isValue = format === current || out === current
  return !isValue && words.some((word) => TAKES_PROFILES.has(word))
    ? [...loadPresets().keys()].map((name) => `${PRESET}${name}`)
    : []
}
