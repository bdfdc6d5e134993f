import { aboutOf } from '../../core/diagnostic.ts'
import { nameProblem } from '../../core/file-name.ts'
import { VERSION } from '../../io/assets.ts'
import type { World } from '../../io/world.ts'
import { sarifText } from '../report/sarif.ts'
import { colorsFor } from '../report/color.ts'
import { importMaterials } from '../../kit/import.ts'
import { programKit } from '../../app/kit.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import { targetIds } from '../../app/load.ts'
import { readMaterial } from '../../app/material.ts'
import type { ImportOptions } from '../definitions/review.ts'
import { reportDiagnostics, reportJson } from '../report/report.ts'

/** Prints a profile that generates what a machine or a vendor's file has, and says what is odd about it. */
export async function importFiles(world: World, options: ImportOptions): Promise<ExitCode> {
  checkName(options.name)
  const materials = await Promise.all(options.files.map((file) => readMaterial(world, file)))
  const unread = materials.flatMap((one) => (one.ok ? [] : one.diagnostics))
  const read = materials.flatMap((one) => (one.ok ? [one.value] : []))
  const { text, diagnostics: found } =
    unread.length > 0
      ? { text: undefined, diagnostics: unread }
      : importMaterials(programKit(), read, { targets: targetIds(options.target), name: options.name })
  const diagnostics = options.strict ? found.map((one) => ({ ...one, severity: 'error' as const })) : found
  const wrong = diagnostics.some(({ severity }) => severity === 'error')
  const profile = wrong ? undefined : text
  if (options.format === 'json')
    reportJson(world, {
      artifacts: [],
      bundles: [],
      diagnostics,
      profiles: profile === undefined ? [] : [{ yaml: profile }],
    })
  else if (options.format === 'sarif') world.out(sarifText(diagnostics, VERSION))
  else if (profile !== undefined) world.out(profile)
  const format = options.format === 'sarif' ? 'text' : options.format
  if (options.format !== 'sarif')
    reportDiagnostics(world, diagnostics, format, colorsFor(world, { ...options, format }))
  if (unread.some((one) => aboutOf(one) === 'usage')) return 2
  return wrong ? 1 : 0
}

function checkName(name: string | undefined): void {
  const why = name === undefined ? undefined : nameProblem(name)
  if (why !== undefined) throw new UsageError(`the name ${JSON.stringify(name)} ${why}`)
}
