import { problem } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { findTarget, type Registry } from '../core/target.ts'
import { unknownTarget } from '../core/target-words.ts'

/** The ids of targets, by ids or aliases; each unknown name is a `profile/unknown-target`. */
export function targetIds(registry: Registry, names: readonly string[]): Result<readonly string[]> {
  const unknown = names.filter((name) => findTarget(registry, name) === undefined)
  return unknown.length === 0
    ? success(names.flatMap((name) => findTarget(registry, name)?.id ?? []))
    : failure(...unknown.map((name) => problem('profile/unknown-target', unknownTarget(registry, name))))
}
