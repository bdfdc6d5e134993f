import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { run } from '../support/oracle.ts'
import { HOSTILE } from './hostile-files.ts'
import { someOf } from '../support/thorough.ts'

const CHILD = fileURLToPath(new URL('memory-child.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SIZE = 4_000_000

/**
 * The reader of sysctl.d reads its file several times, which takes minutes with so small a heap: for `npm run
 * test:faults`.
 */
const KINDS = Object.keys(HOSTILE).filter((what) => process.env['FAULTS'] === 'every' || !what.startsWith('sysctl.d'))

describe('a reader takes at most ten times the size of a file in memory, for any content', () => {
  // The young generation is kept small, so that the peak is held memory and not garbage.
  it.each(someOf(KINDS, 6))('%s', (what) => {
    const args = ['--import', 'tsx', '--expose-gc', '--max-semi-space-size=1', CHILD, what, String(SIZE)]
    const { stdout, stderr } = run(process.execPath, args, { cwd: ROOT })
    expect(stderr).toBe('')
    const { bytes, more } = JSON.parse(stdout) as { bytes: number; more: number }
    expect(bytes).toBeGreaterThanOrEqual(SIZE)
    expect(more / bytes).toBeLessThan(10)
  })
})
