import { BUNDLE_LIMITS, type Limits } from '../core/bundle.ts'
import { latin1Text, utf8Text } from '../core/bytes.ts'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { readerOf } from '../formats/capture-file.ts'
import { setsSysctls } from '../formats/sysctl/places.ts'
import { unzip } from '../formats/zip/unzip.ts'
import type { OutputFile } from '../review/compare/file-changes.ts'
import { outputOf, type KitOutput } from '../review/import/outputs.ts'
import { isLock } from '../review/lock.ts'
import type { Input } from '../source/check.ts'

/** Bytes or files by the kind that they turned out to be. `file` is their name in messages. */
export type Material =
  | { readonly kind: 'profile'; readonly file: string; readonly input: Input }
  | { readonly kind: 'lock'; readonly file: string; readonly text: string }
  | { readonly kind: 'outputs'; readonly file: string; readonly outputs: readonly KitOutput[] }
  | MachineTree
  | { readonly kind: 'capture'; readonly file: string; readonly bytes: Uint8Array }

/** A copy of a machine's tree. */
export interface MachineTree {
  readonly kind: 'tree'
  readonly file: string
  /** By path, the files that set sysctls. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** An error for each part of it that was not read: settings there are unknown. */
  readonly unread: readonly Diagnostic[]
}

/** Material that tells the settings of a machine. */
export type MachineMaterial = Extract<Material, { readonly kind: 'capture' | 'tree' }>

export function isOfMachine(material: Material): material is MachineMaterial {
  return material.kind === 'capture' || material.kind === 'tree'
}

/** A whole registry as text has some hundred megabytes; a string cannot hold much more. */
export const MOST_BYTES = 400 * 1024 * 1024

/** The characters of a file that tell whether it is a lock. */
const LOCK_SAMPLE = 1_000

/** Decides the kind of one file by its bytes: a zip, a lock, a capture, or else a profile, whose bases are not read yet. */
export function materialOf(file: string, bytes: Uint8Array): Result<Material> {
  if (bytes.length > MOST_BYTES) return failure(problem('input/too-large', { file, max: MOST_BYTES }))
  if (isZip(bytes)) return zipMaterial(file, bytes)
  if (isLock(latin1Text(bytes.subarray(0, LOCK_SAMPLE)))) return success({ kind: 'lock', file, text: utf8Text(bytes) })
  return success(
    readerOf(bytes, file) === undefined
      ? { kind: 'profile', file, input: { file, source: bytes } }
      : { kind: 'capture', file, bytes },
  )
}

/** Whether bytes begin as a zip does. */
export function isZip([first, second]: Uint8Array): boolean {
  return first === 0x50 && second === 0x4b
}

/** Decides the kind of a zip: outputs, a copy of a machine's tree, or that of the one file in it. */
export function zipMaterial(file: string, bytes: Uint8Array, most: Limits = BUNDLE_LIMITS): Result<Material> {
  const { entries, diagnostics } = unzip(bytes, file, most)
  if (entries.length === 0)
    return failure(...(diagnostics.length > 0 ? diagnostics : [problem('diff/not-a-side', { side: file })]))
  return filesMaterial(file, entries)
}

/** A file by its path in a zip or a folder. */
export type PackedFile = OutputFile & { readonly path: string }

/** Decides the kind of several files: outputs, a copy of a machine's tree, or that of the only file. */
export function filesMaterial(file: string, files: readonly PackedFile[]): Result<Material> {
  const outputs = outputsIn(files)
  if (outputs.length > 0) return success({ kind: 'outputs', file, outputs })
  const [only] = files
  if (files.length === 1 && only !== undefined) return materialOf(file, only.bytes)
  const sysctls = files.filter(({ path }) => setsSysctls(path))
  return sysctls.length > 0
    ? success({ kind: 'tree', file, files: new Map(sysctls.map(({ path, bytes }) => [path, bytes])), unread: [] })
    : failure(problem('diff/no-output', { side: file }))
}

/** The output below each folder that has a manifest of its own. */
function outputsIn(files: readonly PackedFile[]): readonly KitOutput[] {
  return rootsOf(files).map((root) => outputOf(/([^/]*)\/$/.exec(root)?.[1] ?? '', below(files, root)))
}

/** Decides the kind of a folder: outputs or, without folders of these, outputs in its zips; else the kind of its files. */
export function folderMaterial(folder: string, files: readonly PackedFile[]): Result<Material> {
  const zips = files.filter(({ path }) => isZipName(path))
  if (zips.length === 0 || rootsOf(files).length > 0) return filesMaterial(folder, files)
  const outputs = zippedOutputs(zips)
  return outputs.ok ? success({ kind: 'outputs', file: folder, outputs: outputs.value }) : outputs
}

/** The outputs in zips. In a fleet, many have the same profile, so each is named for its zip, and so for its device. */
export function zippedOutputs(zips: Iterable<PackedFile>): Result<readonly KitOutput[]> {
  const outputs: KitOutput[] = []
  for (const { path, bytes } of zips) {
    const found = zipMaterial(path, bytes)
    if (!found.ok) return found
    const name = path.replace(/^.*[/\\]/, '').replace(/\.zip$/i, '')
    if (found.value.kind === 'outputs') outputs.push(...found.value.outputs.map((one) => ({ ...one, name })))
  }
  return success(outputs)
}

export function isZipName(path: string): boolean {
  return path.toLowerCase().endsWith('.zip')
}

const MANIFEST = 'manifest.json'

/** The folders of outputs, each with a slash at its end; empty for the top. */
export function rootsOf(files: readonly { readonly path: string }[]): readonly string[] {
  return files.flatMap(({ path }) =>
    path === MANIFEST || path.endsWith(`/${MANIFEST}`) ? [path.slice(0, -MANIFEST.length)] : [],
  )
}

/** The files below a folder, by their paths below it. */
function below(files: readonly PackedFile[], root: string): ReadonlyMap<string, OutputFile> {
  return new Map(
    files
      .filter(({ path }) => path.startsWith(root))
      .map(({ path, ...file }): [string, OutputFile] => [path.slice(root.length), file]),
  )
}
