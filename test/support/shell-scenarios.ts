import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildTarget } from './build.ts'
import { EVERY_STEP, pointsOf } from './depth.ts'
import { missingNamespaces } from './netns.ts'
import { describeWithOracle, missingPrograms } from './oracle.ts'
import {
  faultInjector,
  stateOf,
  type Fault,
  type FaultInjector,
  type Job,
  type Outcome,
  type System,
} from './shell-faults.ts'
import { newFolder, programOf, shells } from './shells.ts'
import {
  afterFailure,
  afterKill,
  afterSignal,
  afterwards,
  unsafeRenames,
  type Scenario,
  type Stop,
} from './shell-stops.ts'

const versions = {
  first: { name: 'line-4', idle: 4_000, interval: 4_000, probes: 8 },
  second: { name: 'line-4', idle: 60_000, interval: 10_000, probes: 5 },
} as const

/** Each system with a foreign file in the place of ours, and running values that differ from the system's defaults. */
const systems = {
  linux: {
    file: 'etc/sysctl.d/60-keepalive.conf',
    text: '# mine\nnet.ipv4.tcp_keepalive_time = 7000\n',
    kernel: { values: '7000\n70\n8\n' },
    more: {},
  },
  tcbsd: {
    file: 'etc/sysctl.conf',
    text: '# mine\r\nkern.x=1\nnet.inet.tcp.keepidle=7000000',
    kernel: {
      'net.inet.tcp.keepidle': '7000000\n',
      'net.inet.tcp.keepintvl': '70000\n',
      'net.inet.tcp.keepinit': '70000\n',
      'net.inet.tcp.keepcnt': '7\n',
      'net.inet.tcp.always_keepalive': '0\n',
      'kern.hz': '1000\n',
    },
    more: { init: 30_000, always: true },
  },
} as const

type Prior = 'no file' | "somebody's file"
type Step = 'first/install.sh' | 'second/install.sh' | 'second/uninstall.sh'

/**
 * The last step is stopped; the others prepare it. `edited`: somebody changed the installed values. `undone`: the last
 * rename fails, so that the rollback is stopped too.
 */
interface Row {
  readonly prior: Prior
  readonly steps: readonly Step[]
  readonly args?: readonly string[]
  readonly but?: 'edited' | 'undone'
}

const rows: readonly Row[] = [
  { prior: 'no file', steps: ['second/install.sh'] },
  { prior: "somebody's file", steps: ['second/install.sh'] },
  { prior: "somebody's file", steps: ['second/install.sh'], but: 'undone' },
  { prior: "somebody's file", steps: ['first/install.sh', 'second/install.sh'] },
  { prior: 'no file', steps: ['second/install.sh', 'second/uninstall.sh'] },
  { prior: "somebody's file", steps: ['second/install.sh', 'second/uninstall.sh'] },
  { prior: "somebody's file", steps: ['second/install.sh', 'second/uninstall.sh'], but: 'undone' },
  { prior: "somebody's file", steps: ['second/install.sh', 'second/uninstall.sh'], args: ['--force'], but: 'edited' },
  { prior: "somebody's file", steps: ['second/install.sh', 'second/uninstall.sh'], args: ['--defaults'] },
  { prior: "somebody's file", steps: ['second/uninstall.sh'], args: ['--defaults'] },
  {
    prior: "somebody's file",
    steps: ['first/install.sh', 'second/install.sh', 'second/uninstall.sh'],
    args: ['--previous'],
  },
]

const titleOf = ({ prior, steps, args = [], but }: Row): string =>
  [`${prior}:`, steps.join(', then '), ...args, ...(but === undefined ? [] : [`(${but})`])].join(' ')

/** The faults of a script, the number of points in a normal run, and the shell. */
interface Grid {
  readonly faults: readonly Fault[]
  readonly few: number
  readonly shell: string
}

const signals: readonly Fault[] = ['HUP', 'INT', 'TERM', 'PIPE']
const kills: readonly (readonly Fault[])[] = [['kill'], ['killed-after'], ['half'], ['step']]
const failures: readonly (readonly Fault[])[] = [['fail'], signals]

