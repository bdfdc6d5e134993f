import { fileText } from '../../app/textconv.ts'
import type { TextconvOptions } from '../definitions/review.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/** Prints a file of any encoding as text in UTF-8 with LF, which git compares if it is set up to. */
export async function textconv(world: CommandWorld, { file }: TextconvOptions): Promise<Outcome> {
  const text = await fileText(world, file)
  return text.ok ? { diagnostics: [], document: text.value } : { diagnostics: text.diagnostics }
}
