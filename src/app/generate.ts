import { join, resolve } from 'node:path'
import type { Artifact } from '../core/artifact.ts'
import { bundle } from '../core/bundle.ts'
import { isError, problem, type Diagnostic } from '../core/diagnostic.ts'
import { plan, type Change } from '../core/plan.ts'
import { renderCache } from '../core/render-cache.ts'
import { loadTemplates, VERSION } from '../io/assets.ts'
import { readTree, recover, replaceTree } from '../io/tree.ts'
import type { World } from '../io/world.ts'
import type { Difference } from '../review/compare/difference.ts'
import type { Checked } from '../source/check.ts'
import { inTurn, type Listener } from './events.ts'
import { load } from './load.ts'
import { foreignFiles, largeFolder, obstacles, treePath, writes, type OutputRequest } from './output.ts'
import { treeDifference } from '../kit/tree-difference.ts'
import { TARGETS } from '../targets/index.ts'

/** One profile's tree: its wanted files, and the changes that lead to them. */
export interface Tree {
  /** Its path in messages and results, relative to the working folder. */
  readonly folder: string
  readonly profile: Checked['profile']
  readonly artifacts: readonly Artifact[]
  readonly changes: readonly Change[]
  /** Whether its folder is larger than any output; it was not read, and nobody knows the changes. */
  readonly tooLarge: boolean
  /** Present for a tree that is compared: the differences in meaning. */
  readonly difference: Difference | undefined
}

export interface Generated {
  /** Written only where no diagnostic is an error. */
  readonly trees: readonly Tree[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Writes the tree of each profile, or compares it with the files that exist. If one tree is wrong, none is written. */
export async function generateTrees(world: World, request: OutputRequest, tell: Listener): Promise<Generated> {
  const { checked, diagnostics } = await load(world, request)
  const blocked = obstacles(world, checked, 'folder', (name) => treePath(request.out, name))
  const wrong = [...diagnostics, ...blocked]
  if (wrong.some(isError)) return { trees: [], diagnostics: wrong }
  const trees = await planTrees(world, request, checked, tell)
  const found = [...diagnostics, ...trees.flatMap((tree) => objections(tree, request.check))]
  if (writes(request) && !found.some(isError)) writeTrees(world, trees)
  return { trees, diagnostics: found }
}

async function planTrees(
  world: World,
  request: OutputRequest,
  checked: readonly Checked[],
  tell: Listener,
): Promise<readonly Tree[]> {
  if (writes(request)) recover(resolve(world.cwd, request.out))
  const template = loadTemplates()
  const cache = renderCache()
  return inTurn(tell, 'generate', checked, (one) => {
    const { artifacts, profile } = bundle(template, { ...one, version: VERSION }, cache)
    const folder = treePath(request.out, profile.name)
    const { files: found, tooLarge } = readTree(resolve(world.cwd, folder))
    const changes = tooLarge ? [] : plan(profile.name, artifacts, found)
    const difference =
      request.check && (found.size === 0 || found.has('manifest.json')) && changes.some(({ kind }) => kind !== 'same')
        ? treeDifference(TARGETS, one, found, folder)
        : undefined
    return { folder, profile, artifacts, changes, tooLarge, difference }
  })
}

function objections({ folder, changes, tooLarge }: Tree, check: boolean): readonly Diagnostic[] {
  if (tooLarge) return [largeFolder(folder)]
  if (check)
    return changes
      .filter(({ kind }) => kind !== 'same')
      .map(({ kind, path }) =>
        problem('output/differs', { how: HOW[kind] }, { location: { file: join(folder, path) } }),
      )
  return foreignFiles(folder, changes)
}

const HOW: Readonly<Record<Change['kind'], string>> = {
  new: 'is missing; run generate without --check',
  changed: 'is not what its profile says; run generate without --check',
  mode: 'is right, but its executable bit is not; run generate without --check',
  removed: 'is no longer part of its profile; run generate without --check',
  foreign: 'was not written by keepalive-kit; move it away',
  same: 'is as it should be',
}

function writeTrees(world: World, trees: readonly Tree[]): void {
  for (const { folder, artifacts, changes } of trees)
    if (changes.some(({ kind }) => kind !== 'same')) replaceTree(resolve(world.cwd, folder), artifacts)
}
