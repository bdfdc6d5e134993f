import { buffer } from 'node:stream/consumers'
import { ZipArchive } from 'archiver'
import type { Bundle } from '../core/bundle.ts'

/** The first moment that a zip can hold; a real one would make every run another file. */
const DATE = new Date(Date.UTC(1980, 0, 1))

/**
 * The bundle as a zip: its tree below `NAME/`, in the bundle's order. Entries are stored, not deflated: deflate's bytes
 * depend on the zlib inside Node, stored ones are the same everywhere.
 */
export async function zip({ profile, artifacts }: Bundle): Promise<Uint8Array> {
  const archive = new ZipArchive({ store: true })
  // archiver reports some failures as warnings and then delivers a zip without the entry; after others its promise
  // stays open for ever. So the first complaint decides.
  const failed = new Promise<never>((_, reject) => archive.on('warning', reject).on('error', reject))
  for (const { path, bytes, mode } of artifacts)
    archive.append(Buffer.from(bytes), { name: `${profile.name}/${path}`, date: DATE, mode })
  const [bytes] = await Promise.race([Promise.all([buffer(archive), archive.finalize()]), failed])
  return bytes
}
