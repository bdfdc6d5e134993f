import type { Profile } from './profile.ts'
import { defaultDetectionTime } from './resolve.ts'
import { implications, type Implications } from './implications.ts'
import { defaultText, settingText } from './setting.ts'
import type { Source } from './sourced.ts'
import type { Assignment, Resolved } from './target.ts'

/** The settings and files of one profile on one target, as plain data: the answer of `explain` in every format. */
export interface Explanation {
  readonly profile: string
  readonly target: string
  readonly systems: string
  readonly settings: readonly {
    readonly field: string
    readonly key: string
    /** In `unit`, as the system reads it. */
    readonly value: number
    readonly hex: string
    readonly unit: 'ms' | 's' | 'probes' | 'on/off'
    readonly text: string
    readonly default: number
    readonly defaultText: string
    readonly sources: readonly Source[]
  }[]
  /** Fields of the profile that the system cannot set, with its behaviour instead. */
  readonly unsupported: readonly {
    readonly field: string
    readonly instead: string
    readonly sources: readonly Source[]
  }[]
  /** idle + probes x interval in ms, or `null` if the system's probe count is not known. */
  readonly detectionMs: number | null
  /** The same for a machine with nothing set. */
  readonly defaultDetectionMs: number | null
  readonly activation: string
  /** The consequences of the numbers. */
  readonly implications: Implications
  readonly files: readonly string[]
}

/** Explains a resolved profile; only the defaults are computed anew. */
export function explain(profile: Profile, resolved: Resolved): Explanation {
  const { target, detection } = resolved
  return {
    profile: profile.name,
    target: target.id,
    systems: target.systems,
    settings: resolved.assignments.map(settingRow),
    unsupported: resolved.unsupported.map(({ field, setting }) => ({
      field,
      instead: setting.instead,
      sources: setting.sources,
    })),
    detectionMs: detection ?? null,
    defaultDetectionMs: defaultDetectionTime(target) ?? null,
    activation: target.activation.text,
    implications: implications(profile, resolved),
    files: target.outputs.map(({ path }) => `${target.id}/${path}`),
  }
}

function settingRow({ field, setting, value }: Assignment): Explanation['settings'][number] {
  const units = {
    duration: setting.kind === 'duration' ? setting.unit : 'ms',
    count: 'probes',
    switch: 'on/off',
  } as const
  return {
    field,
    key: setting.key,
    value,
    hex: `0x${value.toString(16)}`,
    unit: units[setting.kind],
    text: settingText(setting, value),
    default: Number(setting.default),
    defaultText: defaultText(setting),
    sources: setting.sources,
  }
}
