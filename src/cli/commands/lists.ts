import { formatDuration } from '../../core/duration.ts'
import { configurableText, MIDDLEBOXES } from '../../core/middlebox.ts'
import { POLICIES, POLICY_FIELDS, type PolicyRule } from '../../core/policy.ts'
import { valueText } from '../../core/profile.ts'
import { boundsText } from '../../core/sourced.ts'
import { aligned } from '../../core/table.ts'
import { loadPresets } from '../../io/assets.ts'
import { presetList, targetList } from '../../kit/lists.ts'
import { TARGETS } from '../../targets/index.ts'
import type { Outcome } from '../outcome.ts'

/** The systems that the kit knows, with the files that it writes for each. */
export function listTargets(): Outcome {
  const targets = targetList(TARGETS)
  return {
    diagnostics: [],
    text: () => lines(targets.map(({ id, aliases, systems }) => [[id, ...aliases].join(', '), systems])),
    json: () => ({ targets }),
  }
}

/** The profiles that ship with the kit. */
export function listPresets(): Outcome {
  const presets = presetList(TARGETS, loadPresets()).map(({ preset, title, targets }) => ({ preset, title, targets }))
  return {
    diagnostics: [],
    text: () => lines(presets.map(({ preset, title }) => [preset, title])),
    json: () => ({ presets }),
  }
}

/** The policies for `explain --policy`, with one line for each rule. */
export function listPolicies(): Outcome {
  const policies = [...POLICIES.values()]
  const rows = () =>
    policies.flatMap(({ name, title, rules }) =>
      rules.map(({ targets, wants, source }) => [name, title, targets.join(', '), wantsText(wants), source.url]),
    )
  return { diagnostics: [], text: () => lines(rows()), json: () => ({ policies }) }
}

function wantsText(wants: PolicyRule['wants']): string {
  return POLICY_FIELDS.flatMap((field) => {
    const bounds = wants[field]
    return bounds === undefined ? [] : [`${field} ${boundsText(bounds, (value) => String(valueText(field, value)))}`]
  }).join(', ')
}

/** The middleboxes that drop idle connections, one line for each. */
export function listMiddleboxes(): Outcome {
  const middleboxes = [...MIDDLEBOXES.values()]
  const rows = () =>
    middleboxes.map((one) => [
      one.name,
      one.title,
      formatDuration(one.idleLimit),
      configurableText(one),
      one.source.url,
    ])
  return { diagnostics: [], text: () => lines(rows()), json: () => ({ middleboxes }) }
}

function lines(rows: readonly (readonly string[])[]): string {
  return `${aligned(rows).join('\n')}\n`
}
