import { sha256 } from '#checksums'
import { latin1Text } from '../../core/bytes.ts'
import { byCodeUnit } from '../../core/diagnostic.ts'

/** The errors in SHA256SUMS, each as a phrase; `wanted` has the digest of each file by path. */
export function sumsProblems(bytes: Uint8Array, wanted: ReadonlyMap<string, string>): readonly string[] {
  const paths = [...wanted.keys()].toSorted(byCodeUnit)
  const right = paths.map((path) => `${wanted.get(path)}  ${path}\n`).join('')
  if (sha256(bytes) === sha256(right)) return []
  const listed = new Map<string, string>()
  for (const line of latin1Text(bytes).split('\n')) {
    const [, digest, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line.slice(0, 1024)) ?? []
    if (digest !== undefined && path !== undefined) listed.set(path, digest)
  }
  const found = [
    ...paths.filter((path) => !listed.has(path)).map((path) => `no line for ${path}`),
    ...[...listed.keys()]
      .filter((path) => !wanted.has(path))
      .map((path) => `a line for ${path}, which is not a file here`),
    ...paths
      .filter((path) => listed.has(path) && listed.get(path) !== wanted.get(path))
      .map((path) => `a different sum for ${path}`),
  ]
  return found.length === 0 ? ['its lines differ from those that keepalive-kit writes'] : found
}
