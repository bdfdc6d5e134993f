import { sha256 } from '#checksums'
import { modeText } from '../../src/core/artifact.ts'
import { bundle, type Bundle } from '../../src/core/bundle.ts'
import { byCodeUnit } from '../../src/core/diagnostic.ts'
import type { FoundFile } from '../../src/core/plan.ts'
import { VERSION } from '../../src/io/assets.ts'
import { check } from '../../src/source/check.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { templates } from './build.ts'
import { LINE4 } from './cli.ts'

/** The files of an output, to be tampered with. */
export type Files = Map<string, FoundFile>

/** The output of a profile, as `generate` and `bundle` write it. */
export function outputOf(profile: string = LINE4, targets: readonly string[] = [], version: string = VERSION): Bundle {
  const { checked } = check(TARGETS, [{ file: 'line4.yaml', source: Buffer.from(profile) }], { targets, strict: false })
  const [one] = checked
  if (one === undefined) throw new Error('the profile of the test is wrong')
  return bundle(templates, { ...one, version })
}

export function filesOf({ artifacts }: Bundle): Files {
  return new Map(artifacts.map(({ path, bytes, mode }) => [path, { bytes, mode }]))
}

export function textOf(files: Files, path: string): string {
  return Buffer.from(files.get(path)?.bytes ?? []).toString('utf8')
}

/** Edits the text of an existing file. */
export function edit(files: Files, path: string, change: (text: string) => string): void {
  const found = files.get(path)
  if (found === undefined) throw new Error(`there is no ${path} to edit`)
  const text = Buffer.from(found.bytes).toString('latin1')
  const changed = change(text)
  if (changed === text) throw new Error(`${path} is not changed by its edit`)
  files.set(path, { ...found, bytes: Buffer.from(changed, 'latin1') })
}

/** Hides a change: manifest.json and SHA256SUMS describe the files as they are now. */
export function cover(files: Files): void {
  const manifest = JSON.parse(textOf(files, 'manifest.json')) as { files: { path: string; effects?: object }[] }
  const paths = [...files.keys()].filter((path) => !['manifest.json', 'SHA256SUMS'].includes(path)).toSorted(byCodeUnit)
  const entries = paths.map((path) => {
    const { bytes, mode } = files.get(path) as FoundFile
    const effects = manifest.files.find((file) => file.path === path)?.effects
    const facts = { path, size: bytes.length, mode: modeText(mode ?? 0o644), sha256: sha256(bytes) }
    return effects === undefined ? facts : { ...facts, effects }
  })
  const text = `${JSON.stringify({ ...manifest, files: entries }, null, 2)}\n`
  files.set('manifest.json', { bytes: Buffer.from(text), mode: 0o644 })
  coverSums(files)
}

/** The same for SHA256SUMS only. */
export function coverSums(files: Files): void {
  const paths = [...files.keys()].filter((path) => path !== 'SHA256SUMS').toSorted(byCodeUnit)
  const sums = paths.map((path) => `${sha256((files.get(path) as FoundFile).bytes)}  ${path}\n`)
  files.set('SHA256SUMS', { bytes: Buffer.from(sums.join('')), mode: 0o644 })
}
