import { byCodeUnit } from '../diagnostic.ts'
import type { Target } from '../target.ts'
import { ASKED, type Ask, type Asked } from './ask.ts'
import { largest, solve } from './solve.ts'

/** Why no numbers meet every goal. */
export interface Conflict {
  /** The smallest set of goals and numbers that the system cannot meet together. */
  readonly between: readonly Asked[]
  /** The closest value of each that would work if all the others stay; left out where nothing helps. */
  readonly nearest: Ask
}

/** The conflict in an {@link Ask} that {@link solve} has no answer for. */
export function conflictOf(target: Target, ask: Ask): Conflict {
  const asked = ASKED.filter((key) => ask[key] !== undefined)
  const between = subsets(asked).find((some) => solve(target, only(ask, some)) === undefined) ?? asked
  const near = nearestIn(target, ask, between)
  // Where two things are wrong at once, mending one of them helps only as far as the first goes.
  return { between, nearest: Object.keys(near).length > 0 ? near : nearestIn(target, only(ask, between), between) }
}

function nearestIn(target: Target, ask: Ask, between: readonly Asked[]): Ask {
  const found = between.map((key) => [key, nearest(target, ask, key)] as const)
  return Object.fromEntries(found.filter(([, value]) => value !== undefined))
}

function only(ask: Ask, keys: readonly Asked[]): Ask {
  return Object.fromEntries(keys.map((key) => [key, ask[key]]))
}

/** All choices of some things, the smallest first, and of one size in the order of the things. */
function subsets(all: readonly Asked[]): readonly (readonly Asked[])[] {
  const found = Array.from({ length: 2 ** all.length }, (_, bits) => all.filter((_one, at) => (bits >> at) % 2 === 1))
  const rank = (set: readonly Asked[]) => `${set.length} ${set.map((one) => all.indexOf(one)).join('')}`
  return found.toSorted((a, b) => byCodeUnit(rank(a), rank(b)))
}

/** More than any time that a system holds, in ms. */
const MOST = 2 ** 52

/** The value nearest to what is asked with which all the rest can be kept. */
function nearest(target: Target, ask: Ask, key: Asked): number | undefined {
  const value = ask[key] ?? 0
  const works = (other: number) => solve(target, { ...ask, [key]: other }) !== undefined
  switch (key) {
    case 'detect':
    case 'path':
      return works(MOST) ? (largest(0, MOST, (less) => !works(less)) ?? -1) + 1 : undefined
    case 'tolerate':
      return largest(0, value, works)
    case 'probes': {
      const needed = (ask.tolerate ?? 0) + 1
      return works(needed) ? (largest(needed, Math.max(needed, value), works) ?? needed) : undefined
    }
    default:
      return solve(target, { ...ask, [key]: undefined })?.[key]
  }
}
