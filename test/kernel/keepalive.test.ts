import { beforeAll, expect, it } from 'vitest'
import { timeline, type ProbeEvent } from '../../src/core/stack.ts'
import { LINUX_STACK } from '../../src/targets/linux/stack.ts'
import { slack } from '../../src/targets/linux/timers.ts'
import { describeWithOracle } from '../support/oracle.ts'
import { machinesBy, timingOf, type Range } from './stories.ts'
import { kernelHz, measure, missingWires, valuesOfThisMachine, type Machine, type Story, type Told } from './wires.ts'

/** Short times for each push; with KERNEL=every, more profiles with longer times. All stories of one go run at once. */
const EVERY = process.env['KERNEL'] === 'every'
const GOES = EVERY ? 4 : 1
const PROFILES = EVERY ? 50 : 30
const RANGE: Range = EVERY
  ? { idle: 20, interval: 8, probes: 9, longest: 90 }
  : { idle: 5, interval: 3, probes: 6, longest: 23 }
const SEED = 6

/** How late a timer of this kernel may be; if its clock rate is unknown, how late the slowest one may be. */
const hz = kernelHz()
const late = (ms: number) => slack(ms, hz)
/** A timer counts from the tick in which a packet arrived, so a gap may seem shorter by one tick. */
const TICK = 1_000 / (hz ?? 100)

/** One connection in the model and in the kernel. */
interface Run {
  readonly machine: Machine
  readonly story: Story
  readonly values: object
  readonly told: Told
  readonly steps: readonly Step[]
}

/** One event as the model predicts it and as the kernel shows it; in ms. */
interface Step {
  readonly said: ProbeEvent
  readonly done: Told['happenings'][number] | undefined
  /** How much later the kernel was than the model, since the previous probe or, at first, the last sign of life. */
  readonly later: number
  /** The most that `later` may be, and the lag of this busy machine, which is added. */
  readonly most: number
  readonly lag: number
}

const told = ({ machine: { profile }, story }: Run) =>
  `${profile.idle} s / ${profile.interval} s / ${profile.probes}, ${story.name} [${story.lost.join()}]`

describeWithOracle('The model of Linux', missingWires(), () => {
  const runs: Run[] = []
  const ofThisMachine: (readonly string[])[] = []
  beforeAll(() => {
    ofThisMachine.push(valuesOfThisMachine())
    const all = machinesBy(SEED, GOES * PROFILES, RANGE)
    for (let go = 0; go < GOES; go++) {
      const machines = all.slice(go * PROFILES, (go + 1) * PROFILES)
      const measured = measure(machines, RANGE.longest * 1.2 + 20)
      const these = machines.flatMap((machine, index) => runsOf(machine, measured.machines[index], measured.lag))
      console.log(table(these, measured.lag))
      runs.push(...these)
    }
    ofThisMachine.push(valuesOfThisMachine())
  }, GOES * 200_000)

  it('is tried with every value of each field and every order of idle and interval', () => {
    const profiles = runs.map(({ machine }) => machine.profile)
    const shapes = profiles.map(({ idle, interval }) => Math.sign(idle - interval))
    expect(new Set(profiles.map((one) => JSON.stringify(one))).size).toBe(GOES * PROFILES)
    for (const field of ['idle', 'interval', 'probes'] as const)
      expect(new Set(profiles.map((one) => one[field])).size).toBe(RANGE[field])
    expect(new Set(shapes)).toEqual(new Set([-1, 0, 1]))
    const lost = runs.filter(({ story }) => story.name === 'loses all probes but one')
    expect(lost.filter(({ machine, story }) => story.lost.includes(machine.profile.probes - 1))).toHaveLength(
      PROFILES * GOES,
    )
  })

  it('agrees with the kernel about the values of the drop-in', () => {
    const set = runs.map(({ values }) => values)
    expect(set).toEqual(
      runs.map(({ machine: { profile } }) => ({
        time: profile.idle,
        intvl: profile.interval,
        probes: profile.probes,
      })),
    )
  })

  it('is tried without a change to this machine', () => {
    expect(ofThisMachine[1]).toEqual(ofThisMachine[0])
  })

  it('agrees with the kernel about the probes, the answers and the drop', () => {
    const wrong = runs.flatMap((run) => {
      const said = run.steps.map((step) => step.said.kind).join(' ')
      const done = run.steps.map((step) => step.done?.kind ?? 'nothing').join(' ')
      const after = run.told.happenings.slice(run.steps.length).filter(({ kind }) => kind === 'dropped')
      return said === done && after.length === 0 ? [] : [{ run: told(run), said, done, after }]
    })
    expect(wrong).toEqual([])
  })

  it('agrees with the kernel about all times, within the slack of a timer', () => {
    const wrong = runs.flatMap((run) =>
      run.steps.flatMap(({ said, done, later, most, lag }) =>
        later >= -TICK && later <= most + lag ? [] : [{ run: told(run), said, done, later, most, lag }],
      ),
    )
    expect(wrong).toEqual([])
  })

  it('agrees with the kernel about the error that the program gets: ETIMEDOUT after the drop, none before', () => {
    const wrong = runs.flatMap((run) => {
      const { error, noticed, open } = run.told
      const end = run.steps.at(-1)
      const right =
        end?.said.kind === 'dropped'
          ? error === 'ETIMEDOUT' && noticed !== null && end.done !== undefined && noticed >= end.done.at
          : error === null && open
      return right ? [] : [{ run: told(run), error, noticed, open }]
    })
    expect(wrong).toEqual([])
  })
})

