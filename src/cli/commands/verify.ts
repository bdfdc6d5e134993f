import { join, relative, resolve } from 'node:path'
import { BUNDLE_LIMITS } from '../../core/bundle.ts'
import { isError, problem, type Diagnostic } from '../../core/diagnostic.ts'
import { escapeInvisible } from '../../core/words.ts'
import { findOutputs, readUpTo, type OutputPath } from '../../io/outputs.ts'
import { withProgress } from '../progress.ts'
import type { World } from '../../io/world.ts'
import type { Kit } from '../../review/verify/tree.ts'
import { programKit } from '../../app/kit.ts'
import { colorsFor } from '../report/color.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import type { VerifyOptions } from '../definitions/review.ts'
import { STDIO } from '../options.ts'
import { jsonPath } from '../output.ts'
import { reportDiagnostics, reportJson } from '../report/report.ts'
import { verifyFolder } from '../../app/verify-folder.ts'
import { verifyZip, type Verified } from '../../kit/verify.ts'

/** One output, as messages and results name it. */
interface VerifyTarget {
  readonly kind: OutputPath['kind'] | 'stdin'
  readonly path: string
}

/** Says of each output whether it is what its profile says, and untouched. */
export async function verify(world: World, options: VerifyOptions): Promise<ExitCode> {
  if (options.lock !== undefined && options.profile !== undefined)
    throw new UsageError('--lock and --profile are two things to hold the paths against; give one of them')
  if (options.lock !== undefined)
    return (await import('../../app/verify-against.ts')).verifyAgainstLock(world, options, options.lock)
  if (options.profile !== undefined)
    return (await import('../../app/verify-against.ts')).verifyAgainstProfile(world, options, options.profile)
  const { outputs, diagnostics, exitCode } = outputsOf(world, options.paths)
  const kit = programKit()
  const verified = await withProgress(world, options.quiet, 'verifying', outputs, async (output) => {
    const one = await verifyOutput(world, kit, output)
    return options.strict ? { ...one, diagnostics: one.diagnostics.map(asError) } : one
  })
  const found = [...diagnostics, ...verified.flatMap((one) => one.diagnostics)]
  if (options.format === 'json')
    reportJson(world, { artifacts: [], bundles: [], diagnostics: found, verified: verified.map(verifiedRow) })
  else for (const one of verified) world.out(`${escapeInvisible(one.path)}: ${summary(one)}\n`)
  reportDiagnostics(world, found, options.format, colorsFor(world, options))
  return exitCode !== 0 ? exitCode : found.some(isError) ? 1 : 0
}

/** Every output that the arguments stand for, once. */
function outputsOf(world: World, paths: readonly string[]) {
  const outputs = new Map<string, VerifyTarget>()
  const diagnostics: Diagnostic[] = []
  let exitCode: ExitCode = 0
  for (const path of new Set(paths)) {
    if (path === STDIO) {
      outputs.set(STDIO, { kind: 'stdin', path })
      continue
    }
    const places = path === '' ? undefined : findOutputs(resolve(world.cwd, path))
    if (places === undefined) exitCode = 2
    if (places === undefined) diagnostics.push(problem('input/no-such-file', { file: path }))
    else if (places.length === 0) diagnostics.push(problem('verify/no-output', { folder: path }))
    for (const place of places ?? []) {
      const below = relative(resolve(world.cwd, path), place.path)
      const shown = below === '' ? path : join(path, below)
      if (!outputs.has(place.path)) outputs.set(place.path, { kind: place.kind, path: shown })
    }
  }
  return { outputs: [...outputs.values()], diagnostics, exitCode }
}

async function verifyOutput(world: World, kit: Kit, { kind, path }: VerifyTarget): Promise<Verified> {
  if (kind === 'folder') return verifyFolder(kit, resolve(world.cwd, path), path)
  const most = BUNDLE_LIMITS.bytes + 1
  const bytes = kind === 'stdin' ? await world.readStdin(most) : readUpTo(resolve(world.cwd, path), most)
  return verifyZip(kit, bytes, path)
}

function asError(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'error' }
}

function summary({ profile, generator, files, madeAgain, diagnostics }: Verified): string {
  const wrong = diagnostics.filter(isError).length
  if (wrong > 0) return `not as it should be (${wrong} ${wrong === 1 ? 'problem' : 'problems'})`
  const answer = madeAgain ? 'as it should be' : 'its own checksums are right'
  return `${answer} (${files} files, profile ${escapeInvisible(`${profile}, made by ${generator}`)})`
}

function verifiedRow({ path, profile, files, diagnostics }: Verified): object {
  return { path: jsonPath(path), profile: profile ?? null, files, ok: !diagnostics.some(isError) }
}
