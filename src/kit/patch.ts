import { problem } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { targetFiles, unifiedPatch, type Outputs } from '../review/compare/file-changes.ts'
import type { Comparison } from './compare.ts'

/** A patch between the files of both sides, as text; a side without files fails with `diff/no-files`. */
export function patchOf({ before, after }: Comparison, targets: readonly string[]): Result<string> {
  const without = [before, after].filter(({ outputs }) => outputs === undefined)
  if (without.length > 0) return failure(...without.map(({ label }) => problem('diff/no-files', { side: label })))
  const [old, now] = samelyNamed(before.outputs?.() ?? new Map(), after.outputs?.() ?? new Map())
  return success(unifiedPatch(...targetFiles(old, now, targets)))
}

/** If each side has one output, their names do not matter, as in the comparison of settings. */
function samelyNamed(before: Outputs, after: Outputs): readonly [Outputs, Outputs] {
  const [old, now] = [[...before][0], [...after][0]]
  const single = before.size === 1 && after.size === 1 && old !== undefined && now !== undefined
  return single ? [new Map([[now[0], old[1]]]), after] : [before, after]
}
