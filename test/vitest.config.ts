import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    // Most of the time a test waits for processes that it started.
    maxWorkers: '100%',
    globalSetup: './support/temporary.ts',
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
})
