import { changeTexts, consequences, timingOf } from '../compare/consequences.ts'
import type { Difference, Group } from '../compare/difference.ts'
import type { FileGroup } from '../compare/file-changes.ts'
import type { PageDifference, PageGroup } from './page.ts'

/** A difference in the words of a page. */
export function pageDifference(
  { before, after }: { readonly before: string; readonly after: string },
  { groups, untouched }: Difference,
  files: readonly FileGroup[],
): PageDifference {
  const filesOf = new Map(files.flatMap((one) => one.profiles.map((profile) => [profile, one.files] as const)))
  const all = [...groups.map((group) => pageGroup(group, filesOf)), ...otherFiles(groups, files)]
  return { before, after, groups: all, unchanged: untouched }
}

type FilesOf = ReadonlyMap<string, FileGroup['files']>

function pageGroup(group: Group, filesOf: FilesOf): PageGroup {
  const { target, kind, profiles, changes, before, after } = group
  return {
    devices: profiles,
    target: target.id,
    systems: target.systems,
    changes: changes.map((change) => {
      const [was, is] = changeTexts(group, change)
      return { key: change.setting.key, summary: change.setting.summary, before: was, after: is }
    }),
    consequences: consequences(group),
    // If only files differ, the two lines of a timeline would be the same.
    timeline: {
      ...(kind === 'added' || kind === 'files' ? {} : { before: timingOf(target, before) }),
      ...(kind === 'removed' || kind === 'files' ? {} : { after: timingOf(target, after) }),
    },
    files: filesOfGroup(group, filesOf),
  }
}

/** The changed files of a group's target; a file that did not change alike everywhere has a count of its devices. */
function filesOfGroup({ target, profiles }: Group, filesOf: FilesOf): PageGroup['files'] {
  const counts = new Map<string, { path: string; how: string; count: number }>()
  for (const { path, how } of profiles.flatMap((profile) => filesOf.get(profile) ?? [])) {
    if (targetOf(path) !== target.id) continue
    const key = JSON.stringify([path, how])
    const counted = counts.get(key)
    if (counted === undefined) counts.set(key, { path, how: how.join('; '), count: 1 })
    else counted.count += 1
  }
  return [...counts.values()].map(({ path, how, count }) => ({
    path,
    how: count === profiles.length ? how : `${how} (on ${count} of ${profiles.length})`,
  }))
}

function targetOf(path: string): string {
  return path.slice(0, Math.max(0, path.indexOf('/')))
}

/** Changed files outside every group: documentation and mode-only changes. */
function otherFiles(groups: readonly Group[], files: readonly FileGroup[]): readonly PageGroup[] {
  const shown = new Set(groups.flatMap(({ profiles, target }) => profiles.map((profile) => `${profile}/${target.id}`)))
  return files.flatMap(({ profiles, files: all }) => {
    const others = all.filter(({ path }) => !shown.has(`${profiles[0]}/${targetOf(path)}`))
    if (others.length === 0) return []
    return [
      {
        devices: profiles,
        target: 'every target',
        systems: 'files without settings',
        changes: [],
        consequences: ['These files do not change any setting.'],
        timeline: {},
        files: others.map(({ path, how }) => ({ path, how: how.join('; ') })),
      },
    ]
  })
}
