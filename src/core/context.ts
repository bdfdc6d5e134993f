import type { ProfileSchema } from './profile-schema.ts'
import type { RenderTemplate } from './render.ts'
import type { Registry } from './target.ts'

/** Everything of the kit that a use case needs and does not import, so that none of it reads a file. */
export interface KitContext {
  /** Every target by its id. */
  readonly registry: Registry
  /** The schema of profiles for the registry; may be built by the first call. */
  readonly schema: () => ProfileSchema
  /** May load the templates when it is called first. */
  readonly template: RenderTemplate
  /** The text of every preset by its name. */
  readonly presets: ReadonlyMap<string, string>
  readonly version: string
}
