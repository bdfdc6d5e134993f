import { changeTexts, consequences, timingOf } from './consequences.ts'
import type { Difference } from './difference.ts'
import type { FileGroup } from './file-changes.ts'
import type { PageDifference, PageGroup } from './page.ts'

/** A difference in the words of a page. */
export function pageDifference(
  { before, after }: { readonly before: string; readonly after: string },
  { groups, same }: Difference,
  files: readonly FileGroup[],
): PageDifference {
  return { before, after, groups: groups.map((group) => pageGroup(group, files)), unchanged: same }
}

function pageGroup(group: Difference['groups'][number], files: readonly FileGroup[]): PageGroup {
  const { target, kind, profiles, changes, before, after } = group
  const own = files.filter((one) => profiles.includes(String(one.profiles[0])))
  return {
    devices: profiles,
    target: target.id,
    systems: target.systems,
    changes: changes.map((change) => {
      const [was, is] = changeTexts(group, change)
      return { key: change.setting.key, summary: change.setting.summary, before: was, after: is }
    }),
    consequences: consequences(group),
    timeline: {
      ...(kind === 'added' ? {} : { before: timingOf(target, before) }),
      ...(kind === 'removed' ? {} : { after: timingOf(target, after) }),
    },
    files: own.flatMap((one) =>
      one.files
        .filter(({ path }) => path.startsWith(`${target.id}/`))
        .map(({ path, how }) => ({ path, how: how.join('; ') })),
    ),
  }
}
