import { join, resolve } from 'node:path'
import { BUNDLE_LIMITS } from '../core/bundle.ts'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import type { Change } from '../core/plan.ts'
import { inTheWay } from '../io/tree.ts'
import type { World } from '../io/world.ts'
import type { Checked } from '../source/check.ts'
import type { ProfileRequest } from './load.ts'

/** Profiles whose outputs are written, compared or only planned. */
export interface OutputRequest extends ProfileRequest {
  /** The folder of all outputs. */
  readonly out: string
  /** Compares with the files that exist, and writes nothing. */
  readonly check: boolean
  /** Plans, and writes nothing. */
  readonly dryRun: boolean
}

/** Whether a request changes files. */
export function writes({ check, dryRun }: Pick<OutputRequest, 'check' | 'dryRun'>): boolean {
  return !check && !dryRun
}

/** The folder of a profile's tree in messages and results, relative to the working folder. */
export function treePath(out: string, name: string): string {
  return join(out, name)
}

/** The path of a profile's zip, relative to the same folder. */
export function zipPath(out: string, name: string): string {
  return join(out, `${name}.zip`)
}

/** The problem of a folder that is larger than any output, so that it was not read. */
export function largeFolder(folder: string): Diagnostic {
  return problem('output/too-large', { folder, max: BUNDLE_LIMITS.bytes, files: BUNDLE_LIMITS.files })
}

/** The problem of a folder with files that the kit did not write, if it has any. */
export function foreignFiles(folder: string, changes: readonly Change[]): readonly Diagnostic[] {
  const files = changes.filter(({ kind }) => kind === 'foreign').map(({ path }) => path)
  const manifest = changes.some(({ kind, path }) => path === 'manifest.json' && kind !== 'new')
  return files.length === 0 ? [] : [problem('output/foreign-file', { folder, files, manifest })]
}

/** Reports everything of another kind that is in the place of a profile's output; a link is not followed. */
export function obstacles(
  world: World,
  checked: readonly Checked[],
  wanted: 'file' | 'folder',
  pathOf: (name: string) => string,
): readonly Diagnostic[] {
  return checked.flatMap(({ profile }) => {
    const path = pathOf(profile.name)
    const what = inTheWay(resolve(world.cwd, path), wanted)
    return what === undefined ? [] : [problem('output/in-the-way', { path, what })]
  })
}
