import type { Registry, Target } from '../../core/target.ts'
import { readerOfStore } from '../../formats/capture-file.ts'
import { entryKey, entryOf, filesDigest, type Entry } from '../entry.ts'
import type { OutputFile } from '../compare/file-changes.ts'
import { interpret, type CaptureReading, type TargetReading } from './reading.ts'
import { readManifest } from '../manifest.ts'

/** An output of the kit: one profile's folder, or the content of a zip. */
export interface KitOutput {
  /** The name in its manifest, or the name of its folder. */
  readonly name: string
  /** The files by path below the folder. */
  readonly files: ReadonlyMap<string, OutputFile>
}

/** An output, with the permissions of its scripts if its manifest can be read. */
export function outputOf(folder: string, files: ReadonlyMap<string, OutputFile>): KitOutput {
  const manifest = readManifest(files.get('manifest.json')?.bytes ?? new Uint8Array())
  if (!manifest.ok) return { name: folder, files }
  const permissions = new Map(manifest.value.files.map((listed) => [listed.path, listed.effects]))
  const withEffects = [...files].map(([path, file]) => {
    const own = permissions.get(path)
    return [path, own === undefined ? file : { ...file, permissions: own }] as const
  })
  return { name: manifest.value.profile.name, files: new Map(withEffects) }
}

/** The reading of each target's data file in an output; `path` names the folder in messages. */
export function outputFindings(
  registry: Registry,
  { files }: KitOutput,
  path: string,
): ReadonlyMap<Target, CaptureReading> {
  const found = [...registry.values()].flatMap((target) => {
    const below = `${target.id}/${target.outputs[0].path}`
    const bytes = files.get(below)?.bytes
    if (bytes === undefined) return []
    const read = readerOfStore(target.store.kind)
    return [[target, interpret(registry, read(bytes, `${path}/${below}`, registry), { named: [target.id] })] as const]
  })
  return new Map(found)
}

/** The entries of an output, with digests of its files. */
export function outputEntries(
  registry: Registry,
  output: KitOutput,
  path: string,
): readonly (readonly [string, Entry])[] {
  const artifacts = [...output.files].map(([below, { bytes }]) => ({ path: below, bytes }))
  return [...outputFindings(registry, output, path)].map(([target, { readings }]) => {
    const digest = filesDigest(target.id, artifacts)
    return [entryKey(output.name, target.id), entryOf(readings[0]?.settings ?? [], digest)] as const
  })
}

/** The entry of a machine's settings: it has no files. */
export function readingEntry({ settings }: TargetReading): Entry {
  return entryOf(settings)
}
