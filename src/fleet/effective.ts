import { graded, type Location } from '../core/diagnostic.ts'
import type { ProfileSchema } from '../core/profile-schema.ts'
import type { ResolvedProfile } from '../core/resolve.ts'
import { failure, type Result } from '../core/result.ts'
import type { Registry } from '../core/target.ts'
import { resolveProfile } from '../source/check.ts'
import type { Document } from '../source/document.ts'
import { overlay } from '../source/extends.ts'
import { profileIn } from '../source/profile.ts'
import type { Device } from './device.ts'
import { documentOf } from './row.ts'

/** A profile that devices refer to, with all that it extends. */
export interface Named {
  readonly name: string
  readonly document: Document
}

/**
 * Resolves a device: the settings of its profile, with its own on top. The result bears the profile's name: on a machine it
 * stays the same profile when its values change, so that its record goes on. Each diagnostic has its place: the
 * device's line, or the file of its profile. With `strict`, a warning is an error; `schema` is that of the registry.
 */
export function effective(
  registry: Registry,
  { own }: Device,
  { name, document }: Named,
  { strict, schema }: { readonly strict: boolean; readonly schema: ProfileSchema },
): Result<ResolvedProfile> {
  const top: Document = { ...own, value: { ...(own.value as object), name } }
  const { profile, place, diagnostics } = profileIn(registry, overlay(top, document), own, schema)
  return profile === undefined
    ? failure(...graded(diagnostics, strict))
    : resolveProfile(registry, { profile, place }, diagnostics, { targets: [], strict })
}

/** The profile of devices that have all values in their own lines. */
export function ownProfile(name: string, location: Location): Named {
  return { name, document: documentOf({}, location) }
}
