import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { pointsOf } from '../support/depth.ts'
import { canMakeTrouble, describeOnWindows, newWindows } from '../support/powershell.ts'
import { type Held, kill, type Order, type Stop, type Watched, watchAll } from '../support/powershell-faults.ts'
import { LATER } from '../support/windows-machine.ts'
import type { Wine } from '../support/wine.ts'

// The engine's debugger stops each script before every statement that it runs: the state of the machine there is the
// state that a kill at that statement leaves. Real kills of the whole process, before every statement that calls
// anything outside of the script, must leave the same state. The tests do not show a loss of power, which can lose more
// than a killed process does.

/** The machine before the first install: one value of a wrong type, the other absent. */
const ORIGINAL: Held = { Values: { KeepAliveTime: 'String:slow' }, Record: {} }
const FIRST = { KeepAliveInterval: 'DWord:5000', KeepAliveTime: 'DWord:20000' }
const SECOND = { KeepAliveInterval: 'DWord:2000', KeepAliveTime: 'DWord:60000' }
const LONG = 7_200_000

const OTHER = { name: 'other', idle: 30_000, interval: 1_000 }
const THIRD = { KeepAliveInterval: 'DWord:1000', KeepAliveTime: 'DWord:30000' }
/** The scripts of two versions of a profile, and of another one. */
const KITS = { first: {}, second: LATER.profile, other: OTHER }
const INSTALLED_BY = { first: FIRST, second: SECOND, other: THIRD }

type Version = keyof typeof KITS
type Command = readonly [script: string, ...args: string[]]

interface Scenario {
  readonly name: string
  /** The version of the profile whose scripts run. */
  readonly version: Version
  /** The commands that ran on the machine before, in order. */
  readonly after: readonly (readonly [Version, ...Command])[]
  readonly command: Command
  /** The values after the command. */
  readonly wanted: Held['Values']
}

const INSTALLED = ['first', 'install.ps1'] as const
const SCENARIOS: readonly Scenario[] = [
  { name: 'a first install', version: 'first', after: [], command: ['install.ps1'], wanted: FIRST },
  { name: 'a remediation', version: 'first', after: [], command: ['intune/remediate.ps1'], wanted: FIRST },
  { name: 'another version', version: 'second', after: [INSTALLED], command: ['install.ps1'], wanted: SECOND },
  {
    name: 'another profile over two versions',
    version: 'other',
    after: [INSTALLED, ['second', 'install.ps1']],
    command: ['install.ps1'],
    wanted: THIRD,
  },
  { name: 'an uninstall', version: 'first', after: [INSTALLED], command: ['uninstall.ps1'], wanted: ORIGINAL.Values },
  {
    name: 'an uninstall of two versions',
    version: 'second',
    after: [INSTALLED, ['second', 'install.ps1']],
    command: ['uninstall.ps1'],
    wanted: ORIGINAL.Values,
  },
  {
    name: 'the defaults after an install',
    version: 'first',
    after: [INSTALLED],
    command: ['uninstall.ps1', '-Defaults'],
    wanted: {},
  },
  { name: 'the defaults', version: 'first', after: [], command: ['uninstall.ps1', '-Defaults'], wanted: {} },
  {
    name: 'the previous version',
    version: 'second',
    after: [INSTALLED, ['second', 'install.ps1']],
    command: ['uninstall.ps1', '-Previous'],
    wanted: FIRST,
  },
]

/** A part of a record: its values by name, or nothing if there is no such key. */
function partOf(record: Held['Record'], part: string): Held['Values'] | undefined {
  if (!(part in record)) return undefined
  const values = Object.entries(record).filter(([path]) => path.startsWith(`${part}\\`))
  return Object.fromEntries(values.map(([path, value]) => [path.slice(part.length + 1), value]))
}

