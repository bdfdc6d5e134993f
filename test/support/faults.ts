import { spread } from './thorough.ts'

/**
 * The steps of a script, counted from 1, at which a test of faults stops it: all with FAULTS=every, which
 * `npm run test:faults` and the nightly workflow set; otherwise `inCi` of them, spread evenly from the first to the
 * last.
 */
export function pointsOf(steps: number, inCi: number): readonly number[] {
  return spread(steps, process.env['FAULTS'] === 'every' ? steps : inCi).map((index) => index + 1)
}

/**
 * The rows of a slow table: all with FAULTS=every; otherwise `inCi` of them, spread evenly from the first to the last.
 */
export function rowsOf<T>(rows: readonly T[], inCi: number): readonly T[] {
  return pointsOf(rows.length, inCi).flatMap((point) => rows.slice(point - 1, point))
}
