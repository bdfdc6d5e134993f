import { join, resolve } from 'node:path'
import { sha256 } from '#checksums'
import { modeText, type Artifact } from '../../core/artifact.ts'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { escapeInvisible } from '../../core/words.ts'
import { plan, type Change } from '../../core/plan.ts'
import { loadTemplates, VERSION } from '../../io/assets.ts'
import { withProgress } from '../progress.ts'
import { readTree, recover, replaceTree } from '../../io/tree.ts'
import { build, type Checked } from '../../source/check.ts'
import { differenceData } from '../../review/compare/difference-data.ts'
import { differenceText } from '../../review/compare/difference-text.ts'
import type { Difference } from '../../review/compare/difference.ts'
import { treeDifference } from '../../kit/tree-difference.ts'
import { TARGETS } from '../../targets/index.ts'
import { colorsFor } from '../report/color.ts'
import { load } from '../../app/load.ts'
import type { OutputOptions } from '../options.ts'
import { jsonPath, obstacles, treePath } from '../output.ts'
import { reportDiagnostics, reportJson } from '../report/report.ts'
import type { World } from '../../io/world.ts'
import type { ExitCode } from '../exit.ts'

/** One profile's tree: what it should be, and what has to change. */
interface Tree {
  /** As messages and results name it, relative to where the person stands. */
  readonly folder: string
  readonly profile: Checked['profile']
  readonly artifacts: readonly Artifact[]
  readonly changes: readonly Change[]
  /** With --check: what differs in meaning. */
  readonly difference: Difference | undefined
}

/** Writes the tree of each profile, or compares it with what is there. */
export async function generate(world: World, options: OutputOptions): Promise<ExitCode> {
  const { checked, diagnostics, exitCode } = await load(world, options)
  const blocked = obstacles(world, checked, 'folder', (name) => treePath(options, name))
  const trees = exitCode === 0 && blocked.length === 0 ? await planTrees(world, options, checked) : []
  const found = [...diagnostics, ...blocked, ...trees.flatMap((tree) => objections(tree, options))]
  const wrong = found.some(({ severity }) => severity === 'error')
  if (exitCode === 0 && !wrong && !options.check && !options.dryRun) writeTrees(world, trees)
  if (options.format === 'json')
    reportJson(world, {
      artifacts: wrong ? [] : trees.flatMap(artifactRows),
      bundles: [],
      diagnostics: found,
      ...(options.check
        ? { differences: trees.flatMap(({ difference }) => difference ?? []).map(differenceData) }
        : {}),
    })
  else if (!wrong) report(world, trees, options)
  else for (const { difference } of trees) world.out(difference === undefined ? '' : differenceText(difference))
  reportDiagnostics(world, found, options.format, colorsFor(world, options))
  return exitCode !== 0 ? exitCode : wrong ? 1 : 0
}

async function planTrees(world: World, options: OutputOptions, checked: readonly Checked[]): Promise<readonly Tree[]> {
  if (!options.check && !options.dryRun) recover(resolve(world.cwd, options.out))
  const template = loadTemplates()
  return withProgress(world, options.quiet, 'planning', checked, (one) => {
    const { artifacts, profile } = build(template, one, VERSION)
    const folder = treePath(options, profile.name)
    const found = readTree(resolve(world.cwd, folder))
    const changes = plan(profile.name, artifacts, found)
    const difference =
      options.check && changes.some(({ kind }) => kind !== 'same')
        ? treeDifference(TARGETS, one, found, folder)
        : undefined
    return { folder, profile, artifacts, changes, difference }
  })
}

function objections({ folder, changes }: Tree, { check }: OutputOptions): readonly Diagnostic[] {
  if (check)
    return changes
      .filter(({ kind }) => kind !== 'same')
      .map(({ kind, path }) =>
        problem('output/differs', { how: HOW[kind] }, { location: { file: join(folder, path) } }),
      )
  const files = changes.filter(({ kind }) => kind === 'foreign').map(({ path }) => path)
  const manifest = changes.some(({ kind, path }) => path === 'manifest.json' && kind !== 'new')
  return files.length === 0 ? [] : [problem('output/foreign-file', { folder, files, manifest })]
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

function report(world: World, trees: readonly Tree[], { dryRun, check, quiet }: OutputOptions): void {
  for (const { folder, changes } of trees)
    for (const { kind, path } of changes)
      if (kind !== 'same') world.out(`${kind.padEnd(8)} ${escapeInvisible(join(folder, path))}\n`)
  if (quiet) return
  for (const { folder, changes } of trees) world.err(`${escapeInvisible(folder)}: ${summary(changes)}\n`)
  if (dryRun) world.err('dry run: nothing was written\n')
  else if (!check && trees.length > 0)
    world.err(`next: read ${escapeInvisible(join((trees[0] as Tree).folder, 'README.txt'))}\n`)
}

/** `25 files: 3 changed, 14 removed`; what was removed is not counted among the files. */
function summary(changes: readonly Change[]): string {
  const count = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length
  const parts = (['new', 'changed', 'mode', 'removed'] as const).flatMap((kind) =>
    count(kind) > 0 ? [`${count(kind)} ${kind}`] : [],
  )
  return `${changes.length - count('removed')} files: ${parts.length === 0 ? 'all as they should be' : parts.join(', ')}`
}

function artifactRows({ folder, profile, artifacts }: Tree): readonly object[] {
  return artifacts.map(({ path, bytes, mode }) => {
    const [first, rest] = path.split('/')
    const target = rest === undefined ? null : first
    return {
      profile: profile.name,
      target,
      path: jsonPath(join(folder, path)),
      sha256: sha256(bytes),
      bytes: bytes.length,
      mode: modeText(mode),
    }
  })
}
