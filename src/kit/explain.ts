import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { explain } from '../core/explain.ts'
import { conflicts, failures, findPolicy, judge, POLICIES, type Explained, type Policy } from '../core/policy.ts'
import { failure, success, type Result } from '../core/result.ts'
import type { Registry } from '../core/target.ts'
import type { Checked } from '../source/check.ts'

/** Explains each profile on each target, and judges it by the policies: failures are errors at their places in the profiles. */
export interface ExplanationReport {
  readonly explanations: readonly Explained[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Explains profiles, each target by itself, and judges them by policies. */
export function explainChecked(
  registry: Registry,
  checked: readonly Checked[],
  policies: readonly Policy[],
): ExplanationReport {
  const explained = checked.map((one) => explainedBy(one, policies))
  return {
    explanations: explained.flatMap(({ explanations }) => explanations),
    diagnostics: [...contradictions(registry, checked, policies), ...explained.flatMap(({ failed }) => failed)],
  }
}

/** Finds policies by name, each once; an unknown name fails with `policy/unknown`. */
export function policiesNamed(names: readonly string[]): Result<readonly Policy[]> {
  const found = [...new Set(names)].map((name) => findPolicy(name) ?? name)
  const unknown = found.filter((one) => typeof one === 'string')
  return unknown.length === 0
    ? success(found.filter((one) => typeof one !== 'string'))
    : failure(...unknown.map((policy) => problem('policy/unknown', { policy, known: [...POLICIES.keys()] })))
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

/** Pairs of policies that no profile can meet together, for the explained targets. */
function contradictions(
  registry: Registry,
  checked: readonly Checked[],
  policies: readonly Policy[],
): readonly Diagnostic[] {
  const used = new Set(checked.flatMap(({ resolved }) => resolved.map(({ target }) => target.id)))
  const targets = [...registry.values()].filter(({ id }) => used.has(id))
  return conflicts(policies, targets).map((one) => problem('policy/conflict', one))
}
