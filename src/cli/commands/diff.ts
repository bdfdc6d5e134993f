import { aboutOf, problem, type Diagnostic } from '../../core/diagnostic.ts'
import { loadTemplates, VERSION } from '../../io/assets.ts'
import type { World } from '../../io/world.ts'
import { changeTexts, consequences } from '../../review/compare/consequences.ts'
import { differenceData } from '../../review/compare/difference-data.ts'
import { differenceMarkdown } from '../../review/compare/difference-markdown.ts'
import { differencePage } from '../../review/page/page.ts'
import { differenceSummary, differenceText, filesText, groupHeading } from '../../review/compare/difference-text.ts'
import { pageDifference } from '../../review/page/page-difference.ts'
import { sarifText } from '../report/sarif.ts'
import { colorsFor } from '../report/color.ts'
import { compare } from '../../app/compare.ts'
import { programKit } from '../../app/kit.ts'
import type { Comparison } from '../../kit/compare.ts'
import { patchOf } from '../../kit/patch.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import { targetIds } from '../../app/load.ts'
import type { DiffOptions } from '../definitions/review.ts'
import { STDIO, type Format } from '../options.ts'
import { reportDiagnostics, reportJson } from '../report/report.ts'

/** Says what changes from one side to the other, in meaning: exit 1 when something does. */
export async function diff(world: World, options: DiffOptions): Promise<ExitCode> {
  if (options.a === STDIO && options.b === STDIO) throw new UsageError('only one side can be standard input')
  const found = await compare(world, programKit(), [options.a, options.b], targetIds(options.target))
  const format = messageFormat(options.format)
  const colors = colorsFor(world, { ...options, format })
  if (!found.ok) {
    if (format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics: found.diagnostics })
    if (options.format === 'sarif') world.out(sarifText(found.diagnostics, VERSION))
    else reportDiagnostics(world, found.diagnostics, format, colors)
    return found.diagnostics.some((one) => aboutOf(one) === 'usage') ? 2 : 1
  }
  const { difference, files } = found.value
  const differs = difference.groups.length + files.length > 0
  report(world, options, found.value, found.diagnostics)
  const annotated = options.format === 'github' || options.format === 'sarif'
  const said = [...found.diagnostics, ...(annotated ? difference.groups.map(annotation) : [])]
  if (options.format === 'sarif') world.out(sarifText(said, VERSION))
  else reportDiagnostics(world, said, format, colors)
  if (!options.quiet && options.format === 'text') world.err(`${differenceSummary(difference, files)}\n`)
  return differs ? 1 : 0
}

/** Around a document, messages are for people. */
function messageFormat(format: DiffOptions['format']): Format {
  return format === 'json' || format === 'github' ? format : 'text'
}

function report(
  world: World,
  { format, target }: DiffOptions,
  found: Comparison,
  diagnostics: readonly Diagnostic[],
): void {
  const { difference, files } = found
  const labels = { before: found.before.label, after: found.after.label }
  switch (format) {
    case 'json':
      return reportJson(world, {
        artifacts: [],
        bundles: [],
        diagnostics,
        differences: [{ ...labels, ...differenceData(difference), files }],
      })
    case 'markdown':
      return world.out(differenceMarkdown(difference, files, labels))
    case 'html':
      return world.out(differencePage(loadTemplates(), pageDifference(labels, difference, files)))
    case 'unified':
      return world.out(patch(found, targetIds(target)))
    case 'github':
    case 'sarif':
      return undefined
    case 'text':
      return world.out([differenceText(difference), filesText(files)].filter((text) => text !== '').join('\n'))
  }
}

function patch(found: Comparison, targets: readonly string[]): string {
  const made = patchOf(found, targets)
  if (!made.ok) throw new UsageError(`--format unified: ${made.diagnostics.map(({ message }) => message).join('\n')}`)
  return made.value
}

function annotation(group: Comparison['difference']['groups'][number]): Diagnostic {
  const changes = group.changes.map((change) => `${change.setting.key}: ${changeTexts(group, change).join(' -> ')}.`)
  const text = [`${groupHeading(group)}.`, ...changes, ...consequences(group)].join(' ')
  return problem('diff/changed', { text })
}
