import { utf8Bytes } from '../core/bytes.ts'
import { profileSchema } from '../core/profile-schema.ts'
import { FIELDS, type Field, type Registry, type Setting, type Target, type Unsupported } from '../core/target.ts'
import { PRESET } from '../source/presets.ts'
import { readProfile } from '../source/profile.ts'

/** A target as plain data. */
export interface TargetInfo extends Pick<Target, 'id' | 'aliases' | 'systems' | 'activation' | 'options'> {
  /** For every field of a profile: the native setting, or the system's behaviour without one. */
  readonly settings: readonly ({ readonly field: Field } & (Setting | Unsupported))[]
  /** The paths of its files, below its folder. */
  readonly artifacts: readonly string[]
}

/** A profile that ships with the kit. */
export interface PresetInfo {
  /** `preset:NAME`, which stands for it wherever a profile is expected. */
  readonly preset: string
  readonly title: string
  /** Ids. */
  readonly targets: readonly string[]
  readonly yaml: string
}

export function targetList(registry: Registry): readonly TargetInfo[] {
  return [...registry.values()].map(({ id, aliases, systems, settings, options, outputs, activation }) => ({
    id,
    aliases,
    systems,
    activation,
    settings: FIELDS.map((field) => ({ field, ...settings[field] })),
    options,
    artifacts: outputs.map(({ path }) => path),
  }))
}

/** The presets that ship with the kit; `presets` are their texts by name. */
export function presetList(registry: Registry, presets: ReadonlyMap<string, string>): readonly PresetInfo[] {
  const schema = profileSchema(registry)
  return [...presets].map(([name, yaml]) => {
    const preset = `${PRESET}${name}`
    const { read } = readProfile(registry, utf8Bytes(yaml), preset, [], schema)
    return { preset, title: read?.profile.title ?? '', targets: read?.profile.targets ?? [], yaml }
  })
}
