import { loadTemplates } from '../../io/assets.ts'
import type { World } from '../../io/world.ts'
import type { ExitCode } from '../exit.ts'
import type { CompletionOptions } from '../definitions/reference.ts'

/** Prints the completion script of a shell; it asks the program itself for the words. */
export function printCompletion(world: World, { shell }: CompletionOptions): ExitCode {
  world.out(loadTemplates()(`completion/${shell}`, {}))
  return 0
}
