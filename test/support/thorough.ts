/**
 * Whether the tests try everything: with ORACLES=required, as in CI, and with `npm run test:all` and
 * `npm run test:faults`. Otherwise slow tests try fewer rows of a table and fewer random cases, so that `npm test` ends
 * within five minutes on two processors with nothing but Node.
 */
export const THOROUGH = process.env['ORACLES'] === 'required' || process.env['TESTS'] === 'all'

/** The rows of a table: all of them, or `few`, spread evenly from the first to the last. */
export function someOf<T>(rows: readonly T[], few: number): readonly T[] {
  return THOROUGH ? rows : spread(rows.length, few).flatMap((at) => rows.slice(at, at + 1))
}

/** The number of random cases: `all`, or `few` unless the tests try everything. */
export function timesOf(all: number, few: number): number {
  return THOROUGH ? all : few
}

/** `few` of the numbers from 0 to `all` - 1, spread evenly from the first to the last. */
export function spread(all: number, few: number): readonly number[] {
  if (all <= few) return Array.from({ length: all }, (_, index) => index)
  if (few === 1) return [0]
  return Array.from({ length: few }, (_, index) => Math.round((index * (all - 1)) / (few - 1)))
}
