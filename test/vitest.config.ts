import { configDefaults, defineConfig } from 'vitest/config'
import { SlowFirst } from './support/slow-first.ts'
import { Progress } from './support/progress.ts'

/**
 * How much is tried, by `--mode`; tests read it from these variables. Scripts of package.json cannot set variables: cmd of
 * Windows has another syntax for it than sh.
 */
const MODES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  all: { DEPTH: 'all' },
  faults: { DEPTH: 'every-step' },
  kernel: { KERNEL: 'every' },
}

const LEFT_OUT = `Less was tested than in CI: npm run test:all tries every row and more random cases, and each skipped test
needs a program that is not here (test/README.md names them).`

export default defineConfig(({ mode }) => ({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    // Suites in depth take too long for each push: `npm run test:all` and `npm run test:faults` run them.
    exclude: [...configDefaults.exclude, ...(MODES[mode]?.['DEPTH'] !== undefined ? [] : ['**/*.depth.test.ts'])],
    env: MODES[mode] ?? {},
    reporters: [
      new Progress(mode in MODES || process.env['ORACLES'] === 'required' ? undefined : LEFT_OUT),
      ...(process.env['GITHUB_ACTIONS'] === 'true' ? ['github-actions'] : []),
    ],
    // Most of the time a test waits for processes that it started.
    maxWorkers: '100%',
    sequence: { sequencer: SlowFirst },
    globalSetup: './support/temporary.ts',
    // No test is about time: this only ends what hangs, also on a machine that others keep busy.
    testTimeout: mode === 'faults' || process.env['FUZZ_RUNS'] !== undefined ? 1_800_000 : 240_000,
    hookTimeout: 400_000,
  },
}))
