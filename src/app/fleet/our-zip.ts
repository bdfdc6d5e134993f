import { readUpTo, MOST } from '../../io/outputs.ts'
import { unzip } from '../../io/unzip.ts'
import { readManifest } from '../../review/manifest.ts'

/** Whether a file is a zip that the kit wrote, as far as its manifest says. */
export async function isOurZip(path: string): Promise<boolean> {
  const { entries } = await unzip(readUpTo(path, MOST.bytes), path)
  const manifest = entries.find((entry) => /^[^/]+\/manifest\.json$/.test(entry.path))
  return manifest !== undefined && readManifest(manifest.bytes).ok
}
