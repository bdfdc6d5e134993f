import { basename, join, resolve } from 'node:path'
import { BUNDLE_LIMITS } from '../core/bundle.ts'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { readEtcTree, SETS_SYSCTLS } from '../io/etc-tree.ts'
import { archiveRevision, parseRevision } from '../io/git.ts'
import { findOutputs, kindAt, readFolder, readUpTo } from '../io/outputs.ts'
import { unzip } from '../formats/zip/unzip.ts'
import { STDIO, type World } from '../io/world.ts'
import { readerOf } from '../formats/capture-file.ts'
import { isLock } from '../review/lock.ts'
import type { OutputFile } from '../review/compare/file-changes.ts'
import { outputOf, type KitOutput } from '../review/import/outputs.ts'
import type { Input } from '../source/check.ts'
import { withBases } from './bases.ts'
import { readInput } from './load.ts'
import { PRESET } from './profile-file.ts'

/** What an argument turned out to be. `file` is what messages call it. */
export type Material =
  | { readonly kind: 'profile'; readonly file: string; readonly input: Input }
  | { readonly kind: 'lock'; readonly file: string; readonly text: string }
  | { readonly kind: 'outputs'; readonly file: string; readonly outputs: readonly KitOutput[] }
  /** A copy of a machine's tree: by path, what sets sysctls. */
  | { readonly kind: 'tree'; readonly file: string; readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly kind: 'capture'; readonly file: string; readonly bytes: Uint8Array }

/** A whole registry as text has some hundred megabytes; a string cannot hold much more. */
const MOST_BYTES = 400 * 1024 * 1024
/** A zip that git made of one's own repository may hold the outputs of a whole plant. */
const MOST_OF_REVISION = { bytes: MOST_BYTES, files: 500_000 }

type MaterialReading = Material | { readonly diagnostics: readonly Diagnostic[] }

/** Reads what an argument names: a preset, a file, a folder, a zip, standard input, or a revision of a repository. */
export async function readMaterial(world: World, argument: string): Promise<MaterialReading> {
  if (argument.startsWith(PRESET)) return asProfile(argument, await readInput(world, argument))
  if (argument === STDIO) return followed(world, ofBytes(argument, await world.readStdin(MOST_BYTES + 1)))
  const path = resolve(world.cwd, argument)
  const there = argument === '' ? undefined : kindAt(path)
  if (there === 'folder') return ofFolder(argument, path)
  if (there !== undefined) return followed(world, ofBytes(argument, readUpTo(path, MOST_BYTES)))
  const revision = parseRevision(argument)
  if (revision === undefined) return refused(problem('input/no-such-file', { file: argument }))
  const archive = archiveRevision(world.cwd, revision)
  if (typeof archive === 'string') return refused(problem('diff/git', { side: argument, why: archive }))
  return ofZip(argument, archive, MOST_OF_REVISION)
}

/** A profile with what it extends. */
function followed({ cwd }: World, found: MaterialReading): MaterialReading {
  return 'kind' in found && found.kind === 'profile' ? { ...found, input: withBases(cwd, found.input) } : found
}

function refused(...diagnostics: readonly Diagnostic[]): MaterialReading {
  return { diagnostics }
}

function asProfile(file: string, input: Input | Diagnostic): MaterialReading {
  return 'source' in input ? { kind: 'profile', file, input } : refused(input)
}

function ofBytes(file: string, bytes: Uint8Array): MaterialReading {
  if (bytes.length > MOST_BYTES) return refused(problem('input/too-large', { file, max: MOST_BYTES }))
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return ofZip(file, bytes)
  if (isLock(Buffer.from(bytes.subarray(0, 1_000)).toString('latin1')))
    return { kind: 'lock', file, text: Buffer.from(bytes).toString('utf8') }
  return readerOf(bytes, file) === undefined
    ? { kind: 'profile', file, input: { file, source: bytes } }
    : { kind: 'capture', file, bytes }
}

/** Outputs as folders or, where there are none of these, as zips: `generate` and `bundle` write to one place. */
function ofFolder(file: string, path: string): MaterialReading {
  const places = findOutputs(path) ?? []
  const folders = places.filter(({ kind }) => kind === 'folder')
  if (folders.length > 0) {
    const read = folders.map((place) => ({ name: basename(place.path), ...readFolder(place.path) }))
    const large = read.filter(({ tooLarge }) => tooLarge)
    if (large.length > 0) return refused(...large.map(({ name }) => tooLargeFolder(join(file, name))))
    return { kind: 'outputs', file, outputs: read.map(({ name, files }) => outputOf(name, files)) }
  }
  const outputs: KitOutput[] = []
  for (const { path: zip } of places) {
    const shown = join(file, basename(zip))
    const found = ofZip(shown, readUpTo(zip, MOST_BYTES))
    if (!('kind' in found)) return found
    // In a fleet many zips are of one profile, and each is called as its device.
    if (found.kind === 'outputs') outputs.push(...found.outputs.map((one) => ({ ...one, name: basename(zip, '.zip') })))
  }
  if (outputs.length > 0) return { kind: 'outputs', file, outputs }
  const files = readEtcTree(path)
  return files.size > 0 ? { kind: 'tree', file, files } : refused(problem('diff/no-output', { side: file }))
}

function tooLargeFolder(folder: string): Diagnostic {
  return problem(
    'verify/too-large',
    { max: BUNDLE_LIMITS.bytes, files: BUNDLE_LIMITS.files },
    { location: { file: folder } },
  )
}

/** A zip holds outputs, a copy of a machine's tree, or, from a repository, just the one file that was asked for. */
function ofZip(file: string, bytes: Uint8Array, most?: typeof MOST_OF_REVISION): MaterialReading {
  const { entries, diagnostics } = unzip(bytes, file, most)
  if (entries.length === 0)
    return { diagnostics: diagnostics.length > 0 ? diagnostics : [problem('diff/not-a-side', { side: file })] }
  const outputs = outputsIn(entries)
  if (outputs.length > 0) return { kind: 'outputs', file, outputs }
  const [only] = entries
  if (entries.length === 1 && only !== undefined) return ofBytes(file, only.bytes)
  const files = entries.filter(({ path }) => SETS_SYSCTLS.test(path))
  return files.length > 0
    ? { kind: 'tree', file, files: new Map(files.map((entry) => [entry.path, entry.bytes])) }
    : refused(problem('diff/no-output', { side: file }))
}

type Packed = OutputFile & { readonly path: string }

/** Each folder that has a manifest of its own. */
function outputsIn(entries: readonly Packed[]): readonly KitOutput[] {
  const roots = entries.flatMap(({ path }) =>
    /(?:^|\/)manifest\.json$/.test(path) ? [path.slice(0, -'manifest.json'.length)] : [],
  )
  return roots.map((root) => {
    const files = entries
      .filter(({ path }) => path.startsWith(root))
      .map(({ path, ...found }): [string, OutputFile] => [path.slice(root.length), found])
    return outputOf(basename(root), new Map(files))
  })
}
