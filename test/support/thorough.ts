/**
 * How much the tests try: everything with `npm run test:all` and `npm run test:faults`; much with ORACLES=required, as in
 * CI; otherwise a little, so that `npm test` ends within five minutes on two processors with nothing but Node.
 */
const LEVEL = process.env['TESTS'] === 'all' ? 'all' : process.env['ORACLES'] === 'required' ? 'much' : 'little'

/** The rows of a table: all of them, or `few` or `inCi`, spread evenly from the first to the last. */
export function someOf<T>(rows: readonly T[], few: number, inCi = rows.length): readonly T[] {
  return spread(rows.length, timesOf(rows.length, few, inCi)).flatMap((at) => rows.slice(at, at + 1))
}

/** The number of random cases: `all`, or `few` or `inCi` unless the tests try everything. */
export function timesOf(all: number, few: number, inCi = all): number {
  return { all, much: inCi, little: few }[LEVEL]
}

/** `few` of the numbers from 0 to `all` - 1, spread evenly from the first to the last. */
export function spread(all: number, few: number): readonly number[] {
  if (all <= few) return Array.from({ length: all }, (_, index) => index)
  if (few === 1) return [0]
  return Array.from({ length: few }, (_, index) => Math.round((index * (all - 1)) / (few - 1)))
}
