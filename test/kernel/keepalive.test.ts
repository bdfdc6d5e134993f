import { beforeAll, expect, it } from 'vitest'
import { timeline, type ProbeEvent } from '../../src/core/stack.ts'
import { LINUX_STACK } from '../../src/targets/linux/stack.ts'
import { slack } from '../../src/targets/linux/timers.ts'
import { describeWithOracle } from '../support/oracle.ts'
import { machinesBy, timingOf, type Range } from './stories.ts'
import { kernelHz, measure, missingWires, valuesOfThisMachine, type Machine, type Story, type Told } from './wires.ts'

/** Short times for each push; with KERNEL=every, longer ones of more profiles. Each go runs all of its stories at once. */
const EVERY = process.env['KERNEL'] === 'every'
const GOES = EVERY ? 4 : 1
const PROFILES = EVERY ? 50 : 30
const RANGE: Range = EVERY
  ? { idle: 20, interval: 8, probes: 9, longest: 90 }
  : { idle: 5, interval: 3, probes: 6, longest: 23 }
const SEED = 6

/** How late a timer of this kernel may be; where its clock is not known, what the slowest allows. */
const hz = kernelHz()
const late = (ms: number) => slack(ms, hz)
/** Times are counted from the tick in which a packet came, so that a gap may seem to be shorter by as much. */
const TICK = 1_000 / (hz ?? 100)

/** One connection: what the model says, and what the kernel did. */
interface Run {
  readonly machine: Machine
  readonly story: Story
  readonly values: object
  readonly told: Told
  readonly steps: readonly Step[]
}

/** Something that the model says, and the same in the kernel; in ms. */
interface Step {
  readonly said: ProbeEvent
  readonly done: Told['happenings'][number] | undefined
  /** Since the last probe, or the last sign of life before all: by how much the kernel was later than the model. */
  readonly later: number
  /** How much that may be, and what is added because this machine was busy. */
  readonly most: number
  readonly lag: number
}

const told = ({ machine: { profile }, story }: Run) =>
  `${profile.idle} s / ${profile.interval} s / ${profile.probes}, ${story.name} [${story.lost.join()}]`

describeWithOracle('The model of Linux and its kernel agree', missingWires(), () => {
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

  it('about what is tried', () => {
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

  it('about the values that the drop-in of the kit has set', () => {
    const set = runs.map(({ values }) => values)
    expect(set).toEqual(
      runs.map(({ machine: { profile } }) => ({
        time: profile.idle,
        intvl: profile.interval,
        probes: profile.probes,
      })),
    )
  })

  it('without a change to the machine that they run on', () => {
    expect(ofThisMachine[1]).toEqual(ofThisMachine[0])
  })

  it('about which probe goes out, which is answered, and whether the connection is dropped', () => {
    const wrong = runs.flatMap((run) => {
      const said = run.steps.map((step) => step.said.kind).join(' ')
      const done = run.steps.map((step) => step.done?.kind ?? 'nothing').join(' ')
      const after = run.told.happenings.slice(run.steps.length).filter(({ kind }) => kind === 'dropped')
      return said === done && after.length === 0 ? [] : [{ run: told(run), said, done, after }]
    })
    expect(wrong).toEqual([])
  })

  it('about when, as far as a timer of the kernel may be late', () => {
    const wrong = runs.flatMap((run) =>
      run.steps.flatMap(({ said, done, later, most, lag }) =>
        later >= -TICK && later <= most + lag ? [] : [{ run: told(run), said, done, later, most, lag }],
      ),
    )
    expect(wrong).toEqual([])
  })

  it('about what the program is told: ETIMEDOUT after the drop, and nothing while the connection is healthy', () => {
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
    // An answer is no matter of a timer: it only has to be there before the next step. What counts from it is later by its way.
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

/** The last step of each connection, or all with KERNEL=every; times in seconds since the last sign of life. */
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
