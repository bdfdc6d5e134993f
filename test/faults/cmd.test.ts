import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import {
  ABSENT,
  KEY,
  OTHER,
  OTHER_PROFILE,
  RECORD,
  WANTED,
  installedOver,
  newCmdMachine,
  recordIn,
  valuesIn,
  type CmdMachine,
  type Recorded,
  type Values,
} from '../support/cmd.ts'
import { faulty, looking, showing } from '../support/cmd-faults.ts'
import { EVERY_STEP, pointsOf, rowsOf } from '../support/depth.ts'
import { describeInWine } from '../support/wine.ts'

// Stops install.cmd and uninstall.cmd before every command that they run, lets every command that reads or writes
// outside of them fail once, and cuts their import off after each of its lines. Values and record must then be old or
// new, in a cut import also between, but never unknown; and the next install and the next uninstall must complete.

/** The values before the first install: a text in place of a number, and an absent value. */
const ORIGINAL: Values = { KeepAliveTime: '"20 s"', KeepAliveInterval: '-' }

/** Everything that the scripts change. */
interface State {
  readonly values: Values
  readonly record: Recorded | undefined
}

const NOTHING_INSTALLED: State = { values: ORIGINAL, record: undefined }
const ONE_INSTALLED: State = { values: WANTED, record: installedOver(ORIGINAL) }
const TWO_INSTALLED: State = {
  values: OTHER,
  record: {
    profile: 'beckhoff',
    previousProfile: 'beckhoff',
    before: ORIGINAL,
    installed: OTHER,
    previous: WANTED,
  },
}
const DEFAULTS_SET: State = {
  values: ABSENT,
  record: { previousProfile: 'beckhoff', before: ORIGINAL, installed: ABSENT, previous: OTHER },
}

/** A script, whether it is that of the other version, and the states before and after it. */
const RUNS = [
  { script: 'install.cmd', other: false, from: NOTHING_INSTALLED, to: ONE_INSTALLED },
  { script: 'install.cmd', other: true, from: ONE_INSTALLED, to: TWO_INSTALLED },
  { script: 'uninstall.cmd', other: true, from: TWO_INSTALLED, to: NOTHING_INSTALLED },
  { script: 'uninstall.cmd /defaults', other: true, from: TWO_INSTALLED, to: DEFAULTS_SET },
  { script: 'uninstall.cmd /previous', other: true, from: TWO_INSTALLED, to: ONE_INSTALLED },
] as const
type Run = (typeof RUNS)[number]

const text = (state: State): string => JSON.stringify(state)

