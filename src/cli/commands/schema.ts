import { profileJsonSchema } from '../../core/schema.ts'
import { TARGETS } from '../../targets/index.ts'
import type { Outcome } from '../outcome.ts'

/** Prints the JSON Schema of a profile. */
export function printSchema(): Outcome {
  return { diagnostics: [], document: `${JSON.stringify(profileJsonSchema(TARGETS), null, 2)}\n` }
}
