import { sha256 } from '#checksums'
import type { Artifact } from './artifact.ts'
import { sameBytes, utf8Text } from './bytes.ts'
import { MANIFEST_FORMAT, type Manifest } from './bundle.ts'
import { byCodeUnit } from './diagnostic.ts'

/** A file as it was found on disk; `mode` is left out where the file system has none (Windows). */
export interface FoundFile {
  readonly bytes: Uint8Array
  readonly mode?: number
}

/**
 * The change of one file: `mode` when only its executable bit is wrong, `removed` when an older run wrote it and it is no
 * longer wanted, `foreign` when no run wrote it, so that none may touch it.
 */
export interface Change {
  readonly kind: 'new' | 'changed' | 'mode' | 'removed' | 'foreign' | 'same'
  readonly path: string
}

/** The changes that turn `found` into `wanted`, the tree of profile `name`; sorted by path. */
export function plan(
  name: string,
  wanted: readonly Artifact[],
  found: ReadonlyMap<string, FoundFile>,
): readonly Change[] {
  const listed = listedFiles(name, found.get('manifest.json'))
  const byPath = new Map(wanted.map((artifact) => [artifact.path, artifact]))
  const paths = [...new Set([...byPath.keys(), ...found.keys()])].toSorted(byCodeUnit)
  return paths.map((path) => ({ kind: kindOf(byPath.get(path), found.get(path), listed?.get(path)), path }))
}

/** `digest` is the file's in the manifest; a file without one was not written by the kit. */
function kindOf(
  wanted: Artifact | undefined,
  found: FoundFile | undefined,
  digest: string | undefined,
): Change['kind'] {
  if (found === undefined) return 'new'
  if (digest === undefined) return 'foreign'
  // Only a file that is byte for byte the kit's own may be deleted.
  if (wanted === undefined) return sha256(found.bytes) === digest ? 'removed' : 'foreign'
  if (!sameBytes(found.bytes, wanted.bytes)) return 'changed'
  return executable(found.mode ?? wanted.mode) === executable(wanted.mode) ? 'same' : 'mode'
}

/** The bit that Git keeps and that matters; the others depend on the umask. */
function executable(mode: number): boolean {
  return (mode & 0o100) !== 0
}

/** The files of a tree with their digests, if its manifest is one of the kit for that profile. */
function listedFiles(name: string, manifest: FoundFile | undefined): ReadonlyMap<string, string> | undefined {
  if (manifest === undefined) return undefined
  try {
    const { format, generator, profile, files } = JSON.parse(utf8Text(manifest.bytes)) as Manifest
    if (format !== MANIFEST_FORMAT || !generator.startsWith('keepalive-kit ') || profile['name'] !== name)
      return undefined
    return new Map([
      ...files.map(({ path, sha256: digest }) => [path, digest] as const),
      ['manifest.json', ''],
      ['SHA256SUMS', ''],
    ])
  } catch {
    return undefined
  }
}
