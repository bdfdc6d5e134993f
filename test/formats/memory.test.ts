import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { run } from '../support/oracle.ts'
import { HOSTILE } from './hostile-files.ts'
import { EVERY_STEP, someOf } from '../support/depth.ts'

const CHILD = fileURLToPath(new URL('memory-child.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SIZE = 4_000_000

/** Patterns are matched against each setting, which takes minutes with so small a heap: for `npm run test:faults`. */
const KINDS = Object.keys(HOSTILE).filter((what) => EVERY_STEP || !what.includes('pattern'))

describe('a reader takes at most ten times the size of a file in memory, for any content', () => {
  // Both generations are kept small: otherwise the peak is mostly garbage that V8 did not need to collect. A reader that
  // holds more than the bound runs out of memory.
  it.each(someOf(KINDS, 6, 8))('%s', (what) => {
    const small = ['--max-semi-space-size=1', '--max-old-space-size=48']
    const args = ['--import', 'tsx', '--expose-gc', ...small, CHILD, what, String(SIZE)]
    const { stdout, stderr } = run(process.execPath, args, { cwd: ROOT })
    expect(stderr).toBe('')
    const { bytes, more } = JSON.parse(stdout) as { bytes: number; more: number }
    expect(bytes).toBeGreaterThanOrEqual(SIZE)
    expect(more / bytes).toBeLessThan(10)
  })
})
