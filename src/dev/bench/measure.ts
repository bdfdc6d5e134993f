import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The time of a program, and its peak memory if that was measured. */
export interface Taken {
  readonly ms: number
  readonly mib: number
}

/** A line of the result: the subject, its times, and the times it is compared with. */
export interface Row {
  readonly what: string
  /** The median, in the unit. */
  readonly value: number
  readonly unit: 'ms' | 'MiB'
  /** The median of the ratios within each round. */
  readonly ratio?: number
  /** The name of the comparison. */
  readonly against?: string
  /** The upper limit of the ratio, or of the value if there is no ratio. */
  readonly bar?: number
  readonly rounds: readonly number[]
  /** The value that each round is compared with. */
  readonly others?: readonly number[]
}

// Extra certificates cost Node 20 tens of milliseconds at the start, in the floor and the program alike.
const ENV: NodeJS.ProcessEnv = { ...process.env }
delete ENV['NODE_EXTRA_CA_CERTS']

/** Runs a program to its end; throws if its exit code is not `wanted`. */
export function take(program: string, args: readonly string[], cwd: string, wanted = 0): Taken {
  const began = performance.now()
  const { status, stderr } = spawnSync(program, args, { cwd, env: ENV, stdio: ['ignore', 'ignore', 'pipe'] })
  const ms = performance.now() - began
  if (status !== wanted) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${String(stderr)}`)
  return { ms, mib: 0 }
}

/**
 * The same for Node, with its peak memory; `folder` takes two files. maxRSS starts at the memory of the parent that
 * started the program (getrusage(2): execve keeps it), here the benchmark itself. VmHWM of Linux does not.
 */
export function takeNode(args: readonly string[], cwd: string, folder: string, wanted = 0): Taken {
  const [watch, peak] = [join(folder, 'watch.cjs'), join(folder, 'peak')]
  writeFileSync(
    watch,
    `const fs = require('fs')
if (require('worker_threads').isMainThread) process.on('exit', () => {
  const status = fs.existsSync('/proc/self/status') ? fs.readFileSync('/proc/self/status', 'latin1') : ''
  const kib = /^VmHWM:\\s*(\\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS
  fs.writeFileSync(${JSON.stringify(peak)}, String(kib))
})
`,
  )
  const { ms } = take(process.execPath, ['--require', watch, ...args], cwd, wanted)
  return { ms, mib: Number(readFileSync(peak, 'utf8')) / 1024 }
}

/** The median; of an even number of values, the upper of the two in the middle. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] as number
}

/** A row of times, compared with others of the same rounds. */
export function rowOf(
  what: string,
  rounds: readonly number[],
  held: {
    readonly against?: readonly number[]
    readonly named?: string
    readonly factor?: number
    readonly bar?: number
  } = {},
  unit: Row['unit'] = 'ms',
): Row {
  const { against, named, factor = 1, bar } = held
  const ratio = against && median(rounds.map((value, round) => (value / (against[round] as number)) * factor))
  return {
    what,
    value: median(rounds),
    unit,
    ...(ratio === undefined ? {} : { ratio }),
    ...(named === undefined ? {} : { against: named }),
    ...(bar === undefined ? {} : { bar }),
    rounds,
    ...(against === undefined ? {} : { others: against }),
  }
}
