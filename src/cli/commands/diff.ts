import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { loadTemplates } from '../../io/assets.ts'
import { changeTexts, consequences } from '../../review/compare/consequences.ts'
import { differenceData } from '../../review/compare/difference-data.ts'
import { differenceMarkdown } from '../../review/compare/difference-markdown.ts'
import { differencePage } from '../../review/page/page.ts'
import { differenceSummary, differenceText, filesText, groupHeading } from '../../review/compare/difference-text.ts'
import { targetFiles, unifiedPatch, type Outputs } from '../../review/compare/file-changes.ts'
import { pageDifference } from '../../review/page/page-difference.ts'
import { compare, isUnread, type Comparison } from '../../app/compare.ts'
import { UsageError } from '../exit.ts'
import { targetIds } from '../../app/load.ts'
import { STDIO, type CommonOptions, type Format } from '../options.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

export interface DiffOptions extends Omit<CommonOptions, 'format'> {
  readonly a: string
  readonly b: string
  readonly target: readonly string[]
  readonly format: Format | 'markdown' | 'html' | 'unified' | 'sarif'
}

/** Says what changes from one side to the other, in meaning: exit 1 when something does. */
export async function diff(world: CommandWorld, options: DiffOptions): Promise<Outcome> {
  if (options.a === STDIO && options.b === STDIO) throw new UsageError('only one side can be standard input')
  const targets = targetIds(options.target)
  if (!targets.ok) return { diagnostics: targets.diagnostics }
  const found = await compare(world, [options.a, options.b], targets.value)
  if (!('difference' in found)) return { ...found, exit: found.diagnostics.some(({ code }) => isUnread(code)) ? 2 : 1 }
  const exit = found.difference.groups.length + found.files.length > 0 ? 1 : 0
  return { diagnostics: found.diagnostics, exit, ...answer(found, options.format, targets.value) }
}

/** The part of the outcome that depends on the format. */
function answer(found: Comparison, format: DiffOptions['format'], targets: readonly string[]): Partial<Outcome> {
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
      return { document: patch(found, targets) }
    case 'github':
    case 'sarif':
      return { diagnostics: [...found.diagnostics, ...difference.groups.map(annotation)] }
    default:
      return {
        text: () => [differenceText(difference), filesText(files)].filter((text) => text !== '').join('\n'),
        notes: () => `${differenceSummary(difference, files)}\n`,
      }
  }
}

function patch({ before, after }: Comparison, targets: readonly string[]): string {
  for (const { label, outputs } of [before, after])
    if (outputs === undefined)
      throw new UsageError(
        `--format unified compares files, and ${label} has none; give profiles, folders or zips of the kit`,
      )
  const [old, now] = samelyNamed(before.outputs?.() ?? new Map(), after.outputs?.() ?? new Map())
  return unifiedPatch(...targetFiles(old, now, targets))
}

/** Where each side has one output, these are compared whatever they are called, as their settings are. */
function samelyNamed(before: Outputs, after: Outputs): readonly [Outputs, Outputs] {
  const [old, now] = [[...before][0], [...after][0]]
  const single = before.size === 1 && after.size === 1 && old !== undefined && now !== undefined
  return single ? [new Map([[now[0], old[1]]]), after] : [before, after]
}

function annotation(group: Comparison['difference']['groups'][number]): Diagnostic {
  const changes = group.changes.map((change) => `${change.setting.key}: ${changeTexts(group, change).join(' -> ')}.`)
  const text = [`${groupHeading(group)}.`, ...changes, ...consequences(group)].join(' ')
  return problem('diff/changed', { text }, { severity: 'warning' })
}
