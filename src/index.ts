import type { KitContext } from './core/context.ts'
import { schemaWhenNeeded } from './core/profile-schema.ts'
import { loadPresets, loadTemplates, VERSION as version } from './io/assets.ts'
import { kitOf } from './library/create.ts'
import type { Kit } from './library/kit.ts'
import { TARGETS } from './targets/index.ts'

export type * from './library/inputs.ts'
export type * from './library/kit.ts'
export type * from './library/results.ts'

/** The version of the package. */
export const VERSION: string = version

/**
 * Makes the kit: loads its templates, once. Everything that the kit then does is synchronous.
 *
 * @example
 * import { createKit } from 'keepalive-kit'
 *
 * const kit = await createKit()
 * const { name, zip } = kit.bundle({ name: 'line4', idle: '20s', interval: '5s' })
 */
export async function createKit(): Promise<Kit> {
  const context: KitContext = {
    registry: TARGETS,
    schema: schemaWhenNeeded(TARGETS),
    template: loadTemplates(),
    presets: loadPresets(),
    version,
  }
  return kitOf(context)
}