describeInWine('the installers for cmd.exe under faults', () => {
  let machine: CmdMachine
  let folders: Readonly<Record<'true' | 'false', string>>
  beforeAll(() => {
    machine = newCmdMachine()
    machine.reset()
    folders = { false: buildTarget('windows'), true: buildTarget('windows', OTHER_PROFILE) }
  })
  afterAll(() => machine?.remove())

  function set({ values, record }: State): void {
    machine.put(values)
    machine.putRecord(record)
    rmSync(machine.working(), { recursive: true, force: true })
  }
  const state = (): State => ({ values: machine.held(), record: machine.recorded() })

  /** Runs a copy of a script; returns its exit code, 99 if it was stopped. */
  function run(script: string, folder: string, edit: (source: string) => string): number {
    const [file = '', ...args] = script.split(' ')
    const copy = machine.wine.driveC('faults')
    mkdirSync(copy, { recursive: true })
    writeFileSync(join(copy, file), edit(readFileSync(join(folder, file), 'latin1')))
    return machine.started([file, ...args].join(' '), copy).code
  }

  /** The steps of an undisturbed script as line numbers, and the state that a stop at each would leave. */
  function steps(one: Run, every: boolean): { lines: readonly number[]; states: readonly State[] } {
    const look = {
      folder: String.raw`C:\look`,
      key: KEY,
      record: RECORD,
      reg: String.raw`C:\windows\system32\test-reg.exe`,
    }
    const folder = machine.wine.driveC('look')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    set(one.from)
    expect(run(one.script, folders[`${one.other}`], (source) => looking(source, look, every))).toBe(3010)
    expect(state()).toEqual(one.to)
    const lines = readFileSync(join(folder, 'steps.txt'), 'latin1').trim().split(/\s+/).map(Number)
    const states = lines.flatMap((_, index) => (every ? stateIn(join(folder, String(index + 1))) : []))
    return { lines, states }
  }

  /** The state that was seen at one step. */
  function stateIn(folder: string): State {
    const exported = (file: string) =>
      existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf16le') : ''
    return { values: valuesIn(exported('key.reg')), record: recordIn(exported('record.reg')) }
  }

  const between = (found: State, { from, to }: Run): readonly string[] =>
    [from, to].map(text).includes(text(found)) ? [] : [`between: ${text(found)}`]

  /** Errors of the next install and the next uninstall from a state; a state without errors is not tried again. */
  const right = new Set<string>()
  function unfinished(found: State, restore: () => void, { other }: Run): readonly string[] {
    const key = JSON.stringify([found, other])
    if (right.has(key)) return []
    const folder = folders[`${other}`]
    const wrong: string[] = []
    restore()
    const installed = machine.started('install.cmd', folder)
    const { values, record } = state()
    const goal = other ? OTHER : WANTED
    if (JSON.stringify([values, record?.before]) !== JSON.stringify([goal, ORIGINAL]))
      wrong.push(`install: ${JSON.stringify({ installed, values, record })}`)
    const again = machine.started('uninstall.cmd', folder)
    if (text(state()) !== text(NOTHING_INSTALLED))
      wrong.push(`install, uninstall: ${JSON.stringify({ again, ...state() })}`)
    restore()
    const uninstalled = machine.started('uninstall.cmd', folder)
    if (text(state()) !== text(NOTHING_INSTALLED))
      wrong.push(`uninstall: ${JSON.stringify({ uninstalled, ...state() })}`)
    if (wrong.length === 0) right.add(key)
    return wrong
  }

  it.each(rowsOf(RUNS, 1))(
    'leave an old or new state that can be completed, if $script is stopped before any command, other version: $other',
    (one) => {
      const { lines, states } = steps(one, EVERY_STEP)
      const at = (step: number) => `line ${lines[step]}, time ${timeOf(lines, step)}`
      const seen = states.flatMap((found, step) => between(found, one).map((what) => `${at(step)}: ${what}`))
      // If nothing changed since the previous command, a stop leaves the same state as there: only the others are
      // tried.
      const changed = (step: number) => step === 0 || text(states[step] as State) !== text(states[step - 1] as State)
      const stops = EVERY_STEP
        ? lines.flatMap((_, step) => (changed(step) ? [step] : []))
        : lines.map((_, step) => step)
      const points = pointsOf(stops.length, 2).map((point) => stops[point - 1] as number)
      process.stdout.write(
        `${one.script}: seen before ${states.length} of ${lines.length} commands, stopped at ${points.length} of ${stops.length}\n`,
      )
      const wrong = points.flatMap((step) => {
        set(one.from)
        const fault = { kind: 'stop', line: lines[step] as number, time: timeOf(lines, step) } as const
        const code = run(one.script, folders[`${one.other}`], (source) => faulty(source, fault))
        const found = state()
        const looked = states[step] ?? found
        return [
          ...(code === 99 ? [] : [`ended with ${code}`]),
          ...(text(found) === text(looked) ? [] : [`left ${text(found)}, not ${text(looked)}`]),
          ...between(found, one),
          ...unfinished(found, () => set(found), one),
        ].map((what) => `${at(step)}: ${what}`)
      })
      expect([...seen, ...wrong]).toEqual([])
    },
    1_800_000,
  )

  it.each(rowsOf(RUNS, 1))(
    'leave an old or new state that can be completed, if any command of $script fails, other version: $other',
    (one) => {
      const [file = ''] = one.script.split(' ')
      const source = readFileSync(join(folders[`${one.other}`], file), 'latin1').split('\r\n')
      const all = steps(one, false).lines
      const outside = all.flatMap((line, index) => (canFail(source[line] ?? '') ? [index + 1] : []))
      const points = pointsOf(outside.length, 2)
      process.stdout.write(`${one.script}: ${points.length} of ${outside.length} commands fail\n`)
      const wrong = points.flatMap((point) => {
        const step = outside[point - 1] ?? 0
        const line = all[step - 1] ?? 0
        const time = timeOf(all, step - 1)
        set(one.from)
        const code = run(one.script, folders[`${one.other}`], (copy) => faulty(copy, { kind: 'fail', line, time }))
        const found = state()
        const ended = [0, 3010].includes(code) ? one.to : one.from
        return [
          ...(text(found) === text(ended) ? [] : [`${code} with ${text(found)}`]),
          ...unfinished(found, () => set(found), one),
        ].map((what) => `line ${line}, time ${time}, ${source[line]}: ${what}`)
      })
      expect(wrong).toEqual([])
    },
    1_800_000,
  )

  it.each(rowsOf(RUNS, 1))(
    'leave known values and a whole beginning, if $script is killed between two lines of its import, other version: $other',
    (one) => {
      set(one.from)
      expect(run(one.script, folders[`${one.other}`], showing)).toBe(3010)
      const lines = readFileSync(machine.wine.driveC('do.reg'), 'latin1').split('\r\n')
      const points = pointsOf(lines.length - 1, 3)
      process.stdout.write(`${one.script}: killed after ${points.length} of ${lines.length - 1} lines of the import\n`)
      const wrong = points.flatMap((point) => {
        const restore = () => {
          set(one.from)
          machine.importText(`${lines.slice(0, point).join('\r\n')}\r\n`)
        }
        restore()
        const found = state()
        const { values, record } = found
        const known = record ? [record.before, record.installed, record.previous ?? ABSENT] : [ORIGINAL]
        const unknown = (['KeepAliveTime', 'KeepAliveInterval'] as const).filter((name) =>
          known.every((each) => each[name] !== values[name]),
        )
        return [
          ...unknown.map((name) => `unknown ${name}: ${text(found)}`),
          ...(record === undefined || JSON.stringify(record.before) === JSON.stringify(ORIGINAL) ? [] : [text(found)]),
          ...unfinished(found, restore, one),
        ].map((what) => `after ${lines[point - 1]}: ${what}`)
      })
      expect(wrong).toEqual([])
    },
    1_800_000,
  )
})

/** How often the line of a step has run by then. */
function timeOf(lines: readonly number[], step: number): number {
  return lines.slice(0, step + 1).filter((line) => line === lines[step]).length
}

/** Whether a line of a script acts outside of the script. */
function canFail(line: string): boolean {
  return /"%REG%"|"%REGEDIT%"|findstr|\b(?:mkdir|del|rmdir|type)\b|>>?"%/.test(line)
}
