import { attributeLines, writeAttributes } from '../../app/git-setup.ts'
import { isError } from '../../core/diagnostic.ts'
import { TRADES } from '../../kit/gitattributes.ts'
import type { GitSetupOptions } from '../definitions/review.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/** Prints or writes the lines that make .reg files reviewable, and names the cost of each way. */
export function gitSetup(world: CommandWorld, { way, out, write }: GitSetupOptions): Outcome {
  const lines = attributeLines(out, way)
  if (!lines.ok) return { diagnostics: lines.diagnostics }
  const trades = Object.entries(TRADES).map(([name, trade]) => `--way ${name}: ${trade}\n`)
  if (!write) return { diagnostics: [], document: `${lines.value.join('\n')}\n`, notes: () => trades.join('') }
  const diagnostics = writeAttributes(world, lines.value)
  if (diagnostics.some(isError)) return { diagnostics }
  const next = diagnostics.length === 0 ? 'next: git add --renormalize . and look at git status\n' : ''
  return { diagnostics, document: '.gitattributes\n', notes: () => [next, ...trades].join('') }
}
