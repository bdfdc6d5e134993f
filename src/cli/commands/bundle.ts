import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { sha256 } from '#checksums'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { escapeInvisible } from '../../core/words.ts'
import { loadTemplates, VERSION } from '../../io/assets.ts'
import { withProgress } from '../progress.ts'
import type { World } from '../../io/world.ts'
import { recover, replaceFile } from '../../io/tree.ts'
import { build, type Checked } from '../../source/check.ts'
import { colorsFor } from '../report/color.ts'
import type { ExitCode } from '../exit.ts'
import { zipOf } from '../../app/zip.ts'
import { load } from '../../app/load.ts'
import type { BundleOptions } from '../definitions/start.ts'
import type { OutputOptions } from '../options.ts'
import { jsonPath, obstacles, zipPath } from '../output.ts'
import { reportDiagnostics, reportJson } from '../report/report.ts'

/** One profile's zip, and whether the one on disk is the same. */
interface Zipped {
  readonly profile: string
  readonly path: string
  readonly files: number
  readonly bytes: Uint8Array
  readonly state: 'new' | 'changed' | 'same'
}

/** Writes the zip of each profile, or compares it with what is there. */
export async function bundleProfiles(world: World, options: BundleOptions): Promise<ExitCode> {
  const { checked, diagnostics, exitCode } = await load(world, options)
  const blocked = obstacles(world, checked, 'file', (name) => zipPath(options, name))
  const zips = exitCode === 0 && blocked.length === 0 ? await makeZips(world, options, checked) : []
  const found = [...diagnostics, ...blocked, ...(options.check ? zips.flatMap(difference) : [])]
  if (!options.check && !options.dryRun)
    for (const { path, bytes, state } of zips) if (state !== 'same') replaceFile(resolve(world.cwd, path), bytes)
  if (options.format === 'json')
    reportJson(world, {
      artifacts: [],
      bundles: zips.filter(({ state }) => !options.check || state === 'same').map(bundleRow),
      diagnostics: found,
    })
  else report(world, zips, options)
  reportDiagnostics(world, found, options.format, colorsFor(world, options))
  return exitCode !== 0 ? exitCode : found.some(({ severity }) => severity === 'error') ? 1 : 0
}

async function makeZips(world: World, options: BundleOptions, checked: readonly Checked[]): Promise<readonly Zipped[]> {
  if (!options.check && !options.dryRun) recover(resolve(world.cwd, options.out))
  const template = loadTemplates()
  return withProgress(world, options.quiet, 'bundling', checked, async (one) => {
    const made = build(template, one, VERSION)
    const path = zipPath(options, made.profile.name)
    const bytes = await zipOf(made, options.compress)
    return {
      profile: made.profile.name,
      path,
      files: made.artifacts.length,
      bytes,
      state: stateOf(resolve(world.cwd, path), bytes),
    }
  })
}

function stateOf(path: string, bytes: Uint8Array): Zipped['state'] {
  try {
    return Buffer.compare(readFileSync(path), bytes) === 0 ? 'same' : 'changed'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'new'
    throw error
  }
}

function difference({ path, state }: Zipped): readonly Diagnostic[] {
  const how = { new: 'is missing', changed: 'is not what its profile says' }
  if (state === 'same') return []
  return [problem('output/differs', { how: `${how[state]}; run bundle without --check` }, { location: { file: path } })]
}

function report(world: World, zips: readonly Zipped[], { check, dryRun, quiet }: OutputOptions): void {
  if (check) {
    const right = zips.filter(({ state }) => state === 'same')
    if (!quiet) for (const { path } of right) world.err(`${escapeInvisible(path)}: as it should be\n`)
    return
  }
  for (const { path, state } of zips) world.out(`${dryRun ? `${state.padEnd(8)} ` : ''}${escapeInvisible(path)}\n`)
  if (quiet) return
  for (const { path, files, bytes, state } of zips)
    world.err(
      `${escapeInvisible(path)}: ${files} files, ${bytes.length} bytes, sha256 ${sha256(bytes)}${state === 'same' ? ', unchanged' : ''}\n`,
    )
  if (dryRun) world.err('dry run: nothing was written\n')
  else if (zips.length > 0)
    world.err(`next: unpack it on the machine and follow ${(zips[0] as Zipped).profile}/README.txt\n`)
}

function bundleRow({ profile, path, bytes }: Zipped): object {
  return { profile, path: jsonPath(path), sha256: sha256(bytes), bytes: bytes.length }
}
