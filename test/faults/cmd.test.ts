import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import {
  KEY,
  OTHER,
  OTHER_PROFILE,
  WANTED,
  newCmdMachine,
  valuesIn,
  recordFile,
  type CmdMachine,
} from '../support/cmd.ts'
import { faulty, looking } from '../support/cmd-faults.ts'
import { EVERY_STEP, pointsOf, rowsOf } from '../support/depth.ts'
import { describeInWine } from '../support/wine.ts'

// Stops install.cmd and uninstall.cmd before every command that they run, and lets every command that reads or writes
// outside of them fail once. The registry and each file of the record must then be old or new, never between, and the
// next install and the next uninstall must complete.

const RECORD = String.raw`C:\ProgramData\keepalive-kit\beckhoff`

/** The values before the first install: a text in place of a number, and an absent value. */
const ORIGINAL = { KeepAliveTime: '"20 s"', KeepAliveInterval: '-' }
const ABSENT = { KeepAliveTime: '-', KeepAliveInterval: '-' }

/** Everything that the scripts change. */
interface State {
  readonly values: typeof ORIGINAL
  readonly record: Readonly<Record<string, string>>
}

const NOTHING_INSTALLED: State = { values: ORIGINAL, record: {} }
const ONE_INSTALLED: State = {
  values: WANTED,
  record: { 'before.reg': recordFile(ORIGINAL), 'installed.reg': recordFile(WANTED) },
}
const TWO_INSTALLED: State = {
  values: OTHER,
  record: {
    'before.reg': recordFile(ORIGINAL),
    'installed.reg': recordFile(OTHER),
    'previous.reg': recordFile(WANTED),
  },
}
const DEFAULTS_SET: State = {
  values: ABSENT,
  record: {
    'before.reg': recordFile(ORIGINAL),
    'installed.reg': recordFile(ABSENT),
    'previous.reg': recordFile(OTHER),
  },
}

