import { aboutOf, isError, type Diagnostic } from '../core/diagnostic.ts'
import { allOf } from '../core/result.ts'
import { escapeInvisible } from '../core/words.ts'
import type { World } from '../io/world.ts'
import { verifyAgainstLock as againstLock, verifyAgainstProfile as againstProfile } from '../kit/verify-against.ts'
import type { Difference } from '../review/compare/difference.ts'
import { differenceData } from '../review/compare/difference-data.ts'
import { differenceText } from '../review/compare/difference-text.ts'
import { colorsFor } from '../cli/report/color.ts'
import type { ExitCode } from '../cli/exit.ts'
import type { CommonOptions } from '../cli/options.ts'
import { reportDiagnostics, reportJson } from '../cli/report/report.ts'
import { programKit } from './kit.ts'
import { readMaterial } from './material.ts'

type Options = CommonOptions & { readonly paths: readonly string[] }

/** Holds profiles, output folders and zips against a lock: all that it lists, and nothing else. */
export async function verifyAgainstLock(world: World, options: Options, lock: string): Promise<ExitCode> {
  const locked = await readMaterial(world, lock)
  const read = await Promise.all(options.paths.map((path) => readMaterial(world, path)))
  const materials = allOf([locked, ...read])
  if (!locked.ok || !materials.ok) return answer(world, options, [], materials.diagnostics, 2)
  const found = againstLock(programKit(), locked.value, materials.value.slice(1))
  if (!found.ok) return answer(world, options, [], found.diagnostics, 1)
  const { value: difference, diagnostics } = found
  if (difference.groups.length === 0 && !options.quiet && options.format !== 'json')
    world.out(`${escapeInvisible(lock)}: as it should be (${difference.same} entries)\n`)
  return answer(world, options, [difference], diagnostics, 1)
}

/** Holds what machines have against a profile: its drift. */
export async function verifyAgainstProfile(world: World, options: Options, profile: string): Promise<ExitCode> {
  const found: Difference[] = []
  const all = new Map<string, Diagnostic>()
  const tell = (more: readonly Diagnostic[]) => {
    // What is to be said of the profile is the same for each path, and is said once.
    for (const one of more) all.set(JSON.stringify([one.code, one.message, one.location]), one)
  }
  const kit = programKit()
  const wanted = await readMaterial(world, profile)
  for (const path of options.paths) {
    const read = await readMaterial(world, path)
    const sides = allOf([wanted, read])
    if (!wanted.ok || !read.ok) {
      tell(sides.diagnostics)
      continue
    }
    const one = againstProfile(kit, wanted.value, read.value)
    tell(one.diagnostics)
    if (!one.ok) continue
    const { value: difference, diagnostics } = one
    found.push(difference)
    if (difference.groups.length === 0 && !options.quiet && options.format !== 'json' && !diagnostics.some(isError))
      world.out(`${escapeInvisible(path)}: as ${escapeInvisible(profile)} says\n`)
  }
  const diagnostics = [...all.values()]
  const unread = diagnostics.some((one) => aboutOf(one) === 'usage')
  return answer(world, options, found, diagnostics, unread ? 2 : 1)
}

function answer(
  world: World,
  options: Options,
  found: readonly Difference[],
  diagnostics: readonly Diagnostic[],
  no: ExitCode,
): ExitCode {
  if (options.format === 'json')
    reportJson(world, { artifacts: [], bundles: [], diagnostics, differences: found.map(differenceData) })
  else for (const one of found) world.out(differenceText(one))
  reportDiagnostics(world, diagnostics, options.format, colorsFor(world, options))
  return diagnostics.some(isError) ? no : 0
}
