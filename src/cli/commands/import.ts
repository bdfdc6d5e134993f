import { programKit } from '../../app/kit.ts'
import { targetIds } from '../../app/load.ts'
import { readMaterial } from '../../app/material.ts'
import { usage } from '../../app/usage.ts'
import { aboutOf, graded, isError } from '../../core/diagnostic.ts'
import { badName, type BadName } from '../../core/file-name.ts'
import { allOf } from '../../core/result.ts'
import { importMaterials } from '../../kit/import.ts'
import type { ImportOptions } from '../definitions/review.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/**
 * Prints a profile that generates the values in files of a machine or a vendor, and reports oddities in these files.
 */
export async function importFiles(world: CommandWorld, options: ImportOptions): Promise<Outcome> {
  const wrong = options.name === undefined ? undefined : badName(options.name)
  if (wrong !== undefined) return { diagnostics: [usage(refusal(wrong))] }
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

function refusal({ name, why, instead }: BadName): string {
  return `the name ${JSON.stringify(name)} ${why}${instead === undefined ? '' : `; write --name ${instead}`}`
}
