import { resolve } from 'node:path'
import { bundle, BUNDLE_LIMITS } from '../core/bundle.ts'
import { sameBytes } from '../core/bytes.ts'
import { isError, problem, type Diagnostic } from '../core/diagnostic.ts'
import { renderCache } from '../core/render-cache.ts'
import { loadTemplates, VERSION } from '../io/assets.ts'
import { replaceFile } from '../io/atomic.ts'
import { readIfThere, recover } from '../io/tree.ts'
import type { World } from '../io/world.ts'
import type { Checked } from '../source/check.ts'
import { inTurn, type Listener } from './events.ts'
import { load } from './load.ts'
import { isOurZip } from './our-zip.ts'
import { zipOf } from './zip.ts'
import { obstacles, writes, zipPath, type OutputRequest } from './output.ts'

/** One profile's zip, and whether the one on disk is the same. */
export interface Zipped {
  readonly profile: string
  /** Its path in messages and results, relative to the working folder. */
  readonly path: string
  readonly files: number
  readonly bytes: Uint8Array
  /** `foreign`: there is another file, which the kit did not write. */
  readonly state: 'new' | 'changed' | 'same' | 'foreign'
}

export interface Bundled {
  readonly zips: readonly Zipped[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Outputs to write as zips. */
export interface BundleRequest extends OutputRequest {
  /** Deflates the files in the zips, whose bytes then depend on the zlib of Node. */
  readonly compress: boolean
}

/** Writes the zip of each profile, or compares it with the one that exists. */
export async function bundleZips(world: World, request: BundleRequest, tell: Listener): Promise<Bundled> {
  const { checked, diagnostics } = await load(world, request)
  const blocked = obstacles(world, checked, 'file', (name) => zipPath(request.out, name))
  const wrong = [...diagnostics, ...blocked]
  if (wrong.some(isError)) return { zips: [], diagnostics: wrong }
  const zips = await zipAll(world, request, checked, tell)
  const foreign = request.check ? [] : zips.filter(({ state }) => state === 'foreign')
  if (foreign.length > 0)
    return {
      zips: [],
      diagnostics: [...diagnostics, ...foreign.map(({ path }) => problem('output/foreign-zip', { path }))],
    }
  if (writes(request))
    for (const { path, bytes, state } of zips) if (state !== 'same') replaceFile(resolve(world.cwd, path), bytes)
  return { zips, diagnostics: [...diagnostics, ...(request.check ? zips.flatMap(objections) : [])] }
}

async function zipAll(
  world: World,
  request: BundleRequest,
  checked: readonly Checked[],
  tell: Listener,
): Promise<readonly Zipped[]> {
  if (writes(request)) recover(resolve(world.cwd, request.out))
  const template = loadTemplates()
  const cache = renderCache()
  return inTurn(tell, 'bundle', checked, async (one) => {
    const made = bundle(template, { ...one, version: VERSION }, cache)
    const path = zipPath(request.out, made.profile.name)
    const bytes = await zipOf(made, request.compress, cache.sums)
    const there = readIfThere(resolve(world.cwd, path), BUNDLE_LIMITS.bytes)
    return { profile: made.profile.name, path, files: made.artifacts.length, bytes, state: stateOf(there, bytes) }
  })
}

function stateOf(there: Uint8Array | undefined, bytes: Uint8Array): Zipped['state'] {
  if (there === undefined) return 'new'
  if (sameBytes(there, bytes)) return 'same'
  return isOurZip(there) ? 'changed' : 'foreign'
}

function objections({ path, state }: Zipped): readonly Diagnostic[] {
  if (state === 'same') return []
  const how = {
    new: 'is missing; run bundle without --check',
    changed: 'is not what its profile says; run bundle without --check',
    foreign: 'is not a zip that the kit wrote; move it away',
  }[state]
  return [problem('output/differs', { how }, { location: { file: path } })]
}
