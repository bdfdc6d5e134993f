import * as z from 'zod'
import { profileSchema } from './profile-schema.ts'
import type { Registry } from './target.ts'

/** The JSON Schema of what a person writes, in draft-07: the newest that editors' YAML support takes. */
export function profileJsonSchema(registry: Registry): object {
  return z.toJSONSchema(profileSchema(registry), { io: 'input', target: 'draft-7' })
}
