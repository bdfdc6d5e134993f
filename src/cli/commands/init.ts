import { starterFor, writeStarter } from '../../app/starter.ts'
import { escapeInvisible } from '../../core/words.ts'
import type { InitOptions } from '../definitions/start.ts'
import { STDIO } from '../../io/world.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/** Writes or prints a starter profile, named after its file, with every key explained. It never overwrites a file. */
export function init(world: CommandWorld, { file }: InitOptions): Outcome {
  if (file === STDIO) return { diagnostics: [], document: starterFor(file).text }
  const written = writeStarter(world, file)
  if (!written.ok) return { diagnostics: written.diagnostics }
  const shown = escapeInvisible(file)
  return {
    diagnostics: [],
    text: () => `${shown}\n`,
    notes: () => `next: edit it, then run keepalive-kit validate ${shown.includes(' ') ? `"${shown}"` : shown}\n`,
    json: () => ({ profiles: [{ file, name: written.value.name }] }),
  }
}
