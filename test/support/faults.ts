import { spread } from './thorough.ts'

/**
 * The steps of a script, counted from 1, at which a test of faults stops it: every one with FAULTS=every, as
 * `npm run test:faults` and the nightly workflow set it; elsewhere `inCi` of them, spread evenly from the first to the last.
 */
export function pointsOf(steps: number, inCi: number): readonly number[] {
  return spread(steps, process.env['FAULTS'] === 'every' ? steps : inCi).map((index) => index + 1)
}

/** The rows of a table that takes long: all with FAULTS=every; elsewhere `inCi` of them, spread evenly from the first to the last. */
export function rowsOf<T>(rows: readonly T[], inCi: number): readonly T[] {
  return pointsOf(rows.length, inCi).flatMap((point) => rows.slice(point - 1, point))
}
