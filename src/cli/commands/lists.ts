import { formatDuration } from '../../core/duration.ts'
import { MIDDLEBOXES, type Middlebox } from '../../core/middlebox.ts'
import { POLICIES, POLICY_FIELDS, type PolicyRule } from '../../core/policy.ts'
import { valueText } from '../../core/profile.ts'
import type { Bounds } from '../../core/sourced.ts'
import { FIELDS, type Target } from '../../core/target.ts'
import { loadPresets } from '../../io/assets.ts'
import { readProfile } from '../../source/profile.ts'
import { TARGETS } from '../../targets/index.ts'
import { PRESET } from '../../app/profile-file.ts'
import type { Outcome } from '../outcome.ts'
import { aligned } from '../report/table.ts'

/** The systems that the kit knows, with what it writes for each. */
export function listTargets(): Outcome {
  const targets = [...TARGETS.values()]
  return {
    diagnostics: [],
    text: () => lines(targets.map(({ id, aliases, systems }) => [[id, ...aliases].join(', '), systems])),
    json: () => ({ targets: targets.map(targetRow) }),
  }
}

function targetRow({ id, aliases, systems, settings, options, outputs, activation }: Target): object {
  const fields = FIELDS.map((field) => ({ field, ...settings[field] }))
  return { id, aliases, systems, activation, settings: fields, options, artifacts: outputs.map(({ path }) => path) }
}

/** The profiles that ship with the kit. */
export function listPresets(): Outcome {
  const presets = [...loadPresets()].map(([name, text]) => {
    const { read } = readProfile(TARGETS, Buffer.from(text), `${PRESET}${name}`)
    return { preset: `${PRESET}${name}`, title: read?.profile.title ?? '', targets: read?.profile.targets ?? [] }
  })
  return {
    diagnostics: [],
    text: () => lines(presets.map(({ preset, title }) => [preset, title])),
    json: () => ({ presets }),
  }
}

/** The policies that `explain --policy` knows: one line for each rule. */
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

/** What forgets idle connections: one line for each. */
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

function configurableText({ configurable }: Middlebox): string {
  if (configurable === undefined) return ''
  if (typeof configurable === 'boolean') return configurable ? 'can be set' : 'fixed'
  return `can be set: ${boundsText(configurable, formatDuration)}`
}

/** `5min`, `15min to 30min`, `at most 5min`. */
function boundsText({ least, most }: Bounds, text: (value: number) => string): string {
  const [from, to] = [least, most].map((value) => (value === undefined ? undefined : text(value)))
  if (from === undefined || to === undefined) return from === undefined ? `at most ${to}` : `at least ${from}`
  return from === to ? from : `${from} to ${to}`
}

function lines(rows: readonly (readonly string[])[]): string {
  return `${aligned(rows).join('\n')}\n`
}
