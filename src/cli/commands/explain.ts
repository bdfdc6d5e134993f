import { explain } from '../../core/explain.ts'
import { loadTemplates } from '../../effects/assets.ts'
import { explanationText } from '../explanation.ts'
import { colorsFor } from '../color.ts'
import { load } from '../input.ts'
import type { ExplainOptions } from '../options.ts'
import { reportDiagnostics, reportJson } from '../report.ts'
import type { World } from '../../effects/world.ts'
import type { ExitCode } from '../exit.ts'

/** Says what each target will do with each profile. */
export async function explainProfiles(world: World, options: ExplainOptions): Promise<ExitCode> {
  // Around a page, messages are for people.
  const format = options.format === 'html' ? 'text' : options.format
  const common = { ...options, format } as const
  const { checked, diagnostics, exitCode } = await load(world, common)
  const explanations = checked.flatMap(({ profile, resolved }) => resolved.map((one) => explain(profile, one)))
  if (options.format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics, explanations })
  else if (options.format === 'html') {
    const { explanationPage } = await import('../../review/page.ts')
    if (explanations.length > 0) world.out(explanationPage(loadTemplates(), explanations))
  } else world.out(explanations.map(explanationText).join('\n'))
  reportDiagnostics(world, diagnostics, format, colorsFor(world, common))
  return exitCode
}
