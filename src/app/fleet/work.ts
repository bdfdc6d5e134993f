import { sha256 } from '#checksums'
import { bundle, settingsFolder } from '../../core/bundle.ts'
import type { Diagnostic, Location } from '../../core/diagnostic.ts'
import { renderCache } from '../../core/render-cache.ts'
import type { ResolvedProfile } from '../../core/resolve.ts'
import type { Result } from '../../core/result.ts'
import type { Device } from '../../fleet/device.ts'
import { effective } from '../../fleet/effective.ts'
import type { Made } from '../../fleet/record.ts'
import { entryOf, filesDigest } from '../../review/entry.ts'
import { profileText } from '../../source/profile.ts'
import { programKit } from '../kit.ts'
import { zipOf as zipOfBundle } from '../zip.ts'
import type { Lookup } from './profiles.ts'

/** The zip of a device's line, unless something is wrong with the line. */
export interface Worked {
  readonly diagnostics: readonly Diagnostic[]
  readonly zip: { readonly made: Made; readonly bytes: Uint8Array } | undefined
}

/** The part of making a fleet that reads no output and writes none, so that it can be done anywhere. */
export interface FleetWork {
  readonly check: (device: Device, location: Location) => Result<ResolvedProfile>
  readonly work: (device: Device, location: Location) => Promise<Worked>
}

/** Options of making zips. */
export interface WorkOptions {
  /** A warning counts as an error: the device gets no zip. */
  readonly strict: boolean
  /** Zips are deflated, so that their bytes depend on zlib. */
  readonly compress: boolean
}

export function fleetWork(lookup: Lookup, { strict, compress }: WorkOptions): FleetWork {
  const kit = programKit()
  const cache = renderCache()

  const check = (device: Device, location: Location): Result<ResolvedProfile> => {
    const named = lookup(device.profile, location)
    return named.ok ? effective(kit.registry, device, named.value, { strict, schema: kit.schema() }) : named
  }

  const zipOf = async (device: ResolvedProfile) => {
    const source = profileText(device.profile, cache.yaml)
    const folder = settingsFolder(device.profile.name, source)
    const made = bundle(kit.template, { ...device, source, version: kit.version, folder }, cache)
    const bytes = await zipOfBundle(made, compress, cache.sums)
    const entries = device.resolved.map(({ target, assignments }) => {
      const entry = entryOf(assignments, filesDigest(target.id, made.artifacts, cache.digests))
      return [target.id, JSON.stringify(entry)] as const
    })
    return { made: { sha256: sha256(bytes), folder, entries }, bytes }
  }

  const work = async (device: Device, location: Location): Promise<Worked> => {
    const found = check(device, location)
    return { diagnostics: found.diagnostics, zip: found.ok ? await zipOf(found.value) : undefined }
  }

  return { check, work }
}
