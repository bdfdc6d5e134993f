import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import type { Script } from 'node:vm'
import { codeFile, programLoader, sealed } from '../io/compiled.ts'
import type * as program from '../program.ts'

// Saves V8's code of the program after running the most frequent commands. It writes into the current folder;
// `src/dev/build.ts` starts it in a temporary one.

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))
const PROFILE = 'name: line4\nidle: 20s\ninterval: 5s\n'
const FLEET = `name,targets,idle,interval\n${['20s', '30s', '40s'].map((idle, at) => `plc-${at},windows-ce,${idle},5s\n`).join('')}`
const LINES = [
  '--help',
  '--complete=preset: bundle',
  'validate line4.yaml',
  'bundle line4.yaml',
  'fleet fleet.csv --out fleet',
  'fleet fleet.csv --out fleet',
  'diff fleet/keepalive.lock.json fleet/keepalive.lock.json',
]

writeFileSync('line4.yaml', PROFILE)
writeFileSync('fleet.csv', FLEET)
const scripts = new Map<string, Script>()
const load = programLoader(DIST, createRequire(import.meta.url), (file, script) => scripts.set(file, script))
const { run } = load('program.cjs') as typeof program
for (const line of LINES) {
  await run(line.split(' '))
  if (process.exitCode !== 0) throw new Error(`keepalive-kit ${line}: exit code ${process.exitCode}`)
}
// V8 rejects code that was compiled with other flags, and `fleet` sets one.
setFlagsFromString('--heap-growing-percent=0')
for (const [file, script] of scripts)
  writeFileSync(codeFile(file), sealed(script.createCachedData(), readFileSync(file, 'latin1')))
