import { join, relative, resolve } from 'node:path'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import type { Found } from '../../core/plan.ts'
import { escapeInvisible } from '../../core/words.ts'
import { loadTemplates, VERSION } from '../../effects/assets.ts'
import { findOutputs, readFolder, readUpTo, type Place } from '../../effects/outputs.ts'
import { withProgress } from '../../effects/progress.ts'
import { MOST, unzip, type Unzipped } from '../../effects/unzip.ts'
import type { World } from '../../effects/world.ts'
import { zip } from '../../effects/zip.ts'
import { checkTree, type Kit, type TreeReport } from '../../review/tree-check.ts'
import { GENERATOR } from '../../review/tree-check-manifest.ts'
import { TARGETS } from '../../targets/index.ts'
import { colorsFor } from '../color.ts'
import type { ExitCode } from '../exit.ts'
import { STDIO, type CommonOptions } from '../options.ts'
import { jsonPath } from '../output.ts'
import { reportDiagnostics, reportJson } from '../report.ts'

interface VerifyOptions extends CommonOptions {
  readonly paths: readonly string[]
  /** Warnings count as errors. */
  readonly strict: boolean
}

/** One output, as messages and results name it. */
interface Output {
  readonly kind: Place['kind'] | 'stdin'
  readonly path: string
}

/** What was found of one output. */
interface Verified {
  readonly path: string
  readonly profile: string | undefined
  readonly generator: string | undefined
  readonly files: number
  readonly diagnostics: readonly Diagnostic[]
}

/** Says of each output whether it is what its profile says, and untouched. */
export async function verify(world: World, options: VerifyOptions): Promise<ExitCode> {
  const { outputs, diagnostics, exitCode } = outputsOf(world, options.paths)
  const kit: Kit = { registry: TARGETS, template: loadTemplates(), version: VERSION }
  const verified = await withProgress(world, options.quiet, 'verifying', outputs, async (output) => {
    const one = output.kind === 'folder' ? verifyFolder(world, kit, output) : await verifyZip(world, kit, output)
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
  const outputs = new Map<string, Output>()
  const diagnostics: Diagnostic[] = []
  let exitCode: ExitCode = 0
  for (const path of new Set(paths)) {
    const places = path === '' ? undefined : path === STDIO ? [] : findOutputs(resolve(world.cwd, path))
    if (path === STDIO) outputs.set(STDIO, { kind: 'stdin', path })
    else if (places?.length === 0) diagnostics.push(problem('verify/no-output', { folder: path }))
    else if (places === undefined) {
      diagnostics.push(problem('input/no-such-file', { file: path }))
      exitCode = 2
    } else
      for (const place of places) {
        const below = relative(resolve(world.cwd, path), place.path)
        outputs.set(place.path, { kind: place.kind, path: join(path, below) })
      }
  }
  return { outputs: [...outputs.values()], diagnostics, exitCode }
}

function verifyFolder(world: World, kit: Kit, { path }: Output): Verified {
  const { files, odd, tooLarge } = readFolder(resolve(world.cwd, path))
  if (tooLarge) {
    const data = { max: MOST.bytes, files: MOST.files }
    return unread(path, [problem('verify/too-large', data, { location: { file: path } })])
  }
  return result(path, files.size, checkTree(kit, { files, odd, at: (below) => ({ file: join(path, below) }) }))
}

async function verifyZip(world: World, kit: Kit, { kind, path }: Output): Promise<Verified> {
  const bytes =
    kind === 'stdin' ? await world.readStdin(MOST.bytes + 1) : readUpTo(resolve(world.cwd, path), MOST.bytes)
  const { entries, diagnostics } = await unzip(bytes, path)
  if (diagnostics.some(isError)) return unread(path, diagnostics)
  const location = { file: path }
  const folder = topFolder(entries)
  const inside = entries.filter((entry) => entry.path.startsWith(folder))
  const files = new Map(inside.map((entry) => [entry.path.slice(folder.length), asFound(entry)]))
  const report = checkTree(kit, { files, odd: [], at: () => location })
  const misplaced = report.manifest === undefined ? [] : misplacedIn(entries, folder, report.manifest.profile.name)
  const all = [...diagnostics, ...misplaced.map((one) => ({ ...one, location })), ...report.diagnostics]
  const repacked =
    report.again === undefined || all.some(isError) || Buffer.compare(await zip(report.again), bytes) === 0
      ? []
      : [problem('verify/repacked', {}, { severity: 'warning', location })]
  return result(path, entries.length, { ...report, diagnostics: [...all, ...repacked] })
}

/** The folder in which the manifest lies, with a slash; empty when it lies in none. */
function topFolder(entries: readonly Unzipped[]): string {
  const manifest = entries.find(({ path }) => /^[^/]+\/manifest\.json$/.test(path))
  return manifest === undefined ? '' : manifest.path.replace(/\/.*/, '/')
}

/** Everything belongs into one folder, which has the profile's name. */
function misplacedIn(entries: readonly Unzipped[], folder: string, name: string): readonly Diagnostic[] {
  const outside = entries.filter(({ path }) => !path.startsWith(folder))
  return [
    ...outside.map(({ path }) => problem('verify/outside-folder', { entry: path, folder })),
    ...(folder === `${name}/` ? [] : [problem('verify/folder-renamed', { folder, name })]),
  ]
}

function asFound({ bytes, mode }: Unzipped): Found {
  return { bytes, ...(mode === undefined ? {} : { mode }) }
}

function unread(path: string, diagnostics: readonly Diagnostic[]): Verified {
  return { path, profile: undefined, generator: undefined, files: 0, diagnostics }
}

function result(path: string, files: number, { manifest, diagnostics }: TreeReport): Verified {
  return { path, profile: manifest?.profile.name, generator: manifest?.generator, files, diagnostics }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}

function asError(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'error' }
}

function summary({ profile, generator, files, diagnostics }: Verified): string {
  const wrong = diagnostics.filter(isError).length
  if (wrong > 0) return `not as it should be (${wrong} ${wrong === 1 ? 'problem' : 'problems'})`
  const by = escapeInvisible(generator ?? GENERATOR)
  return `as it should be (${files} files, profile ${escapeInvisible(profile ?? '')}, made by ${by})`
}

function verifiedRow({ path, profile, files, diagnostics }: Verified): object {
  return { path: jsonPath(path), profile: profile ?? null, files, ok: !diagnostics.some(isError) }
}
