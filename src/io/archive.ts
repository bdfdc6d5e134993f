import { buffer } from 'node:stream/consumers'
import { ZipArchive } from 'archiver'
import type { Bundle } from '../core/bundle.ts'

/** The earliest date of a zip; the real date would make a different file in every run. */
const DATE = new Date(Date.UTC(1980, 0, 1))

/** The level of deflate that packs best. */
const BEST = 9

/**
 * The bundle as a zip by archiver: with `compressed` entries for mail and slow lines, whose bytes depend on the zlib of the
 * Node that runs, or stored, as core/zip.ts writes them, which is what its tests compare.
 */
export async function archive({ folder, artifacts }: Bundle, compressed: boolean): Promise<Uint8Array> {
  const zip = new ZipArchive(compressed ? { zlib: { level: BEST } } : { store: true })
  // archiver reports some failures as warnings and then delivers a zip without the entry; after others its promise
  // never settles. So the first complaint decides.
  const failed = new Promise<never>((_, reject) => zip.on('warning', reject).on('error', reject))
  for (const { path, bytes, mode } of artifacts)
    zip.append(Buffer.from(bytes), { name: `${folder}/${path}`, date: DATE, mode })
  const [bytes] = await Promise.race([Promise.all([buffer(zip), zip.finalize()]), failed])
  // Threads transfer the bytes, so they must have their memory for themselves.
  return new Uint8Array(bytes)
}
