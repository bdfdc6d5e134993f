import { bundle, type Bundle } from '../../core/bundle.ts'
import type { KitContext } from '../../core/context.ts'
import { isError, problem, type Diagnostic } from '../../core/diagnostic.ts'
import type { RenderCache } from '../../core/render-cache.ts'
import { failure } from '../../core/result.ts'
import { canonicalProfile } from '../../core/profile.ts'
import { check } from '../../source/check.ts'
import { fileFindings, modeFindings, sumsFindings, type Comparison, type OutputTree } from './files.ts'
import { differingKeys, GENERATOR, readManifest, type ReadManifest } from '../manifest.ts'

/** The parts of the kit that make an output again. */
export interface Kit extends Omit<KitContext, 'presets'> {
  /** Shared by all outputs of one verification. */
  readonly cache?: RenderCache
}

/** The result of checking an output. */
export interface TreeReport {
  /** The manifest; `undefined` if none can be read. */
  readonly manifest: ReadManifest | undefined
  /** The output of profile.yaml; `undefined` if another version made the output, or if it cannot be made again. */
  readonly again: Bundle | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Checks an output against its manifest and checksums and, if this version of the kit made it, against its profile's
 * output.
 */
export function checkTree(kit: Kit, tree: OutputTree): TreeReport {
  const found = tree.files.get('manifest.json')
  const read = found === undefined ? failure(problem('verify/no-manifest', {})) : readManifest(found.bytes)
  if (!read.ok) {
    const diagnostics = read.diagnostics.map((one) => ({ ...one, location: tree.at('manifest.json') }))
    return { manifest: undefined, again: undefined, diagnostics }
  }
  const manifest = read.value
  const { again, diagnostics } = makeAgain(kit, manifest, tree)
  const comparison: Comparison = {
    tree,
    listed: new Map(manifest.files.map((file) => [file.path, file])),
    made: again && new Map(again.artifacts.map((artifact) => [artifact.path, artifact])),
  }
  return {
    manifest,
    again,
    diagnostics: [
      ...diagnostics,
      ...tree.odd.map((path) => problem('verify/not-a-file', { path }, { location: tree.at(path) })),
      ...fileFindings(comparison),
      ...sumsFindings(comparison),
      ...modeFindings(comparison),
    ],
  }
}

interface Again {
  readonly again: Bundle | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Makes the output again from its profile.yaml, for the targets that its manifest names. */
function makeAgain(
  { registry, schema, template, version, cache }: Kit,
  manifest: ReadManifest,
  tree: OutputTree,
): Again {
  const nothing = (...diagnostics: readonly Diagnostic[]): Again => ({ again: undefined, diagnostics })
  const { generator, profile } = manifest
  if (generator !== `${GENERATOR}${version}`) {
    const data = { made: generator, version: `${GENERATOR}${version}` }
    return nothing(problem('verify/other-version', data, { location: tree.at('manifest.json') }))
  }
  const source = tree.files.get('profile.yaml')?.bytes
  if (source === undefined) return nothing()
  const location = tree.at('profile.yaml')
  const wishes = { targets: profile.targets, strict: false }
  const report = check(registry, [{ file: location.file, source }], wishes, schema())
  const [checked] = report.checked
  if (checked === undefined) {
    const wrong = report.diagnostics.find(isError)
    const data = { reason: wrong?.message ?? '' }
    return nothing(problem('verify/bad-profile', data, { location: wrong?.location ?? location }))
  }
  const keys = differingKeys(profile, canonicalProfile(checked.profile))
  if (keys.length > 0) return nothing(problem('verify/profile-differs', { keys }, { location }))
  return { again: bundle(template, { ...checked, version }, cache), diagnostics: [] }
}
