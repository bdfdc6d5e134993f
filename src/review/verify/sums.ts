import { sha256 } from '#checksums'
import { latin1Text } from '../../core/bytes.ts'
import { byCodeUnit } from '../../core/diagnostic.ts'

/** What SHA256SUMS says otherwise than it should, each as a phrase; `wanted` has the digest of each file by its path. */
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
      .map((path) => `a line for ${path}, which is no file here`),
    ...paths
      .filter((path) => listed.has(path) && listed.get(path) !== wanted.get(path))
      .map((path) => `another sum for ${path}`),
  ]
  return found.length === 0 ? ['its lines are not those that keepalive-kit writes'] : found
}
