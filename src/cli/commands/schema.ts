import { profileJsonSchema } from '../../core/schema.ts'
import type { World } from '../../io/world.ts'
import { TARGETS } from '../../targets/index.ts'
import type { ExitCode } from '../exit.ts'

/** Prints the JSON Schema of a profile. */
export function printSchema(world: World): ExitCode {
  world.out(`${JSON.stringify(profileJsonSchema(TARGETS), null, 2)}\n`)
  return 0
}
