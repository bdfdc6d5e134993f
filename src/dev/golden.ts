import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Writes the profiles of test/profiles and the presets into out/, where they are kept as goldens. Arguments go on to
// `generate`, so that `npm run golden -- --check` compares.

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const yaml = (folder: string) =>
  readdirSync(`${ROOT}${folder}`)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
const profiles = [
  ...yaml('test/profiles').map((file) => `test/profiles/${file}`),
  ...yaml('src/presets').map((file) => `preset:${file.replace(/\.yaml$/, '')}`),
]
const { status } = spawnSync(process.execPath, ['dist/bin.cjs', 'generate', ...profiles, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
})
process.exitCode = status ?? 3
