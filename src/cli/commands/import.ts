import { programKit } from '../../app/kit.ts'
import { targetIds } from '../../app/load.ts'
import { readMaterial } from '../../app/material.ts'
import { usage } from '../../app/usage.ts'
import { aboutOf, graded, isError } from '../../core/diagnostic.ts'
import { nameProblem } from '../../core/file-name.ts'
import { allOf } from '../../core/result.ts'
import { importMaterials } from '../../kit/import.ts'
import type { ImportOptions } from '../definitions/review.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/**
 * Prints a profile that generates the values in files of a machine or a vendor, and reports oddities in these files.
 */
export async function importFiles(world: CommandWorld, options: ImportOptions): Promise<Outcome> {
  const why = options.name === undefined ? undefined : nameProblem(options.name)
  if (why !== undefined) return { diagnostics: [usage(`the name ${JSON.stringify(options.name)} ${why}`)] }
  const targets = targetIds(options.target)
  if (!targets.ok) return { diagnostics: targets.diagnostics }
  const read = allOf(await Promise.all(options.files.map((file) => readMaterial(world, file))))
  if (!read.ok) {
    const isUnread = read.diagnostics.some((one) => aboutOf(one) === 'usage')
    return { diagnostics: read.diagnostics, json: () => ({ profiles: [] }), exit: isUnread ? 2 : 1 }
  }
  const { text, diagnostics: found } = importMaterials(programKit(), read.value, {
    targets: targets.value,
    name: options.name,
  })
  const diagnostics = graded(found, options.strict)
  const profile = diagnostics.some(isError) ? undefined : text
  return {
    diagnostics,
    text: () => profile ?? '',
    json: () => ({ profiles: profile === undefined ? [] : [{ yaml: profile }] }),
  }
}
