import { sha256 } from '#checksums'
import type { Diagnostic, Location } from '../../core/diagnostic.ts'
import type { RenderTemplate } from '../../core/render.ts'
import { loadTemplates, VERSION } from '../../io/assets.ts'
import type { Device } from '../../fleet/device.ts'
import { effective, type Effective } from '../../fleet/effective.ts'
import type { Made } from '../../fleet/record.ts'
import { build } from '../../source/check.ts'
import { entryOf, filesDigest } from '../../review/entry.ts'
import { profileText } from '../../source/profile.ts'
import { TARGETS } from '../../targets/index.ts'
import { zipOf as zipOfBundle } from '../zip.ts'
import type { Lookup } from './profiles.ts'

/** What becomes of a device's line: its zip, unless something is wrong with it. */
export interface Worked {
  readonly diagnostics: readonly Diagnostic[]
  readonly zip: { readonly made: Made; readonly bytes: Uint8Array } | undefined
}

/** The part of making a fleet that reads no output and writes none, so that it can be done anywhere. */
export interface FleetWork {
  readonly check: (device: Device, location: Location) => Effective
  readonly work: (device: Device, location: Location) => Promise<Worked>
}

/** How zips are made of devices. */
export interface WorkOptions {
  /** A device with a warning is one that cannot be made. */
  readonly strict: boolean
  /** Zips are deflated, so that their bytes depend on zlib. */
  readonly compress: boolean
}

export function fleetWork(lookup: Lookup, { strict, compress }: WorkOptions): FleetWork {
  let template: RenderTemplate | undefined

  const check = (device: Device, location: Location): Effective => {
    const named = lookup(device.profile, location)
    if (!named.ok) return { made: undefined, diagnostics: named.diagnostics }
    const found = effective(TARGETS, device, named.value)
    if (!strict || found.diagnostics.length === 0) return found
    return { made: undefined, diagnostics: found.diagnostics.map((one) => ({ ...one, severity: 'error' })) }
  }

  const zipOf = async ({ profile, resolved }: NonNullable<Effective['made']>) => {
    const source = profileText(profile)
    const checked = { profile, resolved, source, file: '', place: (all: readonly Diagnostic[]) => all, selection: [] }
    // Most runs over a fleet make next to nothing.
    template ??= loadTemplates()
    const bundle = build(template, checked, VERSION)
    const bytes = await zipOfBundle(bundle, compress)
    const entries = resolved.map(({ target, assignments }) => {
      const entry = entryOf(assignments, filesDigest(target.id, bundle.artifacts))
      return [target.id, JSON.stringify(entry)] as const
    })
    return { made: { sha256: sha256(bytes), profile: profile.name, entries }, bytes }
  }

  const work = async (device: Device, location: Location): Promise<Worked> => {
    const { made, diagnostics } = check(device, location)
    return { diagnostics, zip: made && (await zipOf(made)) }
  }

  return { check, work }
}
