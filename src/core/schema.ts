import * as z from 'zod'
import { profileSchema } from './profile-schema.ts'
import type { Registry } from './target.ts'

/** The JSON Schema of a profile's file, in draft-07: the newest that the YAML support of editors takes. */
export function profileJsonSchema(registry: Registry): object {
  return z.toJSONSchema(profileSchema(registry), { io: 'input', target: 'draft-7' })
}
