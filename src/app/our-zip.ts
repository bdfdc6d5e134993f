import { BUNDLE_LIMITS } from '../../core/bundle.ts'
import { readUpTo } from '../../io/outputs.ts'
import { unzip } from '../../formats/zip/unzip.ts'
import { readManifest } from '../../review/manifest.ts'

/** Whether a file is a zip that the kit wrote, by its manifest. */
export function isOurZip(path: string): boolean {
  const { entries } = unzip(readUpTo(path, BUNDLE_LIMITS.bytes), path)
  const manifest = entries.find((entry) => /^[^/]+\/manifest\.json$/.test(entry.path))
  return manifest !== undefined && readManifest(manifest.bytes).ok
}
