import type { Digests, LatestArtifacts } from './artifact.ts'

/** CRC-32 of files, by their bytes. */
export type Sums = WeakMap<Uint8Array, number>

/**
 * Work that many bundles share: most files of a fleet's devices are equal, so they are encoded, hashed and summed once.
 * The code that makes many bundles owns a cache and passes it to each; nothing outlives its owner.
 */
export interface RenderCache {
  readonly artifacts: LatestArtifacts
  /** Sets of paths that every system can hold, each with a path a line. */
  readonly paths: Set<string>
  /** YAML of a profile's key with its value, by both as JSON. */
  readonly yaml: Map<string, string>
  readonly digests: Digests
  readonly sums: Sums
}

/** An empty cache. */
export function renderCache(): RenderCache {
  return { artifacts: new Map(), paths: new Set(), yaml: new Map(), digests: new WeakMap(), sums: new WeakMap() }
}
