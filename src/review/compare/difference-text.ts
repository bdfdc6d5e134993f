import { escapeInvisible, some } from '../../core/words.ts'
import { changeTexts, consequences } from './consequences.ts'
import type { Difference, Group } from './difference.ts'
import type { FileGroup } from './file-changes.ts'

/** The most names in a heading; the rest are counted. */
const NAMED = 3

/** A difference for a terminal: one paragraph for each group. */
export function differenceText(found: Difference): string {
  return found.groups.map((group) => groupText(group, changeColumns(group))).join('\n')
}

/** The same for a drift: `before` is wanted, `after` is found, and each setting says which is which. */
export function driftText(found: Difference): string {
  return found.groups.map((group) => groupText(group, driftLines(group))).join('\n')
}

function groupText(group: Group, changes: readonly string[]): string {
  const lines = [`${groupHeading(group)}:`, ...changes, ...consequences(group).map((sentence) => `  ${sentence}`)]
  return `${lines.join('\n')}\n`
}

/**
 * Changed files, shown after the settings: first the changed permissions of scripts, then the extent of changed text.
 */
export function filesText(groups: readonly FileGroup[]): string {
  return groups
    .map(({ profiles, files }) => {
      const lines = files.flatMap(({ path, how }) =>
        how.map((sentence) => `  ${escapeInvisible(`${path}: ${sentence}`)}`),
      )
      return `${[`files of ${escapeInvisible(some(profiles))}:`, ...lines].join('\n')}\n`
    })
    .join('\n')
}

function changeColumns(group: Group): readonly string[] {
  const widest = Math.max(0, ...group.changes.map(({ setting }) => setting.key.length))
  return group.changes.map(
    (change) => `  ${change.setting.key.padEnd(widest)}  ${changeTexts(group, change).join(' -> ')}`,
  )
}

function driftLines(group: Group): readonly string[] {
  return group.changes.map((change) => {
    const [wanted, found] = changeTexts(group, change)
    return `  ${change.setting.key}: wanted ${wanted}, found ${found}`
  })
}

/**
 * `packaging-line-4 on windows`, `9812 profiles on linux (line-1, line-2, line-3 and 9809 more)`, with `new` and the
 * like.
 */
export function groupHeading(
  { profiles, target, kind }: Group,
  nameText: (name: string) => string = escapeInvisible,
): string {
  const names = some(profiles.map(nameText))
  const who = profiles.length <= NAMED ? names : `${profiles.length} profiles (${names})`
  const what = { changed: '', added: ', new', removed: ', no longer there', files: '' }[kind]
  return `${who} on ${target.id}${what}`
}

/** `3 kinds of change in 9812 pairs of profile and target; 188 the same`, for the end of a report. */
export function differenceSummary({ groups, same }: Difference, files: readonly FileGroup[]): string {
  const pairs = groups.reduce((sum, { profiles }) => sum + profiles.length, 0)
  if (groups.length === 0)
    return files.length === 0
      ? `no difference (${count(same, 'pair')} of profile and target compared)`
      : `no difference in what is set (${count(same, 'pair')} of profile and target compared), but files differ`
  return `${count(groups.length, 'kind')} of change in ${count(pairs, 'pair')} of profile and target; ${same} the same`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
