import { compare } from '../../app/compare.ts'
import { programKit } from '../../app/kit.ts'
import { targetIds } from '../../app/load.ts'
import { usage } from '../../app/usage.ts'
import { aboutOf, problem, type Diagnostic } from '../../core/diagnostic.ts'
import { loadTemplates } from '../../io/assets.ts'
import type { Comparison } from '../../kit/compare.ts'
import { patchOf } from '../../kit/patch.ts'
import { changeTexts, consequences } from '../../review/compare/consequences.ts'
import { differenceData } from '../../review/compare/difference-data.ts'
import { differenceMarkdown } from '../../review/compare/difference-markdown.ts'
import { differenceSummary, differenceText, filesText, groupHeading } from '../../review/compare/difference-text.ts'
import { differencePage } from '../../review/page/page.ts'
import { pageDifference } from '../../review/page/page-difference.ts'
import type { DiffOptions } from '../definitions/review.ts'
import { STDIO } from '../../io/world.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/** Shows which settings change from one side to the other; exit 1 if any do. */
export async function diff(world: CommandWorld, options: DiffOptions): Promise<Outcome> {
  if (options.a === STDIO && options.b === STDIO) return { diagnostics: [usage('only one side can be standard input')] }
  const targets = targetIds(options.target)
  if (!targets.ok) return { diagnostics: targets.diagnostics }
  const found = await compare(world, programKit(), [options.a, options.b], targets.value)
  const { diagnostics } = found
  if (!found.ok) return { diagnostics, exit: diagnostics.some((one) => aboutOf(one) === 'usage') ? 2 : 1 }
  const exit = found.value.difference.groups.length + found.value.files.length > 0 ? 1 : 0
  return { diagnostics, exit, ...answer(found.value, diagnostics, options.format, targets.value) }
}

/** The part of the outcome that depends on the format. */
function answer(
  found: Comparison,
  diagnostics: readonly Diagnostic[],
  format: DiffOptions['format'],
  targets: readonly string[],
): Partial<Outcome> {
  const { difference, files } = found
  const labels = { before: found.before.label, after: found.after.label }
  switch (format) {
    case 'json':
      return { json: () => ({ differences: [{ ...labels, ...differenceData(difference), files }] }) }
    case 'markdown':
      return { document: differenceMarkdown(difference, files, labels) }
    case 'html':
      return { document: differencePage(loadTemplates(), pageDifference(labels, difference, files)) }
    case 'unified':
      return patch(found, targets)
    case 'github':
    case 'sarif':
      return { diagnostics: [...diagnostics, ...difference.groups.map(annotation)] }
    default:
      return {
        text: () => [differenceText(difference), filesText(files)].filter((text) => text !== '').join('\n'),
        notes: () => `${differenceSummary(difference, files)}\n`,
      }
  }
}

function patch(found: Comparison, targets: readonly string[]): Partial<Outcome> {
  const made = patchOf(found, targets)
  if (made.ok) return { document: made.value }
  return { diagnostics: made.diagnostics.map(({ message }) => usage(`--format unified: ${message}`)), exit: 2 }
}

function annotation(group: Comparison['difference']['groups'][number]): Diagnostic {
  const changes = group.changes.map((change) => `${change.setting.key}: ${changeTexts(group, change).join(' -> ')}.`)
  const text = [`${groupHeading(group)}.`, ...changes, ...consequences(group)].join(' ')
  return problem('diff/changed', { text })
}
