import { formatDuration } from '../../core/duration.ts'
import { configurableText, MIDDLEBOXES } from '../../core/middlebox.ts'
import { POLICIES, POLICY_FIELDS, type PolicyRule } from '../../core/policy.ts'
import { valueText } from '../../core/profile.ts'
import { boundsText } from '../../core/sourced.ts'
import type { World } from '../../io/world.ts'
import { programKit } from '../../app/kit.ts'
import { presetList, targetList } from '../../kit/lists.ts'
import { TARGETS } from '../../targets/index.ts'
import type { ExitCode } from '../exit.ts'
import type { CommonOptions } from '../options.ts'
import { reportJson } from '../report/report.ts'
import { aligned } from '../../core/table.ts'

/** The systems that the kit knows, with what it writes for each. */
export function listTargets(world: World, { format }: CommonOptions): ExitCode {
  const targets = targetList(TARGETS)
  if (format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics: [], targets })
  else world.out(lines(targets.map(({ id, aliases, systems }) => [[id, ...aliases].join(', '), systems])))
  return 0
}

/** The profiles that ship with the kit. */
export function listPresets(world: World, { format }: CommonOptions): ExitCode {
  const presets = presetList(programKit()).map(({ preset, title, targets }) => ({ preset, title, targets }))
  if (format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics: [], presets })
  else world.out(lines(presets.map(({ preset, title }) => [preset, title])))
  return 0
}

/** The policies that `explain --policy` knows: one line for each rule. */
export function listPolicies(world: World, { format }: CommonOptions): ExitCode {
  const policies = [...POLICIES.values()]
  if (format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics: [], policies })
  else
    world.out(
      lines(
        policies.flatMap(({ name, title, rules }) =>
          rules.map(({ targets, wants, source }) => [name, title, targets.join(', '), wantsText(wants), source.url]),
        ),
      ),
    )
  return 0
}

function wantsText(wants: PolicyRule['wants']): string {
  return POLICY_FIELDS.flatMap((field) => {
    const bounds = wants[field]
    return bounds === undefined ? [] : [`${field} ${boundsText(bounds, (value) => String(valueText(field, value)))}`]
  }).join(', ')
}

/** What forgets idle connections: one line for each. */
export function listMiddleboxes(world: World, { format }: CommonOptions): ExitCode {
  const middleboxes = [...MIDDLEBOXES.values()]
  if (format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics: [], middleboxes })
  else
    world.out(
      lines(
        middleboxes.map((one) => [
          one.name,
          one.title,
          formatDuration(one.idleLimit),
          configurableText(one),
          one.source.url,
        ]),
      ),
    )
  return 0
}

function lines(rows: readonly (readonly string[])[]): string {
  return `${aligned(rows).join('\n')}\n`
}
