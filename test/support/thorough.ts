/**
 * Whether everything is tried: where ORACLES=required asks for it, as in CI, and with `npm run test:all` and
 * `npm run test:faults`. Elsewhere tests that take long try less of the same: fewer rows of a table, fewer cases by chance.
 * So `npm test` ends within five minutes on two processors with nothing but Node.
 */
export const THOROUGH = process.env['ORACLES'] === 'required' || process.env['TESTS'] === 'all'

/** The rows of a table: all of them, or `few`, spread evenly from the first to the last. */
export function someOf<T>(rows: readonly T[], few: number): readonly T[] {
  return THOROUGH ? rows : spread(rows.length, few).flatMap((at) => rows.slice(at, at + 1))
}

/** How often something is tried that is different each time. */
export function timesOf(all: number, few: number): number {
  return THOROUGH ? all : few
}

/** `few` of the numbers from 0 to below `all`, spread evenly from the first to the last. */
export function spread(all: number, few: number): readonly number[] {
  if (all <= few) return Array.from({ length: all }, (_, index) => index)
  if (few === 1) return [0]
  return Array.from({ length: few }, (_, index) => Math.round((index * (all - 1)) / (few - 1)))
}
