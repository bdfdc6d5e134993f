import { join, relative, resolve } from 'node:path'
import { BUNDLE_LIMITS } from '../core/bundle.ts'
import { graded, problem, type Diagnostic } from '../core/diagnostic.ts'
import { renderCache } from '../core/render-cache.ts'
import { findOutputs, readUpTo, type OutputPath } from '../io/outputs.ts'
import { STDIO, type World } from '../io/world.ts'
import type { Kit } from '../review/verify/tree.ts'
import { inTurn, type Listener } from './events.ts'
import { verifyZip, type Verified } from '../kit/verify.ts'
import { programKit } from './kit.ts'
import { isPreset } from '../source/presets.ts'
import { verifyFolder } from './verify-folder.ts'
import { verifyWith, withCommand } from './verify-hint.ts'

/** Outputs to verify, and how strictly. */
export interface VerifyRequest {
  /** Output folders, zips, folders of these, or standard input. */
  readonly paths: readonly string[]
  /** Warnings count as errors. */
  readonly strict: boolean
}

export interface VerifiedOutputs {
  readonly verified: readonly Verified[]
  /** Diagnostics about the paths and about all outputs. */
  readonly diagnostics: readonly Diagnostic[]
}

/** One output, as messages and results name it. */
interface VerifyTarget {
  readonly kind: OutputPath['kind'] | 'stdin'
  readonly path: string
}

/** Checks whether each output is untouched, and what its profile makes. */
export async function verifyOutputs(
  world: World,
  { paths, strict }: VerifyRequest,
  tell: Listener,
): Promise<VerifiedOutputs> {
  const { outputs, diagnostics } = outputsOf(world, paths)
  const kit = { ...programKit(), cache: renderCache() }
  const verified = await inTurn(tell, 'verify', outputs, async (output) => {
    const one = await verifyOutput(world, kit, output)
    return { ...one, diagnostics: graded(one.diagnostics, strict) }
  })
  return { verified, diagnostics: [...diagnostics, ...verified.flatMap((one) => one.diagnostics)] }
}

/** Every output that the arguments name, once. */
function outputsOf(world: World, paths: readonly string[]) {
  const outputs = new Map<string, VerifyTarget>()
  const diagnostics: Diagnostic[] = []
  for (const path of new Set(paths)) {
    if (path === STDIO) {
      outputs.set(STDIO, { kind: 'stdin', path })
      continue
    }
    if (isPreset(path)) {
      const instead = `keepalive-kit verify ${verifyWith(path)}`
      diagnostics.push(problem('input/no-such-file', { file: path, instead }))
      continue
    }
    const places = path === '' ? undefined : findOutputs(resolve(world.cwd, path))
    if (places === undefined) diagnostics.push(problem('input/no-such-file', { file: path }))
    else if (places.length === 0) diagnostics.push(problem('verify/no-output', { folder: path }))
    for (const place of places ?? []) {
      const below = relative(resolve(world.cwd, path), place.path)
      const shown = below === '' ? path : join(path, below)
      if (!outputs.has(place.path)) outputs.set(place.path, { kind: place.kind, path: shown })
    }
  }
  return { outputs: [...outputs.values()], diagnostics }
}

async function verifyOutput(world: World, kit: Kit, { kind, path }: VerifyTarget): Promise<Verified> {
  if (kind === 'folder') return verifyFolder(kit, resolve(world.cwd, path), path)
  const most = BUNDLE_LIMITS.bytes + 1
  const bytes = kind === 'stdin' ? await world.readStdin(most) : readUpTo(resolve(world.cwd, path), most)
  const verified = verifyZip(kit, bytes, path)
  return { ...verified, diagnostics: verified.diagnostics.map((one) => withCommand(one, bytes, path)) }
}
