import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { aligned } from '../../core/table.ts'
import { coldStarts } from './cold.ts'
import { fleetRows } from './fleets.ts'
import { locksRow } from './locks.ts'
import { cells, resultPlot, type Result } from './output.ts'
import { findPython } from './python.ts'

// Every promise about speed, as a ratio within one run: on shared machines only ratios are meaningful. Rounds are
// interleaved, and medians are shown. The argument is the number of rounds.

const ROUNDS = Number(process.argv[2] ?? 5)
const COLD_ROUNDS = 4 * ROUNDS + 1
const BIN = fileURLToPath(new URL('../../../dist/bin.cjs', import.meta.url))
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'keepalive-kit-bench-'))
// With this handler, Control-C ends the running program and the benchmark removes its files; without, gigabytes stay.
process.once('SIGINT', () => {})
const python = findPython()
if (python.missing !== undefined) console.log(`measurements with Python are left out: ${python.missing}`)
try {
  const rows = [
    ...coldStarts(BIN, folder, COLD_ROUNDS),
    locksRow(BIN, folder, ROUNDS),
    ...(await fleetRows(BIN, folder, ROUNDS, python)),
  ]
  const processors = cpus()
  const result: Result = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${processors.length} processors (${processors[0]?.model.trim() ?? 'unknown'}), Linux ${release().split('-')[0]}, Node ${process.version}`,
    rows,
  }
  console.log(aligned([['', 'median', 'times', 'of', 'at most'], ...rows.map(cells)]).join('\n'))
  writeFileSync(here('result.json'), `${JSON.stringify(result, undefined, 2)}\n`)
  writeFileSync(here('result.svg'), resultPlot(result))
} finally {
  rmSync(folder, { recursive: true })
}
