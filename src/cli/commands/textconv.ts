import { fileText } from '../../app/textconv.ts'
import type { TextconvOptions } from '../definitions/review.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/** Prints a file as text in UTF-8 with LF, whatever its encoding: git compares that where it is told to. */
export async function textconv(world: CommandWorld, { file }: TextconvOptions): Promise<Outcome> {
  const text = await fileText(world, file)
  return text.ok ? { diagnostics: [], document: text.value } : { diagnostics: text.diagnostics }
}
