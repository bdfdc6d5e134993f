import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildTarget, type TestProfile } from '../support/build.ts'
import { timesOf } from '../support/depth.ts'
import { canMakeTrouble, describeOnWindows, newWindows } from '../support/powershell.ts'
import { type Held, watchAll } from '../support/powershell-faults.ts'
import type { Wine } from '../support/wine.ts'
import { after, type Contents, type Machine, type Step, type Way } from './model.ts'

// Every step runs the real scripts; the model in model.ts says what the machine must hold afterwards.

const NAMES = ['KeepAliveTime', 'KeepAliveInterval'] as const
const KITS: Readonly<Record<string, TestProfile>> = {
  A1: { name: 'profile-a', idle: 20_000, interval: 5_000 },
  A2: { name: 'profile-a', idle: 60_000, interval: 2_000 },
  // The same idle time as A1: only both values together tell the profiles apart.
  B1: { name: 'profile-b', idle: 20_000, interval: 1_000 },
  B2: { name: 'profile-b', idle: 40_000, interval: 3_000 },
}
const STARTS: Readonly<Record<string, Held['Values']>> = {
  defaults: {},
  'a number': { KeepAliveTime: 'DWord:7200000', KeepAliveInterval: 'DWord:1000' },
  text: { KeepAliveTime: 'String:slow' },
}
/** A value that nobody but an editor sets. */
const EDIT = 'DWord:30000'

const install = (kit: string): Step => ({ do: 'install', kit })
const uninstall = (kit: string, way: Way = 'beginning', force = false): Step => ({ do: 'uninstall', kit, way, force })

const ROWS: readonly (readonly Step[])[] = [
  [install('B1'), install('A1'), install('B2'), uninstall('B1'), install('A1'), uninstall('A1')],
  [uninstall('B1', 'defaults'), install('A1'), install('B1'), uninstall('B1'), install('A1'), uninstall('A1')],
  [install('A1'), install('B1'), uninstall('B1', 'defaults'), uninstall('A1'), uninstall('B1')],
  [install('A1'), install('B1'), install('A2'), uninstall('B1'), uninstall('A1')],
]

/** mulberry32: the same sequences in every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

function sequenceOf(seed: number): readonly Step[] {
  const random = randomOf(seed)
  const one = <T>(of: readonly T[]): T => of[random(of.length)] as T
  return Array.from({ length: 4 + random(5) }, () => {
    const kind = random(10)
    if (kind === 0) return { do: 'edit', part: one(NAMES) }
    if (kind < 5) return install(one(['A1', 'A2', 'B1']))
    return uninstall(one(['A1', 'B1']), one(['beginning', 'previous', 'defaults']), random(3) === 0)
  })
}

const describe = canMakeTrouble ? describeOnWindows : () => undefined
describe('any sequence of PowerShell scripts', () => {
  let windows: Wine
  let kits: Readonly<Record<string, string>>
  beforeAll(() => {
    windows = newWindows()
    kits = Object.fromEntries(Object.entries(KITS).map(([kit, profile]) => [kit, buildTarget('windows', profile)]))
  })
  afterAll(() => windows?.remove())

  /** The value of a part with an opaque content of the model. */
  function valueOf(part: string, content: string, start: Held['Values']): string | undefined {
    if (content === 'edit') return EDIT
    if (content === 'defaults') return undefined
    if (content in STARTS) return start[part]
    const { idle, interval } = KITS[content] ?? {}
    const value = part === 'KeepAliveTime' ? idle : interval
    return value === undefined ? undefined : `DWord:${value}`
  }

  function valuesOf(now: Contents, start: Held['Values']): Held['Values'] {
    const pairs = Object.entries(now).map(([part, content]) => [part, valueOf(part, content, start)] as const)
    return Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as Held['Values']
  }

  const argumentsOf = (step: Step): readonly string[] => {
    if (step.do !== 'uninstall') return []
    const way = { beginning: [], previous: ['-Previous'], defaults: ['-Defaults'] }[step.way]
    return [...way, ...(step.force ? ['-Force'] : [])]
  }

  interface Row {
    readonly name: string
    readonly start: keyof typeof STARTS
    readonly steps: readonly Step[]
  }

  /** Runs the same step of many sequences in one process; at the end, a forced uninstall leads to the beginning. */
  function runAll(rows: readonly Row[]): void {
    let machines = rows.map(({ name, start, steps }) => ({
      steps: [...steps, uninstall('A1', 'beginning', true)],
      label: `${name}, from ${start}`,
      start: STARTS[start] as Held['Values'],
      held: { Values: STARTS[start], Record: {} } as Held,
      model: { now: { KeepAliveTime: start, KeepAliveInterval: start } } as Machine,
    }))
    for (let at = 0; machines.length > 0; at += 1) {
      const running = machines.flatMap((machine) => {
        const step = machine.steps[at]
        return step === undefined ? [] : [{ machine, step, next: after(machine.model, step) }]
      })
      const scripts = running.filter(({ step }) => step.do !== 'edit')
      const ran = watchAll(
        windows,
        scripts.map(({ machine, step }) => ({
          script: join(kits[(step as { kit: string }).kit] as string, `${step.do}.ps1`),
          args: argumentsOf(step),
          from: machine.held,
        })),
      )
      machines = running.map(({ machine, step, next }) => {
        const label = `${machine.label}: ${JSON.stringify(machine.steps.slice(0, at + 1))}`
        const values = valuesOf(next.machine.now, machine.start)
        if (step.do === 'edit')
          return { ...machine, label, held: { ...machine.held, Values: values }, model: next.machine }
        const { code, stdout, stderr, end } = ran[
          scripts.findIndex((one) => one.machine === machine)
        ] as (typeof ran)[0]
        const told = `${label}: ${code} ${stdout}${stderr}`
        expect(code === 1, told).toBe(next.refused)
        expect([0, 1, 3010], told).toContain(code)
        expect(end.Values, told).toEqual(values)
        expect('Record' in end.Record, told).toBe(next.machine.record !== undefined)
        // The forced uninstall: the model has the beginning now, which an edit before the first record is a part of.
        if (at === machine.steps.length - 1) expect(end.Record, told).toEqual({})
        return { ...machine, held: end, model: next.machine }
      })
    }
  }

  const starts = Object.keys(STARTS)

  it('ends as the model says: the rows of the table', { timeout: 600_000 }, () => {
    runAll(ROWS.flatMap((steps, row) => starts.map((start) => ({ name: `row ${row + 1}`, start, steps }))))
  })

  const times = timesOf(100, 6, 14)
  it(`ends as the model says: ${times} sequences by chance`, { timeout: 3_600_000 }, () => {
    const numbers = Array.from({ length: times }, (_, seed) => seed)
    runAll(
      numbers.map((seed) => ({
        name: `seed ${seed}`,
        start: starts[seed % starts.length] as string,
        steps: sequenceOf(seed),
      })),
    )
  })
})
