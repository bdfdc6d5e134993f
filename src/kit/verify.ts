import { settingsFolder, type Bundle } from '../core/bundle.ts'
import { sameBytes } from '../core/bytes.ts'
import type { KitContext } from '../core/context.ts'
import { isError, problem, type Diagnostic } from '../core/diagnostic.ts'
import type { FoundFile } from '../core/plan.ts'
import { renderCache, type Sums } from '../core/render-cache.ts'
import { storedZip } from '../core/zip.ts'
import { isCompressedFrom } from '../formats/zip/compressed.ts'
import { unzip, type Unzipped } from '../formats/zip/unzip.ts'
import type { OutputTree } from '../review/verify/files.ts'
import { isZipName, rootsOf, type PackedFile } from './material.ts'
import { checkTree, type Kit, type TreeReport } from '../review/verify/tree.ts'

/** The result for one output. */
export interface Verified {
  /** Its name in messages and results. */
  readonly path: string
  readonly profile: string | undefined
  /** `keepalive-kit VERSION`, as its manifest says. */
  readonly generator: string | undefined
  readonly files: number
  /** Whether it was compared with what its profile makes, and not with its own checksums only. */
  readonly madeAgain: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** Checks the tree of one output; `path` is its name in messages. */
export function verifyTree(kit: Kit, tree: OutputTree, path: string): Verified {
  return result(path, tree.files.size, checkTree(kit, tree))
}

/** Checks the bytes of a zip, and the tree in it; `path` is its name in messages. */
export function verifyZip(kit: Kit, bytes: Uint8Array, path: string): Verified {
  const { entries, diagnostics } = unzip(bytes, path)
  if (diagnostics.some(isError)) return unread(path, diagnostics)
  const location = { file: path }
  const folder = topFolder(entries)
  const inside = entries.filter((entry) => entry.path.startsWith(folder))
  const files = new Map(inside.map((entry) => [entry.path.slice(folder.length), asFound(entry)]))
  const report = checkTree(kit, { files, odd: [], at: () => location })
  const wanted = report.manifest === undefined ? folder : `${folderFor(report.manifest.profile.name, folder, files)}/`
  const misplaced = misplacedIn(entries, folder, wanted)
  const all = [...diagnostics, ...misplaced.map((one) => ({ ...one, location })), ...report.diagnostics]
  const repacked =
    report.again === undefined ||
    all.some(isError) ||
    isAsPacked({ ...report.again, folder: folder.slice(0, -1) }, bytes, kit.cache?.sums)
      ? []
      : [problem('verify/repacked', {}, { location })]
  return result(path, entries.length, { ...report, diagnostics: [...all, ...repacked] })
}

/** Whether a zip is byte for byte as the kit packs it; of a compressed one, the bytes that do not depend on zlib. */
function isAsPacked(bundle: Bundle, bytes: Uint8Array, sums: Sums | undefined): boolean {
  const stored = storedZip(bundle, sums)
  return sameBytes(stored, bytes) || isCompressedFrom(stored, bytes)
}

/** The folder in which the manifest lies, with a slash; empty when it lies in none. */
function topFolder(entries: readonly Unzipped[]): string {
  const manifest = entries.find(({ path }) => /^[^/]+\/manifest\.json$/.test(path))
  return manifest === undefined ? '' : manifest.path.replace(/\/.*/, '/')
}

/** The folder that a zip should have: the profile's name or, in a zip of a fleet, the name of its settings. */
function folderFor(name: string, folder: string, files: ReadonlyMap<string, FoundFile>): string {
  const source = files.get('profile.yaml')?.bytes
  return source === undefined || folder === `${name}/` || !folder.startsWith(`${name}-`)
    ? name
    : settingsFolder(name, source)
}

/** Files outside the one folder, which must be the wanted one. */
function misplacedIn(entries: readonly Unzipped[], folder: string, wanted: string): readonly Diagnostic[] {
  const outside = entries.filter(({ path }) => !path.startsWith(folder))
  return [
    ...outside.map(({ path }) => problem('verify/outside-folder', { entry: path, folder })),
    ...(folder === wanted ? [] : [problem('verify/folder-renamed', { folder, name: wanted.slice(0, -1) })]),
  ]
}

function asFound({ bytes, mode }: Pick<PackedFile, 'bytes' | 'mode'>): FoundFile {
  return { bytes, ...(mode === undefined ? {} : { mode }) }
}

/** The result for an output that could not be read. */
export function unread(path: string, diagnostics: readonly Diagnostic[]): Verified {
  return { path, profile: undefined, generator: undefined, files: 0, madeAgain: false, diagnostics }
}

function result(path: string, files: number, { manifest, again, diagnostics }: TreeReport): Verified {
  const { generator, profile } = manifest ?? {}
  return { path, profile: profile?.name, generator, files, madeAgain: again !== undefined, diagnostics }
}

/** Checks every output among files: each folder with a manifest or, without such a folder, each zip. */
export function verifyFiles(context: KitContext, files: readonly PackedFile[]): readonly Verified[] {
  const kit = { ...context, cache: renderCache() }
  const roots = rootsOf(files)
  const outermost = roots.filter((root) => !roots.some((other) => other !== root && root.startsWith(other)))
  if (outermost.length === 0)
    return files.filter(({ path }) => isZipName(path)).map(({ path, bytes }) => verifyZip(kit, bytes, path))
  return outermost.map((root) => {
    const own = files.filter(({ path }) => path.startsWith(root))
    const tree = new Map(own.map(({ path, bytes, mode }) => [path.slice(root.length), asFound({ bytes, mode })]))
    return verifyTree(
      kit,
      { files: tree, odd: [], at: (path) => ({ file: `${root}${path}` }) },
      root.replace(/\/$/, ''),
    )
  })
}
