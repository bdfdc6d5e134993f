import { FIELDS, type Registry, type Setting } from '../../core/target.ts'

/** Whose rules a sysctl goes by: what `store` of a target and of a statement says. */
export type SysctlKind = (typeof KINDS)[number]
const KINDS = ['linux', 'freebsd'] as const

/** What the targets of one kind know of its settings. */
export interface SysctlNames {
  /** By native name; all of them are whole numbers. */
  readonly settings: ReadonlyMap<string, Setting>
  /** The native names. */
  readonly names: readonly string[]
  /** Whether a name is about such a setting, be it misspelt. */
  readonly isAbout: (name: string) => boolean
}

/** The settings that the targets of one kind keep in sysctls, in the order of a profile's fields. */
export function sysctlNames(registry: Registry, kind: SysctlKind): SysctlNames {
  const targets = [...registry.values()].filter(({ store }) => store.kind === kind)
  const settings = new Map(
    targets.flatMap((target) =>
      FIELDS.flatMap((field) => {
        const setting = target.settings[field]
        return setting.kind === 'unsupported' ? [] : [[setting.key, setting] as const]
      }),
    ),
  )
  const words = targets.flatMap(({ store }) => store.words ?? [])
  return { settings, names: [...settings.keys()], isAbout: (name) => words.some((word) => name.includes(word)) }
}

/** Whose each setting is, by its native name. */
export function sysctlOwners(registry: Registry): ReadonlyMap<string, SysctlKind> {
  return new Map(KINDS.flatMap((kind) => sysctlNames(registry, kind).names.map((name) => [name, kind] as const)))
}
