import { lockProfiles } from '../../app/lock.ts'
import { escapeInvisible } from '../../core/words.ts'
import type { LockOptions } from '../definitions/review.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/** Writes the lock of profiles; a lock that is up to date is not touched. */
export async function writeLock(world: CommandWorld, options: LockOptions): Promise<Outcome> {
  const { lock, diagnostics } = await lockProfiles(world, options)
  if (lock === undefined) return { diagnostics }
  const count = `${lock.profiles} ${lock.profiles === 1 ? 'profile' : 'profiles'}${lock.unchanged ? ', unchanged' : ''}`
  return {
    diagnostics,
    text: () => `${escapeInvisible(options.lock)}\n`,
    notes: () => `${count}; next: commit it, and check with keepalive-kit verify --lock\n`,
  }
}
