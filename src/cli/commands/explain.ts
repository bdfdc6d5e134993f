import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { explain } from '../../core/explain.ts'
import { conflicts, failures, findPolicy, judge, POLICIES, type Explained, type Policy } from '../../core/policy.ts'
import { loadTemplates } from '../../io/assets.ts'
import type { World } from '../../io/world.ts'
import type { Checked } from '../../source/check.ts'
import { TARGETS } from '../../targets/index.ts'
import { colorsFor } from '../report/color.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import { explanationText } from '../report/explanation.ts'
import { load } from '../../app/load.ts'
import type { ExplainOptions } from '../definitions/start.ts'
import { reportDiagnostics, reportJson } from '../report/report.ts'

/** Says what each target will do with each profile, and whether policies have something against it. */
export async function explainProfiles(world: World, options: ExplainOptions): Promise<ExitCode> {
  // Around a page, messages are for people.
  const format = options.format === 'html' ? 'text' : options.format
  const common = { ...options, format } as const
  const policies = policiesNamed(options.policy)
  const { checked, diagnostics: found, exitCode } = await load(world, common)
  const explained = checked.map((one) => explainedBy(one, policies))
  const explanations = explained.flatMap((one) => one.explanations)
  const against = [...contradictions(checked, policies), ...explained.flatMap((one) => one.failed)]
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
