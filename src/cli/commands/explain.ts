import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { explain } from '../../core/explain.ts'
import { conflicts, failures, findPolicy, judge, POLICIES, type Explained, type Policy } from '../../core/policy.ts'
import { loadTemplates } from '../../io/assets.ts'
import type { Checked } from '../../source/check.ts'
import { TARGETS } from '../../targets/index.ts'
import { UsageError } from '../exit.ts'
import { explanationText } from '../report/explanation.ts'
import { load } from '../../app/load.ts'
import type { ExplainOptions } from '../options.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/** Says what each target will do with each profile, and whether policies have something against it. */
export async function explainProfiles(world: CommandWorld, options: ExplainOptions): Promise<Outcome> {
  const policies = policiesNamed(options.policy)
  const { checked, diagnostics: found } = await load(world, options)
  const explained = checked.map((one) => explainedBy(one, policies))
  const explanations = explained.flatMap((one) => one.explanations)
  const diagnostics = [...found, ...contradictions(checked, policies), ...explained.flatMap((one) => one.failed)]
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

/** The policies of the names after `--policy`, each once; an unknown one is wrong usage. */
function policiesNamed(names: readonly string[]): readonly Policy[] {
  return [...new Set(names)].map((name) => {
    const policy = findPolicy(name)
    if (policy === undefined)
      throw new UsageError(problem('policy/unknown', { policy: name, known: [...POLICIES.keys()] }).message)
    return policy
  })
}

function explainedBy({ profile, resolved, place }: Checked, policies: readonly Policy[]) {
  const explanations = resolved.map((one): Explained => {
    const explanation = explain(profile, one)
    return policies.length === 0
      ? explanation
      : { ...explanation, policies: policies.map((policy) => judge(policy, one)) }
  })
  const judgements = explanations.flatMap((one) => one.policies ?? [])
  return { explanations, failed: place(judgements.flatMap((one) => failures(profile, one))) }
}

/** Policies that no profile satisfies both, for the targets that were explained. */
function contradictions(checked: readonly Checked[], policies: readonly Policy[]): readonly Diagnostic[] {
  const used = new Set(checked.flatMap(({ resolved }) => resolved.map(({ target }) => target.id)))
  const targets = [...TARGETS.values()].filter(({ id }) => used.has(id))
  return conflicts(policies, targets).map((one) => problem('policy/conflict', one))
}
