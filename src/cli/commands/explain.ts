import type { Policy } from '../../core/policy.ts'
import { loadTemplates } from '../../io/assets.ts'
import type { World } from '../../io/world.ts'
import { TARGETS } from '../../targets/index.ts'
import { colorsFor } from '../report/color.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import { explanationText } from '../../review/explanation-text.ts'
import { explainChecked, policiesNamed } from '../../kit/explain.ts'
import { load } from '../../app/load.ts'
import type { ExplainOptions } from '../definitions/start.ts'
import { reportDiagnostics, reportJson } from '../report/report.ts'

/** Says what each target will do with each profile, and whether policies have something against it. */
export async function explainProfiles(world: World, options: ExplainOptions): Promise<ExitCode> {
  // Around a page, messages are for people.
  const format = options.format === 'html' ? 'text' : options.format
  const common = { ...options, format } as const
  const policies = policiesOf(options.policy)
  const { checked, diagnostics: found, exitCode } = await load(world, common)
  const { explanations, diagnostics: against } = explainChecked(TARGETS, checked, policies)
  const diagnostics = [...found, ...against]
  if (options.format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics, explanations })
  else if (options.format === 'html') {
    const { explanationPage } = await import('../../review/page/page.ts')
    if (explanations.length > 0) world.out(explanationPage(loadTemplates(), explanations))
  } else world.out(explanations.map(explanationText).join('\n'))
  reportDiagnostics(world, diagnostics, format, colorsFor(world, common))
  return exitCode === 0 && against.length > 0 ? 1 : exitCode
}

/** The policies of the names after `--policy`, each once; an unknown one is wrong usage. */
function policiesOf(names: readonly string[]): readonly Policy[] {
  const found = policiesNamed(names)
  if (!found.ok) throw new UsageError(found.diagnostics.map(({ message }) => message).join('\n'))
  return found.value
}
