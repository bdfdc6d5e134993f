import { join } from 'node:path'
import { sameBytes } from '../core/bytes.ts'
import { BUNDLE_LIMITS } from '../core/bundle.ts'
import { isError, problem, type Diagnostic } from '../core/diagnostic.ts'
import type { FoundFile } from '../core/plan.ts'
import { storedZip } from '../core/zip.ts'
import { readFolder } from '../io/outputs.ts'
import { unzip, type Unzipped } from '../formats/zip/unzip.ts'
import { checkTree, type Kit, type TreeReport } from '../review/verify/tree.ts'

/** What was found of one output. */
export interface Verified {
  /** As messages and results name it. */
  readonly path: string
  readonly profile: string | undefined
  /** `keepalive-kit VERSION`, as its manifest says. */
  readonly generator: string | undefined
  readonly files: number
  /** Whether it was compared with what its profile makes, and not with its own checksums only. */
  readonly madeAgain: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads and checks the tree below a folder; `path` is what messages call it. */
export function verifyFolder(kit: Kit, folder: string, path: string): Verified {
  const { files, odd, tooLarge } = readFolder(folder)
  if (tooLarge) {
    const data = { max: BUNDLE_LIMITS.bytes, files: BUNDLE_LIMITS.files }
    return unread(path, [problem('verify/too-large', data, { location: { file: path } })])
  }
  return result(path, files.size, checkTree(kit, { files, odd, at: (below) => ({ file: join(path, below) }) }))
}

/** Checks the bytes of a zip, and the tree in it; `path` is what messages call it. */
export function verifyZip(kit: Kit, bytes: Uint8Array, path: string): Verified {
  const { entries, diagnostics } = unzip(bytes, path)
  if (diagnostics.some(isError)) return unread(path, diagnostics)
  const location = { file: path }
  const folder = topFolder(entries)
  const inside = entries.filter((entry) => entry.path.startsWith(folder))
  const files = new Map(inside.map((entry) => [entry.path.slice(folder.length), asFound(entry)]))
  const report = checkTree(kit, { files, odd: [], at: () => location })
  const misplaced = report.manifest === undefined ? [] : misplacedIn(entries, folder, report.manifest.profile.name)
  const all = [...diagnostics, ...misplaced.map((one) => ({ ...one, location })), ...report.diagnostics]
  const repacked =
    report.again === undefined || all.some(isError) || sameBytes(storedZip(report.again), bytes)
      ? []
      : [problem('verify/repacked', {}, { severity: 'warning', location })]
  return result(path, entries.length, { ...report, diagnostics: [...all, ...repacked] })
}

/** The folder in which the manifest lies, with a slash; empty when it lies in none. */
function topFolder(entries: readonly Unzipped[]): string {
  const manifest = entries.find(({ path }) => /^[^/]+\/manifest\.json$/.test(path))
  return manifest === undefined ? '' : manifest.path.replace(/\/.*/, '/')
}

/** Everything belongs into one folder, which has the profile's name. */
function misplacedIn(entries: readonly Unzipped[], folder: string, name: string): readonly Diagnostic[] {
  const outside = entries.filter(({ path }) => !path.startsWith(folder))
  return [
    ...outside.map(({ path }) => problem('verify/outside-folder', { entry: path, folder })),
    ...(folder === `${name}/` ? [] : [problem('verify/folder-renamed', { folder, name })]),
  ]
}

function asFound({ bytes, mode }: Unzipped): FoundFile {
  return { bytes, ...(mode === undefined ? {} : { mode }) }
}

function unread(path: string, diagnostics: readonly Diagnostic[]): Verified {
  return { path, profile: undefined, generator: undefined, files: 0, madeAgain: false, diagnostics }
}

function result(path: string, files: number, { manifest, again, diagnostics }: TreeReport): Verified {
  const { generator, profile } = manifest ?? {}
  return { path, profile: profile?.name, generator, files, madeAgain: again !== undefined, diagnostics }
}
