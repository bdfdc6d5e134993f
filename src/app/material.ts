import { basename, join, resolve } from 'node:path'
import { BUNDLE_LIMITS } from '../core/bundle.ts'
import { capPerCode } from '../core/cap-per-code.ts'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { SYSCTL_PLACES } from '../formats/sysctl/places.ts'
import { readEtcTree } from '../io/etc-tree.ts'
import { archiveRevision, parseRevision } from '../io/git.ts'
import { findOutputs, kindAt, readFolder, readUpTo } from '../io/outputs.ts'
import { STDIO, type World } from '../io/world.ts'
import { materialOf, MOST_BYTES, zipMaterial, zippedOutputs, type Material } from '../kit/material.ts'
import { outputOf } from '../review/import/outputs.ts'
import { isPreset } from '../source/presets.ts'
import { withBases } from './bases.ts'
import { readInput } from './load.ts'

/** The most that is read of a zip that git made of a repository, which may hold the outputs of a whole plant. */
const MOST_OF_REVISION = { bytes: MOST_BYTES, files: 500_000 }

/** Reads what an argument names: a preset, a file, a folder, a zip, standard input, or a revision of a repository. */
export async function readMaterial(world: World, argument: string): Promise<Result<Material>> {
  if (isPreset(argument)) {
    const read = await readInput(world, argument)
    return read.ok ? success({ kind: 'profile', file: argument, input: read.value }) : read
  }
  if (argument === STDIO) return followed(world, materialOf(argument, await world.readStdin(MOST_BYTES + 1)))
  const path = resolve(world.cwd, argument)
  const there = argument === '' ? undefined : kindAt(path)
  if (there === 'folder') return ofFolder(argument, path)
  if (there !== undefined) return followed(world, materialOf(argument, readUpTo(path, MOST_BYTES)))
  const revision = parseRevision(argument)
  if (revision === undefined) return failure(problem('input/no-such-file', { file: argument }))
  const archive = archiveRevision(world.cwd, revision)
  if (typeof archive === 'string') return failure(problem('diff/git', { side: argument, why: archive }))
  return zipMaterial(argument, archive, MOST_OF_REVISION)
}

/** A profile with what it extends. */
function followed({ cwd }: World, found: Result<Material>): Result<Material> {
  return found.ok && found.value.kind === 'profile'
    ? success({ ...found.value, input: withBases(cwd, found.value.input) })
    : found
}

/** Outputs as folders or, without folders, as zips: `generate` and `bundle` write to one place. */
function ofFolder(file: string, path: string): Result<Material> {
  const denied: unknown[] = []
  const places = findOutputs(path, (error) => denied.push(error)) ?? []
  // Among outputs, a folder that cannot be read may be one; in a machine's tree it is one of the tree's own.
  if (places.length > 0 && denied.length > 0) throw denied[0]
  const folders = places.filter(({ kind }) => kind === 'folder')
  if (folders.length > 0) {
    const read = folders.map((place) => ({ name: basename(place.path), ...readFolder(place.path) }))
    const large = read.filter(({ tooLarge }) => tooLarge)
    if (large.length > 0) return failure(...large.map(({ name }) => tooLargeFolder(join(file, name))))
    return success({ kind: 'outputs', file, outputs: read.map(({ name, files }) => outputOf(name, files)) })
  }
  const zips = places.map((place) => ({
    path: join(file, basename(place.path)),
    bytes: readUpTo(place.path, MOST_BYTES),
  }))
  const outputs = zippedOutputs(zips)
  if (!outputs.ok) return outputs
  if (outputs.value.length > 0) return success({ kind: 'outputs', file, outputs: outputs.value })
  const { files, unread } = readEtcTree(path, SYSCTL_PLACES)
  const missed = capPerCode()
  for (const { code, data, path: below } of unread)
    missed.add(problem(code, data, { location: { file: join(file, below) } }))
  if (files.size > 0) return success({ kind: 'tree', file, files, unread: missed.all() })
  return failure(...(unread.length > 0 ? missed.all() : [problem('diff/no-output', { side: file })]))
}

function tooLargeFolder(folder: string): Diagnostic {
  return problem(
    'verify/too-large',
    { max: BUNDLE_LIMITS.bytes, files: BUNDLE_LIMITS.files },
    { location: { file: folder } },
  )
}
