import { loadTemplates } from '../../io/assets.ts'
import type { CompletionOptions } from '../definitions/reference.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/** Prints the completion script of a shell; the script asks the program for the words. */
export function printCompletion(_world: CommandWorld, { shell }: CompletionOptions): Outcome {
  return { diagnostics: [], document: loadTemplates()(`completion/${shell}`, {}) }
}
