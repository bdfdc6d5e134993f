import { encode, type Artifact } from './artifact.ts'
import { durationText } from './duration.ts'
import type { Profile } from './profile.ts'
import { type Assignment, type Resolved } from './target.ts'

/** Renders a template of `templates/`, named without `.hbs`, such as `linux/60-keepalive.conf`. */
export type RenderTemplate = (name: string, view: object) => string

/** What a target's template may name. Plain data, all of it present: decisions are taken before. */
export interface View {
  readonly name: string
  readonly target: string
  readonly place: Readonly<Record<string, string>>
  readonly assignments: readonly {
    readonly field: string
    readonly key: string
    readonly value: number
    /** For people: `20 s`. */
    readonly text: string
    readonly summary: string
    /** What the system does when nothing is set, for people. */
    readonly standard: string
  }[]
}

/** The artifacts of one target, below its own folder. */
export function render(template: RenderTemplate, profile: Profile, resolved: Resolved): readonly Artifact[] {
  const view = viewOf(profile, resolved)
  const { id, outputs } = resolved.target
  return outputs.map(({ path, language, template: shared = `${id}/${path}` }) =>
    encode(`${id}/${path}`, language, template(shared, view)),
  )
}

function viewOf(profile: Profile, { target, assignments }: Resolved): View {
  return {
    name: profile.name,
    target: target.id,
    place: target.places,
    assignments: assignments.map((assignment) => ({
      field: assignment.field,
      key: assignment.setting.key,
      value: assignment.value,
      text: assignmentText(assignment),
      summary: assignment.setting.summary,
      standard: standardText(assignment.setting),
    })),
  }
}

/** A value for people: `20 s`, `9`, `on`. */
export function assignmentText({ setting, value }: Assignment): string {
  if (setting.kind === 'switch') return value === 1 ? 'on' : 'off'
  return setting.kind === 'count' ? String(value) : durationText(setting.unit === 's' ? value * 1_000 : value)
}

/** A setting's default for people. */
export function standardText(setting: Assignment['setting']): string {
  return assignmentText({ field: 'idle', setting, value: Number(setting.default) })
}
