import { BUNDLE_LIMITS } from '../core/bundle.ts'
import { readUpTo } from '../io/outputs.ts'
import { unzip } from '../formats/zip/unzip.ts'
import { readManifest } from '../review/manifest.ts'

/** Whether the file at a path is a zip that the kit wrote. */
export function isOurZipAt(path: string): boolean {
  return isOurZip(readUpTo(path, BUNDLE_LIMITS.bytes))
}

/** Whether the bytes are a zip that the kit wrote, by its manifest; no other file may be replaced. */
export function isOurZip(bytes: Uint8Array): boolean {
  const { entries } = unzip(bytes, '')
  const manifest = entries.find(({ path }) => /^[^/]+\/manifest\.json$/.test(path))
  return manifest !== undefined && readManifest(manifest.bytes).ok
}
