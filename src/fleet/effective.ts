import { isError, type Diagnostic, type Location } from '../core/diagnostic.ts'
import type { Profile } from '../core/profile.ts'
import { resolve } from '../core/resolve.ts'
import type { Registry, Resolved, Target } from '../core/target.ts'
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

/** What a device gets. */
export interface Effective {
  /** `undefined` where something is wrong. */
  readonly made: { readonly profile: Profile; readonly resolved: readonly Resolved[] } | undefined
  /** Each with its place: the device's line, or the file of its profile. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * What a device's profile says, with what the device says itself on top. The result bears the profile's name: on a machine
 * it stays the same profile, whatever becomes of its values, so that its record goes on.
 */
export function effective(registry: Registry, { own }: Device, { name, document }: Named): Effective {
  const top: Document = { ...own, value: { ...(own.value as object), name } }
  const whole = overlay(top, document)
  const { profile, place, diagnostics: found } = profileIn(registry, whole, own)
  if (profile === undefined) return { made: undefined, diagnostics: found }
  const resolved = profile.targets.map((id) => resolve(profile, registry.get(id) as Target))
  const diagnostics = [...found, ...place(resolved.flatMap((one) => one.diagnostics))]
  const wrong = diagnostics.some(isError)
  return { made: wrong ? undefined : { profile, resolved }, diagnostics }
}

/** A profile of devices that have all of it in their own lines. */
export function ownProfile(name: string, location: Location): Named {
  return { name, document: documentOf({}, location) }
}