/**
 * The faults for the row of this number, each in another shell than in the previous row. If a call always fails, the
 * script cannot undo a second failure. A normal run tries one kind of fault per row, another one for the next row.
 */
function gridsOf({ but }: Row, number: number): readonly Grid[] {
  const grids = [...kills, ...(but === 'undone' ? [] : failures)].map((faults, index) => ({
    faults,
    few: 2,
    shell: faults[0] === 'step' ? 'bash' : (shells[(index + number) % shells.length] ?? 'sh'),
  }))
  return EVERY_STEP ? grids : grids.filter((_, index) => index === (number >> 1) % grids.length)
}

/** Each system tries other rows than the other one, since their scripts share most of their code; all with `npm run test:faults`. */
function isTried(system: System, number: number): boolean {
  return EVERY_STEP || number % 4 === (system === 'linux' ? 1 : 3)
}

/** Defines the tests that stop the scripts of a system at every step, and prints the number of steps. */
export function stopScripts(system: System): void {
  const missing = missingNamespaces() ?? missingPrograms('setsid', 'mawk', ...shells.map(programOf))
  describeWithOracle(`The ${system} scripts, stopped at every step`, missing, () => {
    const kits = {
      first: buildTarget(system, versions.first),
      second: buildTarget(system, { ...versions.second, ...systems[system].more }),
    }
    const scripts = Object.values(kits).flatMap((kit) =>
      ['install.sh', 'uninstall.sh', 'shared.sh'].map((name) => join(kit, name)),
    )
    let injector: FaultInjector
    beforeAll(() => {
      injector = faultInjector(system, scripts)
    })
    const told: string[] = []
    afterAll(() => console.log(`Points on ${system}\n${told.join('\n')}`))

    const cases = rows
      .map((row, number) => [titleOf(row), row, number] as const)
      .filter(([, , number]) => isTried(system, number))
    it.each(cases)(
      'leave an old or new state that can be completed: %s',
      { timeout: 3_600_000 },
      (title, row, number) => {
        const scenario = prepare(injector, system, kits, row)
        const stops: Stop[] = []
        const problems = unsafeRenames(scenario.calls)
        const counts: string[] = []
        for (const { faults, few, shell } of gridsOf(row, number)) {
          const { job, points, steps } = counted(injector, { ...scenario.job, shell }, row, faults)
          const jobs = pointsOf(points.length, few).map((point) => {
            const at = points[point - 1] ?? 0
            return { ...job, at, fault: faults[at % faults.length] ?? 'none' }
          })
          counts.push(`${faults.join('/')} at ${jobs.length} of ${points.length} points in ${shell}`)
          if (steps !== points.length)
            counts.push(
              `of ${steps} ${faults[0] === 'step' ? 'simple commands' : 'calls'}, at the others it would leave the same`,
            )
          for (const [index, outcome] of injector.run(jobs).entries()) {
            const { at = 0, fault = 'none' } = jobs[index] ?? {}
            const what = `${fault} ${at} of ${steps} in ${shell} (${outcome.stopped})`
            problems.push(...judge(scenario, fault, outcome, row).map((problem) => `${what}: ${problem}`))
            stops.push({ what, outcome })
          }
        }
        told.push(`${title}: ${counts.join(', ')}`)
        problems.push(...afterwards(injector, scenario, stops))
        expect(problems.slice(0, 20)).toEqual([])
      },
    )
  })
}

function judge(scenario: Scenario, fault: Fault, outcome: Outcome, { but }: Row): string[] {
  if (fault === 'fail') return afterFailure(scenario, outcome)
  if (signals.includes(fault)) return afterSignal(scenario, outcome)
  if (outcome.code === 137) return afterKill(scenario, outcome.state)
  // The count of simple commands can be lower than in the first run, see the trap: then the script completed.
  const end = but === 'undone' ? 1 : 0
  if (outcome.code === end && fault === 'step') return afterFailure(scenario, outcome)
  return [`exit code ${outcome.code}: it was not stopped: ${outcome.stdout}${outcome.stderr}`]
}

