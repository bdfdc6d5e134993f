import { escapeInvisible, some } from '../../core/words.ts'
import { changeTexts, consequences } from './consequences.ts'
import type { Difference, Group } from './difference.ts'
import { differenceSummary, groupHeading } from './difference-text.ts'
import type { FileGroup } from './file-changes.ts'

/** GitHub refuses a comment of 65 536 characters; GitLab and others take more. */
const MOST = 65_000
/** The characters reserved for the sentence that reports omissions. */
const RESERVE = 300
const NAMES_SHOWN = 200

/** A difference as a comment on a change: short enough for forges, with a note about omitted changes. */
export function differenceMarkdown(
  found: Difference,
  files: readonly FileGroup[],
  { before, after }: { readonly before: string; readonly after: string },
): string {
  const head = `**${code(before)} → ${code(after)}**: ${differenceSummary(found, files)}\n`
  const parts = [...found.groups.map(groupPart), ...files.map(filesPart)]
  let text = head
  for (const [index, part] of parts.entries()) {
    if (text.length + part.length > MOST - RESERVE) return `${text}\n${leftOut(parts.length - index)}`
    text += `\n${part}`
  }
  return text
}

function leftOut(parts: number): string {
  return `_${parts} more ${parts === 1 ? 'change is' : 'changes are'} left out here; \`--format text\`, \`json\` and \`html\` have all of them._\n`
}

function groupPart(group: Group): string {
  const rows = group.changes.map(
    (change) => `| ${code(change.setting.key)} | ${changeTexts(group, change).join(' | ')} |`,
  )
  const table = rows.length === 0 ? [] : ['| setting | before | after |', '| --- | --- | --- |', ...rows, '']
  const lines = [
    `### ${groupHeading(group, plain)}`,
    '',
    ...table,
    ...consequences(group).map((sentence) => `- ${sentence}`),
    ...nameList(group.profiles),
  ]
  return `${lines.join('\n')}\n`
}

function filesPart({ profiles, files }: FileGroup): string {
  const lines = files.map(({ path, how }) => `- ${code(path)}: ${plain(how.join('; '))}`)
  return `${[`### Files of ${some(profiles.map(plain))}`, '', ...lines, ...nameList(profiles)].join('\n')}\n`
}

/** All names of a group, folded away. */
function nameList(profiles: readonly string[]): readonly string[] {
  if (profiles.length <= 3) return []
  const more = profiles.length - NAMES_SHOWN
  const names = profiles.slice(0, NAMES_SHOWN).map(plain).join(', ')
  return [
    '',
    `<details><summary>${profiles.length} profiles</summary>`,
    '',
    more > 0 ? `${names} and ${more} more` : names,
    '',
    '</details>',
  ]
}

/** Inline code that its text cannot end; invisible characters are made visible. */
function code(text: string): string {
  const visible = escapeInvisible(text)
  const longest = Math.max(0, ...(visible.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? `\`${visible}\`` : `${fence} ${visible} ${fence}`
}

/** Plain text without markup, whoever wrote it. */
function plain(text: string): string {
  return escapeInvisible(text).replaceAll(/[\\`*_<>[\]~&#|@]/g, (character) => `&#${character.charCodeAt(0)};`)
}
