import { load } from '../../app/load.ts'
import { usage } from '../../app/usage.ts'
import type { Explained } from '../../core/policy.ts'
import { loadTemplates } from '../../io/assets.ts'
import { explainChecked, policiesNamed } from '../../kit/explain.ts'
import { explanationText } from '../../review/explanation-text.ts'
import { TARGETS } from '../../targets/index.ts'
import type { ExplainOptions } from '../definitions/start.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/** Shows what each target does with each profile, and whether the given policies are met. */
export async function explainProfiles(world: CommandWorld, options: ExplainOptions): Promise<Outcome> {
  const policies = policiesNamed(options.policy)
  if (!policies.ok) return { diagnostics: policies.diagnostics.map(({ message }) => usage(message)) }
  const { checked, diagnostics: found } = await load(world, options)
  const { explanations, diagnostics: against } = explainChecked(TARGETS, checked, policies.value)
  const diagnostics = [...found, ...against]
  if (options.format === 'html') return { diagnostics, document: await pageOf(explanations) }
  return {
    diagnostics,
    text: () => explanations.map(explanationText).join('\n'),
    json: () => ({ explanations }),
  }
}

/** A page, unless there is nothing to explain. */
async function pageOf(explanations: readonly Explained[]): Promise<string> {
  if (explanations.length === 0) return ''
  const { explanationPage } = await import('../../review/page/page.ts')
  return explanationPage(loadTemplates(), explanations)
}
