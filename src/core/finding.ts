import type * as z from 'zod'
import type { Code, DataOf } from './diagnostic.ts'

/** A problem of a single value; the reader turns it into a diagnostic with a place. */
export interface Finding<C extends Code = Code> {
  readonly code: C
  readonly data: DataOf<C>
}

/** Hands a finding to the schema that is checking; later checks of the value are skipped. */
export function report<C extends Code>(
  context: { readonly value: unknown; readonly issues: z.core.$ZodRawIssue[] },
  one: Finding<C> | undefined,
  path: readonly PropertyKey[] = [],
): void {
  if (one !== undefined)
    context.issues.push({
      code: 'custom',
      input: context.value,
      params: { finding: one },
      path: [...path],
      continue: false,
    })
}

export function finding<C extends Code>(code: C, data: DataOf<C>): Finding<C> {
  return { code, data }
}