type Measured = ReturnType<typeof measure>['machines'][number]

function runsOf(machine: Machine, measured: Measured | undefined, lag: number): readonly Run[] {
  return machine.stories.map((story, index) => {
    const its = measured?.connections[index]
    if (measured === undefined || its === undefined) throw new Error('a connection is missing')
    const said = Array.from(timeline(timingOf(machine.profile), LINUX_STACK, story, late))
    return { machine, story, values: measured.values, told: its, steps: stepsOf(said, its.happenings, lag) }
  })
}

function stepsOf(said: readonly ProbeEvent[], done: Told['happenings'], lag: number): readonly Step[] {
  let [saidBefore, latestBefore, doneBefore, way] = [0, 0, 0, 0]
  return said.map((one, index) => {
    const real = done[index]
    const at = real?.at ?? NaN
    // No timer controls an answer: it must only arrive before the next step, whose time is later by the way of the
    // answer.
    if (one.kind === 'answer') {
      way = at - doneBefore
      return { said: one, done: real, later: 0, most: 0, lag }
    }
    const later = at - doneBefore - (one.at - saidBefore)
    const most = one.latest - latestBefore - (one.at - saidBefore) + way
    ;[saidBefore, latestBefore, doneBefore, way] = [one.at, one.latest, at, 0]
    return { said: one, done: real, later, most, lag }
  })
}

/** A table of the last step of each connection, or of all with KERNEL=every; seconds since the last sign of life. */
function table(runs: readonly Run[], lag: number): string {
  const head = ['idle/interval/probes', 'what happens', 'lost', 'event', 'predicted', 'measured', 'difference']
  const rows = runs.flatMap((run) => {
    const { idle, interval, probes } = run.machine.profile
    const said = [`${idle}/${interval}/${probes}`, run.story.name, shortened(run.story.lost)]
    return run.steps.slice(EVERY ? 0 : -1).map(({ said: { kind, at }, done }) => {
      const real = done?.at ?? NaN
      return [...said, kind, ...[at, real, real - at].map((ms) => (ms / 1_000).toFixed(3))]
    })
  })
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const lines = all.map((row) =>
    row.map((cell, at) => (at < 4 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  )
  const timers = runs.flatMap(({ steps }) => steps).filter(({ said }) => said.kind !== 'answer')
  const used = timers.map(({ later, most }) => later / most)
  const summary = [
    `${runs.length} connections, ${timers.length} probes and drops at ${hz ?? 'unknown'} Hz;`,
    `the latest took ${(Math.max(...used) * 100).toFixed(0)} % of its slack, which leaves out the lag of this machine of ${lag.toFixed(1)} ms,`,
    `the earliest was ${Math.min(...timers.map(({ later }) => later)).toFixed(1)} ms later than said`,
  ].join(' ')
  return [...lines, summary].join('\n')
}

function shortened(lost: readonly number[]): string {
  return lost.length > 8 ? `${lost.slice(0, 7).join()},...` : lost.join()
}
