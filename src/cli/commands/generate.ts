import { join } from 'node:path'
import { sha256 } from '#checksums'
import { generateTrees, type Tree } from '../../app/generate.ts'
import { modeText } from '../../core/artifact.ts'
import { isError } from '../../core/diagnostic.ts'
import type { Change } from '../../core/plan.ts'
import { escapeInvisible } from '../../core/words.ts'
import { differenceData } from '../../review/compare/difference-data.ts'
import { differenceText } from '../../review/compare/difference-text.ts'
import type { OutputOptions } from '../options.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'
import { jsonPath } from '../report/json.ts'

/** Writes the tree of each profile, or compares it with the files that exist. */
export async function generate(world: CommandWorld, options: OutputOptions): Promise<Outcome> {
  const { trees, diagnostics } = await generateTrees(world, options, world.tell)
  const differences = trees.flatMap(({ difference }) => difference ?? [])
  const checked = options.check ? { differences: differences.map(differenceData) } : {}
  if (diagnostics.some(isError))
    return { diagnostics, text: () => differences.map(differenceText).join(''), json: () => checked }
  return {
    diagnostics,
    text: () => trees.map(changesText).join(''),
    notes: () => `${trees.map(summary).join('')}${nextStep(trees, options)}`,
    json: () => ({ artifacts: trees.flatMap(artifactRows), ...checked }),
  }
}

function changesText({ folder, changes }: Tree): string {
  return changes
    .filter(({ kind }) => kind !== 'same')
    .map(({ kind, path }) => `${kind.padEnd(8)} ${escapeInvisible(join(folder, path))}\n`)
    .join('')
}

/** `out/line4: 25 files: 3 changed, 14 removed`; removed files do not count as files. */
function summary({ folder, changes }: Tree): string {
  const count = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length
  const parts = (['new', 'changed', 'mode', 'removed'] as const).flatMap((kind) =>
    count(kind) > 0 ? [`${count(kind)} ${kind}`] : [],
  )
  const state = parts.length === 0 ? 'all as they should be' : parts.join(', ')
  return `${escapeInvisible(folder)}: ${changes.length - count('removed')} files: ${state}\n`
}

function nextStep([first]: readonly Tree[], { check, dryRun }: OutputOptions): string {
  if (dryRun) return 'dry run: nothing was written\n'
  return check || first === undefined ? '' : `next: read ${escapeInvisible(join(first.folder, 'README.txt'))}\n`
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
