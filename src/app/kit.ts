import type { KitContext } from '../core/context.ts'
import { schemaWhenNeeded } from '../core/profile-schema.ts'
import type { RenderTemplate } from '../core/render.ts'
import { loadPresets, loadTemplates, VERSION } from '../io/assets.ts'
import { TARGETS } from '../targets/index.ts'

/** The kit as the program has it; its schema is built, and its templates are loaded, when they are first needed. */
export function programKit(): KitContext {
  let loaded: RenderTemplate | undefined
  return {
    registry: TARGETS,
    schema: schemaWhenNeeded(TARGETS),
    template: (name, view) => (loaded ??= loadTemplates())(name, view),
    presets: loadPresets(),
    version: VERSION,
  }
}
