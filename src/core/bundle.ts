import { encode, modeText, pathProblem, sha256, type Artifact } from './artifact.ts'
import { byCodeUnit } from './diagnostic.ts'
import { durationText } from './duration.ts'
import { canonicalProfile, type Profile } from './profile.ts'
import { assignmentText, render, standardText, type RenderTemplate } from './render.ts'
import type { Resolved } from './target.ts'

/** Everything that a profile becomes: the tree below `OUT/NAME/`, sorted by path. */
export interface Bundle {
  readonly profile: Profile
  readonly artifacts: readonly Artifact[]
}

/** What a bundle needs beside the profile itself. */
export interface BundleInput {
  readonly profile: Profile
  /** The profile's file as it was given, byte for byte. */
  readonly source: Uint8Array
  readonly resolved: readonly Resolved[]
  /** The targets chosen on the command line; empty when the profile's own were taken. */
  readonly selection: readonly string[]
  /** Of the kit. */
  readonly version: string
}

/** The manifest's own form; it rises when a reader of the old one would be misled. */
const MANIFEST_FORMAT = 1

/** Renders every target and adds README.txt, profile.yaml, manifest.json and SHA256SUMS. */
export function bundle(template: RenderTemplate, input: BundleInput): Bundle {
  const content = [
    ...input.resolved.flatMap((resolved) => render(template, input.profile, resolved)),
    encode('README.txt', 'text', readme(template, input)),
    { path: 'profile.yaml', mode: 0o644, bytes: input.source } as const,
  ].toSorted(byPath)
  const described = [...content, manifest(input, content)].toSorted(byPath)
  const artifacts = [...described, checksums(described)].toSorted(byPath)
  const problem = pathProblem(artifacts.map(({ path }) => path))
  if (problem !== undefined) throw new Error(`bug: ${problem}`)
  return { profile: input.profile, artifacts }
}

function byPath(a: Artifact, b: Artifact): number {
  return byCodeUnit(a.path, b.path)
}

/** For programs: what this is and every file in it. No clock, host, user or path, so equal input gives equal bytes. */
function manifest({ profile, version }: BundleInput, files: readonly Artifact[]): Artifact {
  const content = {
    format: MANIFEST_FORMAT,
    generator: `keepalive-kit ${version}`,
    profile: canonicalProfile(profile),
    files: files.map(({ path, bytes, mode }) => ({
      path,
      size: bytes.length,
      mode: modeText(mode),
      sha256: sha256(bytes),
    })),
  }
  const text = JSON.stringify(content, null, 2).replace(/[^\n -~]/g, unicodeEscape)
  return { path: 'manifest.json', mode: 0o644, bytes: Buffer.from(`${text}\n`) }
}

/** JSON stays ASCII, so that no editor or terminal turns a title's text around. */
function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function checksums(files: readonly Artifact[]): Artifact {
  const text = files.map(({ path, bytes }) => `${sha256(bytes)}  ${path}\n`).join('')
  return { path: 'SHA256SUMS', mode: 0o644, bytes: Buffer.from(text) }
}

/** README.txt: the kit's frame around a section that each target writes for itself. */
function readme(template: RenderTemplate, { profile, resolved, selection }: BundleInput): string {
  const sections = resolved.map((one) => ({
    id: one.target.id,
    systems: one.target.systems,
    text: template(`${one.target.id}/README.txt`, sectionView(profile, one)),
  }))
  return template('bundle/README.txt', {
    name: profile.name,
    titles: profile.title === undefined ? [] : [profile.title],
    sections,
    selection,
  })
}

function sectionView(profile: Profile, { target, assignments, detection, unsupported }: Resolved) {
  return {
    name: profile.name,
    id: target.id,
    systems: target.systems,
    activation: target.activation,
    place: target.places,
    detection:
      detection === undefined
        ? 'is not known for this system'
        : `${durationText(detection)} after its last sign of life`,
    assignments: assignments.map((assignment) => ({
      key: assignment.setting.key,
      value: assignment.value,
      unit: assignment.setting.kind === 'duration' ? ` ${assignment.setting.unit}` : '',
      text: assignmentText(assignment),
      summary: assignment.setting.summary,
      standard: standardText(assignment.setting),
    })),
    unsupported: unsupported.map((field) => {
      const setting = target.settings[field]
      return { field, instead: setting.kind === 'unsupported' ? setting.instead : '' }
    }),
  }
}