describeOnWindows('an interrupted PowerShell script', () => {
  describe.runIf(canMakeTrouble)('under the debugger of the engine', () => {
    let windows: Wine
    let kits: Readonly<Record<string, string>>
    let runs: readonly { readonly scenario: Scenario; readonly from: Held; readonly run: Watched }[]

    const order = (from: Held, version: Version, [script, ...args]: Command, stop?: Stop): Order => ({
      script: join(kits[version] as string, script),
      args,
      from,
      stop,
    })

    beforeAll(() => {
      windows = newWindows()
      kits = Object.fromEntries(Object.entries(KITS).map(([kit, profile]) => [kit, buildTarget('windows', profile)]))
      const starts = SCENARIOS.map(({ after }) => {
        let from = ORIGINAL
        for (const [version, ...command] of after)
          from = (watchAll(windows, [order(from, version, command)])[0] as Watched).end
        return from
      })
      const looked = watchAll(
        windows,
        SCENARIOS.map(({ version, command }, index) => order(starts[index] as Held, version, command, 'look')),
      )
      runs = SCENARIOS.map((scenario, index) => ({
        scenario,
        from: starts[index] as Held,
        run: looked[index] as Watched,
      }))
    }, LONG)
    afterAll(() => windows?.remove())

    /** Every statement of every scenario that calls something outside of the script. */
    const calls = () =>
      runs.flatMap(({ scenario, from, run }) =>
        run.steps.flatMap(({ outside, line, held }, index) =>
          outside ? [{ scenario, from, run, step: index + 1, held, label: `${scenario.name}, line ${line}` }] : [],
        ),
      )

    /** Each value is the old or the new one, and a record has the beginning and knows each value. */
    const isKnown = ({ Values, Record }: Held, from: Held, end: Held, label: string) => {
      for (const name of ['KeepAliveTime', 'KeepAliveInterval'])
        expect([from.Values[name], end.Values[name]], label).toContain(Values[name])
      if (Record['Record'] === undefined) {
        expect(Values, label).toEqual(ORIGINAL.Values)
        return
      }
      expect(partOf(Record, 'before'), label).toEqual(ORIGINAL.Values)
      const parts = ['before', 'installed', 'previous']
        .map((part) => partOf(Record, part))
        .filter((part) => part !== undefined)
      for (const name of ['KeepAliveTime', 'KeepAliveInterval'])
        expect(
          parts.map((part) => part[name]),
          `${label}: ${JSON.stringify(Record)}`,
        ).toContain(Values[name])
    }

    /** From each state, the same command, an install and an uninstall must complete. */
    const recover = (states: readonly { held: Held; scenario: Scenario; label: string }[]) => {
      const cases = [
        ...new Map(
          states.map(({ held, scenario, label }) => {
            const key = JSON.stringify([held, scenario.version, scenario.command])
            return [key, { from: held, scenario, label }]
          }),
        ).values(),
      ]
      const from = (command?: Command) =>
        watchAll(
          windows,
          cases.map(({ from: start, scenario }) => order(start, scenario.version, command ?? scenario.command)),
        )
      from().forEach(({ end, stderr }, index) => {
        const { scenario, label } = cases[index] as (typeof cases)[number]
        expect(end.Values, `${label}: the same again: ${stderr}`).toEqual(scenario.wanted)
      })
      const installs = from(['install.ps1'])
      installs.forEach(({ end, stderr }, index) => {
        const { scenario, label } = cases[index] as (typeof cases)[number]
        const Values = INSTALLED_BY[scenario.version]
        expect({ Values: end.Values, stderr }, `${label}: install`).toEqual({ Values, stderr: '' })
      })
      const uninstalls = {
        // A killed install of another profile can leave the old one or the new one as the installed one.
        uninstall: from(['uninstall.ps1', '-Force']),
        'install and uninstall': watchAll(
          windows,
          installs.map(({ end }, index) => order(end, cases[index]?.scenario.version ?? 'first', ['uninstall.ps1'])),
        ),
      }
      for (const [way, ran] of Object.entries(uninstalls))
        ran.forEach(({ end, stderr }, index) =>
          expect({ ...end, stderr }, `${cases[index]?.label}: ${way}`).toEqual({ ...ORIGINAL, stderr: '' }),
        )
    }

    it('completes when nothing interrupts it', () => {
      for (const { scenario, run } of runs)
        expect({ ...run, steps: [], Values: run.end.Values }, scenario.name).toMatchObject({
          code: scenario.command[0] === 'intune/remediate.ps1' ? 0 : 3010,
          stderr: '',
          Values: scenario.wanted,
        })
    })

    it('leaves each value old or new at every statement, and a record that knows it', () => {
      let points = 0
      for (const { scenario, from, run } of runs)
        for (const { held, line } of run.steps) {
          points += 1
          isKnown(held, from, run.end, `${scenario.name}, line ${line}`)
        }
      console.log(`PowerShell: stopped at ${points} statements of ${runs.length} runs`)
      expect(points).toBeGreaterThan(1000)
    })

    it('can be repeated and undone from every state on its way', { timeout: LONG }, () => {
      const states = runs.flatMap(({ scenario, run }) =>
        [...new Set(run.steps.map(({ held }) => JSON.stringify(held)))].map((held) => ({ scenario, held })),
      )
      const points = pointsOf(states.length, 3)
      recover(
        points.map((point) => {
          const { scenario, held } = states[point - 1] as (typeof states)[number]
          return { scenario, held: JSON.parse(held) as Held, label: `${scenario.name}, state ${point}` }
        }),
      )
      console.log(`PowerShell: went on from ${points.length} of ${states.length} states`)
    })

    it('leaves the same state when it is killed before a call', { timeout: LONG }, () => {
      const all = calls()
      const points = pointsOf(all.length, 2)
      const wrong: string[] = []
      for (const point of points) {
        const { scenario, from, step, held, label } = all[point - 1] as (typeof all)[number]
        const killed = kill(windows, { ...order(from, scenario.version, scenario.command), stop: { killAt: step } })
        if (killed.stderr.includes('exit code') || !isDeepStrictEqual(killed.end, held))
          wrong.push(`${label}: ${killed.stderr}${JSON.stringify(killed.end)} instead of ${JSON.stringify(held)}`)
      }
      expect(wrong).toEqual([])
      console.log(`PowerShell: killed at ${points.length} of ${all.length} calls`)
    })

    it('completes or rolls back when a call fails, and can then be repeated and undone', { timeout: LONG }, () => {
      const all = calls()
      const points = pointsOf(all.length, 2)
      const failing = points.map((point) => all[point - 1] as (typeof all)[number])
      const ran = watchAll(
        windows,
        failing.map(({ scenario, from, step }) => order(from, scenario.version, scenario.command, { failAt: step })),
      )
      const wrong: string[] = []
      const left = ran.map(({ code, stdout, stderr, end }, index) => {
        const { scenario, from, run, label } = failing[index] as (typeof all)[number]
        const told = `${label}: ${code} ${stdout}${stderr}`
        isKnown(end, from, run.end, told)
        expect([0, 1, 3010], told).toContain(code)
        const [is, wanted] = code === 1 ? [end, from] : [end.Values, scenario.wanted]
        if (!isDeepStrictEqual(is, wanted)) wrong.push(`${told}: ${JSON.stringify(is)}`)
        return { held: end, scenario, label: told }
      })
      expect(wrong).toEqual([])
      recover(left)
      console.log(`PowerShell: failed at ${points.length} of ${all.length} calls`)
    })
  })
})
