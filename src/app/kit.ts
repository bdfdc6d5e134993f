import type { KitContext } from '../core/context.ts'
import type { RenderTemplate } from '../core/render.ts'
import { loadPresets, loadTemplates, VERSION } from '../io/assets.ts'
import { TARGETS } from '../targets/index.ts'

/** The kit as the program has it; the templates are loaded when something is rendered first. */
export function programKit(): KitContext {
  let loaded: RenderTemplate | undefined
  return {
    registry: TARGETS,
    template: (name, view) => (loaded ??= loadTemplates())(name, view),
    presets: loadPresets(),
    version: VERSION,
  }
}
