import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    // Most of the time a test waits for processes that it started.
    maxWorkers: '100%',
    globalSetup: './support/temporary.ts',
    // No test is about time: this only ends what hangs, also on a machine that others keep busy.
    testTimeout: process.env['FAULTS'] === 'every' || process.env['FUZZ_RUNS'] !== undefined ? 1_800_000 : 240_000,
    hookTimeout: 400_000,
  },
})