/**
 * The points at which the script can be stopped: its calls of programs. For a kill, only those before or after which
 * the machine changed: at all others it leaves the same state as at the previous one. The same holds for bash's simple
 * commands.
 */
function counted(injector: FaultInjector, job: Job, { but }: Row, [fault]: readonly Fault[]) {
  const count = (counts: Job): Outcome => {
    const [outcome] = injector.run([counts])
    if (outcome === undefined) throw new Error('nothing was run')
    return outcome
  }
  const renames = count(job).calls.map((call, index) => (call.startsWith('mv ') ? index + 1 : 0))
  const failing = but === 'undone' ? { ...job, fails: Math.max(...renames) } : job
  if (fault === 'step') {
    const { steps, changes } = count({ ...failing, fault: 'look' })
    return { job: failing, points: changes, steps }
  }
  const { calls, changes } = count({ ...failing, fault: 'watch' })
  if (fault === 'kill') return { job: failing, points: changes, steps: calls.length }
  if (fault === 'killed-after' || fault === 'half') {
    const before = [...changes.map((change) => change - 1).filter((call) => call > 0), calls.length]
    return { job: failing, points: [...new Set(before)], steps: calls.length }
  }
  return { job: failing, points: calls.map((_, index) => index + 1), steps: calls.length }
}

function prepare(
  injector: FaultInjector,
  system: System,
  kits: Readonly<Record<'first' | 'second', string>>,
  row: Row,
): Scenario {
  const original = machineBefore(system, row.prior)
  const job = (step: Step): Job => {
    const [version, name] = step.split('/') as ['first' | 'second', string]
    return { script: join(kits[version], name) }
  }
  const last = row.steps.at(-1) ?? 'second/install.sh'
  const installs = row.steps.filter((step) => step.endsWith('/install.sh'))
  const through = (steps: readonly Step[]): string =>
    steps.length === 0
      ? original
      : (injector.run(steps.map((step, index) => ({ ...job(step), ...(index === 0 ? { from: original } : {}) }))).at(-1)
          ?.folder ?? original)
  const from = through(row.steps.slice(0, -1))
  if (row.but === 'edited') edit(system, from)
  const stopped = { ...job(last), args: row.args ?? [], from }
  const [plain] = injector.run([stopped])
  if (plain?.code !== 0) throw new Error(`${titleOf(row)}: exit code ${plain?.code}: ${plain?.stderr}`)
  return {
    job: stopped,
    calls: plain.calls,
    old: stateOf(from),
    new: plain.state,
    original: stateOf(original),
    installed: stateOf(through(installs.length === 0 ? ['second/install.sh'] : installs)),
    install: job('second/install.sh'),
    uninstall: { ...job('second/uninstall.sh'), args: row.but === 'edited' ? ['--force'] : [] },
  }
}

function machineBefore(system: System, prior: Prior): string {
  const folder = newFolder()
  const { file, text, kernel } = systems[system]
  for (const name of ['etc/sysctl.d', 'var/lib', 'var/db', 'kernel', 'tmp'])
    mkdirSync(join(folder, name), { recursive: true })
  for (const [name, value] of Object.entries(kernel)) writeFileSync(join(folder, 'kernel', name), value)
  if (prior === 'no file') return folder
  writeFileSync(join(folder, file), text)
  chmodSync(join(folder, file), 0o640)
  if (process.getuid?.() === 0) chownSync(join(folder, file), 33, 33)
  return folder
}

/** Changes idle, as somebody might, in the file and in the running system. */
function edit(system: System, folder: string): void {
  const { file, kernel } = systems[system]
  const value = join(folder, 'kernel', Object.keys(kernel)[0] ?? '')
  for (const [path, text] of [
    [join(folder, file), /60(?=\n|000\n)/],
    [value, /60(?=\n|000\n)/],
  ] as const)
    writeFileSync(path, readFileSync(path, 'latin1').replace(text, '50'), 'latin1')
}
