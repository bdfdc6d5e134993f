/**
 * How much the tests try. `little`: `npm test` with nothing but Node, which ends within five minutes. `much`: CI, which
 * sets ORACLES=required. `all`: every row and random case, `npm run test:all`. `every-step`: a script is stopped at every
 * step too, `npm run test:faults`. `vitest.config.ts` sets DEPTH by `--mode`.
 */
export const DEPTH = process.env['DEPTH'] ?? (process.env['ORACLES'] === 'required' ? 'much' : 'little')

/** Whether a script is stopped at every one of its steps. */
export const EVERY_STEP = DEPTH === 'every-step'

/** The number of random cases: `all`, or `few` or `inCi` unless the tests try everything. */
export function timesOf(all: number, few: number, inCi = all): number {
  if (DEPTH === 'little') return few
  return DEPTH === 'much' ? inCi : all
}

/** The rows of a table: all of them, or `few` or `inCi`, spread evenly from the first to the last. */
export function someOf<T>(rows: readonly T[], few: number, inCi = rows.length): readonly T[] {
  return pick(rows, timesOf(rows.length, few, inCi))
}

/** The rows of a table of faults: all if every step is tried, otherwise `some`, spread evenly from the first to the last. */
export function rowsOf<T>(rows: readonly T[], some: number): readonly T[] {
  return pick(rows, EVERY_STEP ? rows.length : some)
}

/** The steps of a script, counted from 1, at which a test of faults stops it: chosen as by `rowsOf`. */
export function pointsOf(steps: number, some: number): readonly number[] {
  return spread(steps, EVERY_STEP ? steps : some).map((index) => index + 1)
}

/** `few` of the numbers from 0 to `all` - 1, spread evenly from the first to the last. */
export function spread(all: number, few: number): readonly number[] {
  if (all <= few) return Array.from({ length: all }, (_, index) => index)
  if (few === 1) return [0]
  return Array.from({ length: few }, (_, index) => Math.round((index * (all - 1)) / (few - 1)))
}

function pick<T>(rows: readonly T[], few: number): readonly T[] {
  return spread(rows.length, few).flatMap((at) => rows.slice(at, at + 1))
}
