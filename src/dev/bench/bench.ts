import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { aligned } from '../../cli/table.ts'
import { locksRow } from './locks.ts'

// How long a command takes from the shell's point of view, as a ratio to `node -e 0` in the same run: the machines that
// this runs on are shared, so that only ratios mean something. Rounds are interleaved; medians are shown.

const ROUNDS = Number(process.argv[2] ?? 21)
const BIN = fileURLToPath(new URL('../../../dist/bin.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-bench-'))
const profile = join(folder, 'line4.yaml')
writeFileSync(profile, 'name: line4\nidle: 20s\ninterval: 5s\n')
const wishes = join(folder, 'wishes.yaml')
writeFileSync(wishes, 'name: line4\ndetect: 60s\npath: [{ name: fw, idle-limit: 30min }]\ntolerate: 3\n')

// Reading extra certificates costs Node 20 tens of milliseconds before it does anything, floor and program alike.
const env = { ...process.env }
delete env['NODE_EXTRA_CA_CERTS']

/** What is timed, and at most how many times the floor it may take. */
const CASES: readonly { readonly what: string; readonly args: readonly string[]; readonly bar?: number }[] = [
  { what: 'node -e 0', args: ['-e', '0'] },
  { what: '--help', args: [BIN, '--help'], bar: 2 },
  { what: 'validate of one profile', args: [BIN, 'validate', profile], bar: 2.5 },
  { what: 'validate of one profile of wishes', args: [BIN, 'validate', wishes], bar: 2.5 },
  { what: 'bundle of one profile', args: [BIN, 'bundle', profile, '--out', join(folder, 'out')], bar: 4 },
]

function milliseconds(args: readonly string[]): number {
  rmSync(join(folder, 'out'), { recursive: true, force: true })
  const began = performance.now()
  const { status } = spawnSync(process.execPath, args, { env, stdio: 'ignore' })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
  return performance.now() - began
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] as number
}

const times = CASES.map((): number[] => [])
for (let round = -2; round < ROUNDS; round += 1)
  for (const [index, { args }] of CASES.entries()) {
    const time = milliseconds(args)
    if (round >= 0) times[index]?.push(time)
  }
const floor = times[0] as readonly number[]
const rows = CASES.map(({ what, bar }, index) => {
  const ratio = median((times[index] as readonly number[]).map((time, round) => time / (floor[round] as number)))
  return [
    what,
    `${median(times[index] as readonly number[]).toFixed(1)} ms`,
    ratio.toFixed(2),
    bar === undefined ? '' : `at most ${bar}`,
  ]
})
console.log(aligned([['', 'median', 'x floor', 'bar'], ...rows, locksRow(BIN, folder)]).join('\n'))
rmSync(folder, { recursive: true })
