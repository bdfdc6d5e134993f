import { aboutOf, isError, problem, type Diagnostic } from '../core/diagnostic.ts'
import { allOf } from '../core/result.ts'
import { escapeInvisible } from '../core/words.ts'
import { loadTemplates, VERSION } from '../io/assets.ts'
import type { World } from '../io/world.ts'
import { check } from '../source/check.ts'
import { difference, sameEntry, type Difference } from '../review/compare/difference.ts'
import { differenceData } from '../review/compare/difference-data.ts'
import { differenceText } from '../review/compare/difference-text.ts'
import type { Entries, Entry } from '../review/entry.ts'
import { TARGETS } from '../targets/index.ts'
import { colorsFor } from '../cli/report/color.ts'
import { compareMaterials } from './compare.ts'
import type { ExitCode } from '../cli/exit.ts'
import { lockedEntries } from './locked-entries.ts'
import { readMaterial, type Material } from './material.ts'
import type { CommonOptions } from '../cli/options.ts'
import { reportDiagnostics, reportJson } from '../cli/report/report.ts'
import { sideOf } from './sides.ts'

type Options = CommonOptions & { readonly paths: readonly string[] }

/** Holds profiles, output folders and zips against a lock: all that it lists, and nothing else. */
export async function verifyAgainstLock(world: World, options: Options, lock: string): Promise<ExitCode> {
  const locked = await readMaterial(world, lock)
  const read = await Promise.all(options.paths.map((path) => readMaterial(world, path)))
  const materials = allOf(read)
  if (!locked.ok || !materials.ok)
    return answer(world, options, [], [...locked.diagnostics, ...materials.diagnostics], 2)
  const noLock = problem('lock/unusable', { why: 'it is no lock' }, { location: { file: lock } })
  if (locked.value.kind !== 'lock') return answer(world, options, [], [noLock], 1)
  const wanted = sideOf(locked.value, ANY)
  const found = materials.value.map(entriesOf)
  const problems = [...wanted.diagnostics, ...found.flatMap(({ diagnostics }) => diagnostics)]
  if (problems.some(isError)) return answer(world, options, [], problems, 1)
  const entries = found.map((one) => one.entries)
  const differs = difference(TARGETS, wanted.entries, worstOf(wanted.entries, entries))
  const count = differs.groups.reduce((sum, { profiles }) => sum + profiles.length, 0)
  const wrong = count === 0 ? [] : [problem('lock/differs', { count }, { location: { file: lock } })]
  if (count === 0 && !options.quiet && options.format !== 'json')
    world.out(`${escapeInvisible(lock)}: as it should be (${differs.same} entries)\n`)
  return answer(world, options, [differs], [...problems, ...wrong], 1)
}

/** Of a profile that was given more than once, such as its file and its output, that which is not as it is locked. */
function worstOf(locked: Entries, found: readonly Entries[]): Entries {
  const worst = new Map<string, Entry>()
  for (const [key, entry] of found.flatMap((entries) => [...entries])) {
    const earlier = worst.get(key)
    const wanted = locked.get(key)
    if (earlier === undefined || (wanted !== undefined && sameEntry(wanted, earlier))) worst.set(key, entry)
  }
  return worst
}

const ANY = { possible: [...TARGETS.keys()] }

/** Of a profile also the digests: the lock is about the files that it becomes. */
function entriesOf(material: Material): { readonly entries: Entries; readonly diagnostics: readonly Diagnostic[] } {
  const { kind, file } = material
  if (kind === 'capture' || kind === 'tree')
    return {
      entries: new Map(),
      diagnostics: [problem('lock/no-files', { path: file }, { location: { file } })],
    }
  if (material.kind !== 'profile') return sideOf(material, ANY)
  const { checked, diagnostics } = check(TARGETS, [material.input], { targets: [], strict: false })
  return { entries: lockedEntries(loadTemplates(), VERSION, checked), diagnostics }
}

/** Holds what machines have against a profile: its drift. */
export async function verifyAgainstProfile(world: World, options: Options, profile: string): Promise<ExitCode> {
  const found: Difference[] = []
  const all = new Map<string, Diagnostic>()
  const tell = (...more: readonly Diagnostic[]) => {
    // What is to be said of the profile is the same for each path, and is said once.
    for (const one of more) all.set(JSON.stringify([one.code, one.message, one.location]), one)
  }
  const wanted = await readMaterial(world, profile)
  for (const path of options.paths) {
    const read = await readMaterial(world, path)
    if (!wanted.ok || !read.ok) {
      tell(...wanted.diagnostics, ...read.diagnostics)
      continue
    }
    if (read.value.kind === 'profile') {
      tell(problem('import/unknown-kind', { file: path }, { location: { file: path } }))
      continue
    }
    const one = compareMaterials(wanted.value, read.value, [])
    tell(...one.diagnostics)
    if (!one.ok) continue
    found.push(one.value.difference)
    if (one.value.difference.groups.length > 0) tell(problem('verify/drift', { profile }, { location: { file: path } }))
    else if (!options.quiet && options.format !== 'json' && !one.diagnostics.some(isError))
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
