import { encode, type Artifact, type LatestArtifacts } from './artifact.ts'
import type { Profile } from './profile.ts'
import { defaultText, settingText, unitText } from './setting.ts'
import { FIELDS, type MachinePaths, type Resolved } from './target.ts'

/** Renders a template of `templates/`, named without `.hbs`, such as `linux/60-keepalive.conf`. */
export type RenderTemplate = (name: string, view: object) => string

/** The names that a target's template may use. Plain data, all of it present: decisions are taken before. */
export interface View {
  readonly name: string
  readonly target: string
  readonly place: MachinePaths
  readonly assignments: readonly {
    readonly field: string
    readonly key: string
    readonly value: number
    /** The unit of the value: `ms`, `s`, `probes`, or the meaning of a switch. */
    readonly unit: string
    /** For people: `20 s`. */
    readonly text: string
    readonly summary: string
    /** The system's behaviour when nothing is set, for people. */
    readonly default: string
    /** The same in the setting's own unit, as `value` is. */
    readonly defaultValue: number
  }[]
  /** Every setting that the system has, whether the profile sets it or not, with its default in the setting's own unit. */
  readonly settings: readonly { readonly key: string; readonly defaultValue: number }[]
}

/** The artifacts of one target, below its own folder. */
export function render(
  template: RenderTemplate,
  view: View,
  { target }: Resolved,
  latest: LatestArtifacts,
): readonly Artifact[] {
  const { id, outputs } = target
  const installed = { name: view.name, place: view.place, settings: view.assignments.map(({ key }) => key) }
  return outputs.map((output) => {
    const path = `${id}/${output.path}`
    const artifact = encode(path, output.language, template(output.template ?? path, view), latest)
    return output.permissions === undefined ? artifact : { ...artifact, permissions: output.permissions(installed) }
  })
}

/** The view of a target's templates. */
export function viewOf(profile: Profile, { target, options, assignments }: Resolved): View {
  return {
    name: profile.name,
    target: target.id,
    place: target.places(options),
    assignments: assignments.map(({ field, setting, value }) => ({
      field,
      key: setting.key,
      value,
      unit: unitText(setting),
      text: settingText(setting, value),
      summary: setting.summary,
      default: defaultText(setting),
      defaultValue: Number(setting.default),
    })),
    settings: FIELDS.map((field) => target.settings[field]).flatMap((setting) =>
      setting.kind === 'unsupported' ? [] : [{ key: setting.key, defaultValue: Number(setting.default) }],
    ),
  }
}
