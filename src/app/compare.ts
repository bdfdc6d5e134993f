import type { KitContext } from '../core/context.ts'
import { failure, type Result } from '../core/result.ts'
import type { World } from '../io/world.ts'
import { compareMaterials, type Comparison } from '../kit/compare.ts'
import { readMaterial } from './material.ts'

/** Reads both arguments and compares them. */
export async function compare(
  world: World,
  kit: KitContext,
  [first, second]: readonly [string, string],
  targets: readonly string[],
): Promise<Result<Comparison>> {
  const [a, b] = [await readMaterial(world, first), await readMaterial(world, second)]
  if (a.ok && b.ok) return compareMaterials(kit, a.value, b.value, targets)
  return failure(...[a, b].flatMap((one) => (one.ok ? [] : one.diagnostics)))
}
