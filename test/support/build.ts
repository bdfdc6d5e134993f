import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Artifact } from '../../src/core/artifact.ts'
import { bundle } from '../../src/core/bundle.ts'
import type { Diagnostic } from '../../src/core/diagnostic.ts'
import { loadTemplates } from '../../src/io/assets.ts'
import { check } from '../../src/source/check.ts'
import { TARGETS } from '../../src/targets/index.ts'

/** A profile with times in ms, as tests write it. */
export interface TestProfile {
  readonly name?: string
  readonly title?: string
  readonly idle?: number
  readonly interval?: number
  readonly probes?: number
  readonly init?: number
  readonly always?: boolean
  readonly options?: object
}

export const templates = loadTemplates()

/** The profile as JSON, which is YAML too; idle is 20 s and interval 5 s by default. */
export function profileText({
  name = 'beckhoff',
  title,
  idle = 20_000,
  interval = 5_000,
  ...rest
}: TestProfile): string {
  const { init, probes, always, options } = rest
  const times = { idle: `${idle}ms`, interval: `${interval}ms`, init: init === undefined ? undefined : `${init}ms` }
  return JSON.stringify({ name, title, ...times, probes, always, options })
}

/** All artifacts of a profile for the given targets (default: all); a wrong profile throws its messages. */
export function buildBundle(text: string | Uint8Array, ...targets: readonly string[]): readonly Artifact[] {
  const { checked, diagnostics } = check(TARGETS, [{ file: 'test.yaml', source: Buffer.from(text) }], {
    targets,
    strict: false,
  })
  const [one] = checked
  if (one === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return bundle(templates, { ...one, version: '0.0.0' }).artifacts
}

/** The diagnostics of a profile for the given targets (default: all). */
export function diagnose(text: string | Uint8Array, ...targets: readonly string[]): readonly Diagnostic[] {
  return check(TARGETS, [{ file: 'test.yaml', source: Buffer.from(text) }], { targets, strict: false }).diagnostics
}

/** Writes one target's artifacts into a new folder, as on a USB stick; returns the folder. */
export function buildTarget(target: string, profile: TestProfile = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-'))
  for (const { path, bytes, mode } of buildBundle(profileText(profile), target))
    if (path.startsWith(`${target}/`)) {
      const file = join(folder, path.slice(target.length + 1))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes, { mode })
    }
  return folder
}

/** The bytes of one artifact. */
export function artifact(text: string, target: string, file: string): Uint8Array {
  const found = buildBundle(text, target).find(({ path }) => path === `${target}/${file}`)
  if (found === undefined) throw new Error(`${target} makes no ${file}`)
  return found.bytes
}