/** A script, the states before and after it, and the state after the install that comes next. */
const RUNS = [
  { script: 'install.cmd', other: false, from: NOTHING_INSTALLED, to: ONE_INSTALLED, next: ONE_INSTALLED },
  { script: 'install.cmd', other: true, from: ONE_INSTALLED, to: TWO_INSTALLED, next: TWO_INSTALLED },
  { script: 'uninstall.cmd', other: true, from: TWO_INSTALLED, to: NOTHING_INSTALLED, next: TWO_INSTALLED },
  { script: 'uninstall.cmd /defaults', other: true, from: TWO_INSTALLED, to: DEFAULTS_SET, next: TWO_INSTALLED },
  { script: 'uninstall.cmd /previous', other: true, from: TWO_INSTALLED, to: ONE_INSTALLED, next: TWO_INSTALLED },
] as const

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
    for (const folder of [machine.record(), dirname(machine.record('lock.txt'))])
      rmSync(folder, { recursive: true, force: true })
    for (const [file, text] of Object.entries(record)) {
      mkdirSync(dirname(machine.record(file)), { recursive: true })
      writeFileSync(machine.record(file), text)
    }
  }
  const state = (): State => ({ values: machine.held(), record: machine.recorded() })

  /** Runs a copy of a script; returns its exit code, 99 if it was stopped. */
  function run(script: string, folder: string, edit: (text: string) => string): number {
    const [file = '', ...args] = script.split(' ')
    const copy = machine.wine.driveC('faults')
    mkdirSync(copy, { recursive: true })
    writeFileSync(join(copy, file), edit(readFileSync(join(folder, file), 'latin1')))
    return machine.started([file, ...args].join(' '), copy).code
  }

  /** The steps of an undisturbed script as line numbers, and the state that a stop at each would leave. */
  function steps(one: (typeof RUNS)[number], every: boolean): { lines: readonly number[]; states: readonly State[] } {
    const look = {
      folder: String.raw`C:\look`,
      key: KEY,
      record: RECORD,
      working: String.raw`C:\windows\keepalive-kit`,
      reg: String.raw`C:\windows\system32\test-reg.exe`,
    }
    const folder = machine.wine.driveC('look')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    set(one.from)
    expect(run(one.script, folders[`${one.other}`], (text) => looking(text, look, every))).toBe(3010)
    expect(state()).toEqual(one.to)
    const lines = readFileSync(join(folder, 'steps.txt'), 'latin1').trim().split(/\s+/).map(Number)
    const states = lines.flatMap((_, index) => (every ? stateIn(join(folder, String(index + 1))) : []))
    return { lines, states }
  }

  /** The state that was seen at one step. */
  function stateIn(folder: string): State {
    const files = readdirSync(folder).filter((file) => file !== 'key.reg')
    return {
      values: valuesIn(readFileSync(join(folder, 'key.reg'), 'utf16le')),
      record: Object.fromEntries(
        files.map((file) => [file, file === 'lock.txt' ? '' : readFileSync(join(folder, file), 'latin1')]),
      ),
    }
  }

  /** The values and files that are neither old nor new. */
  function between(found: State, { from, to }: (typeof RUNS)[number]): readonly string[] {
    const values = [from.values, to.values].some((one) => JSON.stringify(one) === JSON.stringify(found.values))
    const texts = ['before.reg', 'installed.reg', 'previous.reg'] as const
    const record = (one: State, file: string) => meaning(one.record[file])
    return [
      ...(values ? [] : [JSON.stringify(found.values)]),
      ...texts
        .filter((file) => ![from, to].map((one) => record(one, file)).includes(record(found, file)))
        // The installed profile becomes the previous one before another takes its place.
        .filter((file) => !(file === 'previous.reg' && record(found, file) === record(from, 'installed.reg'))),
    ]
  }

  /** Errors of the next install and the next uninstall from a state; a state without errors is not tried again. */
  const right = new Set<string>()
  function unfinished(found: State, { other, next }: (typeof RUNS)[number]): readonly string[] {
    const key = JSON.stringify([found, other])
    if (right.has(key)) return []
    const folder = folders[`${other}`]
    const wrong: string[] = []
    set(found)
    const installed = machine.started('install.cmd', folder)
    const { values, record } = state()
    const sameBefore = (one: State['record']) => meaning(one['before.reg']) === meaning(next.record['before.reg'])
    if (JSON.stringify(values) !== JSON.stringify(next.values) || !sameBefore(record))
      wrong.push(`install: ${JSON.stringify({ installed, values, record })}`)
    const again = machine.started('uninstall.cmd', folder)
    if (JSON.stringify(state()) !== JSON.stringify(NOTHING_INSTALLED))
      wrong.push(`install, uninstall: ${JSON.stringify({ again, ...state() })}`)
    set(found)
    const uninstalled = machine.started('uninstall.cmd', folder)
    if (JSON.stringify(state()) !== JSON.stringify(NOTHING_INSTALLED))
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
      const changed = (step: number) => step === 0 || !same(states[step] as State, states[step - 1] as State)
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
        const code = run(one.script, folders[`${one.other}`], (text) => faulty(text, fault))
        const found = state()
        const looked = states[step] ?? found
        return [
          ...(code === 99 ? [] : [`ended with ${code}`]),
          ...(same(found, looked) ? [] : [`left ${JSON.stringify(found)}, not ${JSON.stringify(looked)}`]),
          ...between(found, one),
          ...unfinished(found, one),
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
        const code = run(one.script, folders[`${one.other}`], (text) => faulty(text, { kind: 'fail', line, time }))
        const found = state()
        const ended = [0, 3010].includes(code) ? one.to.values : one.from.values
        return [
          ...(JSON.stringify(found.values) === JSON.stringify(ended) ? [] : [`${code} with ${JSON.stringify(found)}`]),
          ...between(found, one),
          ...unfinished(found, one),
        ].map((what) => `line ${line}, time ${time}, ${source[line]}: ${what}`)
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

/** Whether two states are equal, except for the text of the lock, which cannot be read during a run. */
function same(one: State, other: State): boolean {
  const text = ({ values, record }: State) =>
    JSON.stringify([
      values,
      Object.keys(record)
        .toSorted()
        .map((file) => (file === 'lock.txt' ? file : [file, record[file]])),
    ])
  return text(one) === text(other)
}

/** The entries of a file of the record; a missing blank line or comment makes no difference. */
function meaning(text: string | undefined): string {
  return text?.match(/^[["].*$/gm)?.join() ?? 'absent'
}

/** Whether a line of a script acts outside of the script. */
function canFail(line: string): boolean {
  return /"%REG%"|"%REGEDIT%"|findstr|\b(?:mkdir|move|del|rmdir|type)\b|>>?"%/.test(line)
}
