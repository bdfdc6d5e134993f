import { explain } from '../../core/explain.ts'
import { explanationText } from '../explanation.ts'
import { colorsFor } from '../color.ts'
import { load } from '../input.ts'
import type { ProfileOptions } from '../options.ts'
import { reportDiagnostics, reportJson } from '../report.ts'
import type { World } from '../../effects/world.ts'
import type { ExitCode } from '../exit.ts'

/** Says what each target will do with each profile. */
export async function explainProfiles(world: World, options: ProfileOptions): Promise<ExitCode> {
  const { checked, diagnostics, exitCode } = await load(world, options)
  const explanations = checked.flatMap(({ profile, resolved }) => resolved.map((one) => explain(profile, one)))
  if (options.format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics, explanations })
  else world.out(explanations.map(explanationText).join('\n'))
  reportDiagnostics(world, diagnostics, options.format, colorsFor(world, options))
  return exitCode
}
