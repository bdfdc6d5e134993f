import { spawnSync } from 'node:child_process'
import { GOLDEN, GOLDEN_LOCK, LOCKED_PROFILES, ROOT, TREE_PROFILES } from './profiles.ts'

// Writes test/golden again with the built program, for `npm run golden`.

const lines = [
  ['generate', ...TREE_PROFILES, '--out', GOLDEN],
  ['lock', ...LOCKED_PROFILES, '--lock', GOLDEN_LOCK],
]
for (const line of lines) {
  const { status } = spawnSync(process.execPath, ['dist/bin.cjs', ...line], { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) process.exitCode = status ?? 3
}
