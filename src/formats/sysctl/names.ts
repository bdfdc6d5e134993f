import { FIELDS, type Registry, type Setting } from '../../core/target.ts'

/** The system whose rules a sysctl follows, as in `store` of a target and of a statement. */
export type SysctlKind = (typeof KINDS)[number]
const KINDS = ['linux', 'freebsd'] as const

/** The settings that the targets of one kind know. */
export interface SysctlNames {
  /** The settings by native name; all of them are whole numbers. */
  readonly settings: ReadonlyMap<string, Setting>
  /** The native names. */
  readonly names: readonly string[]
  /** Whether a name is about such a setting, even if misspelt. */
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

/** The kind of system that owns each setting, by native name. */
export function sysctlOwners(registry: Registry): ReadonlyMap<string, SysctlKind> {
  return new Map(KINDS.flatMap((kind) => sysctlNames(registry, kind).names.map((name) => [name, kind] as const)))
}
