import { sha256 } from '#checksums'
import { digestOf, encode, modeText, type Artifact } from './artifact.ts'
import { byCodeUnit } from './diagnostic.ts'
import { durationText } from './duration.ts'
import { pathProblem } from './file-name.ts'
import { wishesOf } from './intent/choose.ts'
import { canonicalProfile, type Profile } from './profile.ts'
import { renderCache, type RenderCache } from './render-cache.ts'
import { render, viewOf, type RenderTemplate, type View } from './render.ts'
import type { ResolvedProfile } from './resolve.ts'
import { settingsLines } from './settings-text.ts'
import type { Permissions, Resolved, Target } from './target.ts'

/** Everything that a profile becomes: the tree below `OUT/NAME/`, sorted by path. */
export interface Bundle {
  readonly profile: Profile
  /** The folder that its zip unpacks into. */
  readonly folder: string
  readonly artifacts: readonly Artifact[]
}

/** The input of {@link bundle}. */
export interface BundleInput extends ResolvedProfile {
  /** The profile's file as it was given, byte for byte. */
  readonly source: Uint8Array
  /** The kit's version. */
  readonly version: string
  /** The folder that its zip unpacks into; the profile's name if left out. */
  readonly folder?: string
}

/**
 * The folder of a profile of a fleet, which no other settings have: its name, and the first 12 digits of the SHA-256 of its
 * profile.yaml. Zips of many devices can be unpacked side by side.
 */
export function settingsFolder(name: string, source: Uint8Array): string {
  return `${name}-${sha256(source).slice(0, 12)}`
}

/** The most that is read of a zip or a folder: bytes of the zip, bytes of all files in it, and number of files. */
export interface Limits {
  readonly bytes: number
  readonly files: number
}

/** The largest bundle has below 1 MB and 100 files. */
export const BUNDLE_LIMITS: Limits = { bytes: 16 * 1024 * 1024, files: 1_000 }

/** The version of the manifest's form; it rises when a reader of the old form would be misled. */
export const MANIFEST_FORMAT = 1

/** The content of manifest.json. */
export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT
  /** `keepalive-kit VERSION` */
  readonly generator: string
  readonly profile: Readonly<Record<string, unknown>>
  /** Every file but this one and SHA256SUMS; sizes in bytes, modes as `0644`. */
  readonly files: readonly {
    readonly path: string
    readonly size: number
    readonly mode: string
    readonly sha256: string
    /** Present for a script: everything it may touch on the machine where it runs. */
    readonly effects?: Permissions
  }[]
}

/**
 * Renders every target and adds README.txt, profile.yaml, manifest.json and SHA256SUMS. Whoever makes many bundles passes
 * the same cache to each.
 */
export function bundle(template: RenderTemplate, input: BundleInput, cache: RenderCache = renderCache()): Bundle {
  const views = input.resolved.map((resolved) => [viewOf(input.profile, resolved), resolved] as const)
  const content = [
    ...views.flatMap(([view, resolved]) => render(template, view, resolved, cache.artifacts)),
    encode('README.txt', 'text', readme(template, input, views), cache.artifacts),
    { path: 'profile.yaml', mode: 0o644, bytes: input.source } as const,
  ].toSorted(byPath)
  const described = [...content, manifest(input, content, cache)].toSorted(byPath)
  const artifacts = [...described, checksums(described, cache)].toSorted(byPath)
  checkPaths(artifacts, cache)
  return { profile: input.profile, folder: input.folder ?? input.profile.name, artifacts }
}

/** Throws if a system cannot hold the paths, which is a fault of a target. */
function checkPaths(artifacts: readonly Artifact[], { paths: known }: RenderCache): void {
  const paths = artifacts.map(({ path }) => path)
  const all = paths.join('\n')
  if (known.has(all)) return
  const problem = pathProblem(paths)
  if (problem !== undefined) throw new Error(`bug: ${problem}`)
  known.add(all)
}

function byPath(a: Artifact, b: Artifact): number {
  return byCodeUnit(a.path, b.path)
}

/** For programs: what this is and every file in it. No clock, host, user or path, so equal input gives equal bytes. */
function manifest({ profile, version }: BundleInput, files: readonly Artifact[], cache: RenderCache): Artifact {
  const content: Manifest = {
    format: MANIFEST_FORMAT,
    generator: `keepalive-kit ${version}`,
    profile: canonicalProfile(profile),
    files: files.map((file) => ({
      path: file.path,
      size: file.bytes.length,
      mode: modeText(file.mode),
      sha256: digestOf(file, cache.digests),
      ...(file.permissions === undefined ? {} : { effects: file.permissions }),
    })),
  }
  const text = JSON.stringify(content, null, 2).replace(/[^\n -~]/g, unicodeEscape)
  return encode('manifest.json', 'data', `${text}\n`, cache.artifacts)
}

/** JSON stays ASCII, so that no editor or terminal turns a title's text around. */
function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function checksums(files: readonly Artifact[], cache: RenderCache): Artifact {
  const text = files.map((file) => `${digestOf(file, cache.digests)}  ${file.path}\n`).join('')
  return encode('SHA256SUMS', 'data', text, cache.artifacts)
}

/** README.txt: the kit's frame around a section that each target writes for itself. */
function readme(
  template: RenderTemplate,
  { profile, selection }: BundleInput,
  views: readonly (readonly [View, Resolved])[],
): string {
  const targets = views.map(([, { target }]) => target)
  const sections = views.map(([view, resolved]) => ({
    id: resolved.target.id,
    systems: resolved.target.systems,
    text: template(`${resolved.target.id}/README.txt`, sectionView(profile, view, resolved)),
  }))
  return template('bundle/README.txt', {
    name: profile.name,
    titles: profile.title === undefined ? [] : [profile.title],
    settings: settingsLines(profile),
    folders: targets.map(({ id }) => id).join(', '),
    install: eachWay(targets, ({ steps }) => steps.install),
    check: eachWay(targets, ({ steps }) => steps.check),
    sections,
    selection,
  })
}

/** A step for each target, with the ids of the targets where they differ: `type A (windows); type B (tcbsd)`. */
function eachWay(targets: readonly Target[], stepOf: (target: Target) => string): string {
  const steps = [...new Set(targets.map(stepOf))]
  if (steps.length === 1) return steps.join('')
  const idsFor = (step: string): string =>
    targets
      .filter((target) => stepOf(target) === step)
      .map(({ id }) => id)
      .join(', ')
  return steps.map((step) => `${step} (${idsFor(step)})`).join('; ')
}

/** The view of a target's section of README.txt: that of its other templates, and more. */
function sectionView(profile: Profile, view: View, { target, detection, unsupported, chosen }: Resolved) {
  return {
    ...view,
    chosen: chosen.length === 0 ? [] : [{ fields: chosen.join(', '), wishes: wishesOf(profile.intent) }],
    systems: target.systems,
    activation: target.activation.text,
    detection: detection === undefined ? 'not known for this system' : durationText(detection),
    unsupported: unsupported.map(({ field, setting }) => ({ field, instead: setting.instead })),
  }
}
