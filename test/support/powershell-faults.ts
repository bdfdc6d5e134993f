import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { powershellEach, runHost } from './powershell.ts'
import type { Ran } from './oracle.ts'
import type { Wine } from './wine.ts'

/** The state of a machine: its values as KIND:DATA; those of its record by their path, and each key below it as ''. */
export interface Held {
  readonly Values: Readonly<Record<string, string>>
  readonly Record: Readonly<Record<string, string>>
}

/** A look at the machine before each statement of a script, or a kill or failure at one of them, counted from 1. */
export type Stop = 'look' | { readonly killAt: number } | { readonly failAt: number }

/** A script to run on a machine in the state `from`. */
export interface Order {
  readonly script: string
  readonly args: readonly string[]
  readonly from: Held
  readonly stop?: Stop | undefined
}

/**
 * The observations of a run: its end and, with `look`, the state before every statement under the engine's debugger.
 */
export interface Watched extends Ran {
  /** Every statement that ran, whether it calls anything outside of the script, and the state before it. */
  readonly steps: readonly {
    readonly line: number
    readonly text: string
    readonly outside: boolean
    readonly held: Held
  }[]
  /** The state at the end. */
  readonly end: Held
}

/** Runs scripts one after the other, many in one process. */
export function watchAll(windows: Wine, orders: readonly Order[]): readonly Watched[] {
  const many = orders.some(({ stop }) => stop === 'look') ? 2 : 25
  return Array.from({ length: Math.ceil(orders.length / many) }, (_, part) =>
    watchSome(windows, orders.slice(part * many, (part + 1) * many)),
  ).flat()
}

function watchSome(windows: Wine, orders: readonly Order[]): readonly Watched[] {
  const ran = powershellEach(
    windows,
    orders.map((order, index) => argumentsOf(windows, order, index)),
  )
  return ran.map((one, index) => ({ ...one, ...reportOf(windows, index) }))
}

/** Runs a script in a process of its own, and kills the process before a statement. */
export function kill(windows: Wine, order: Order & { readonly stop: { readonly killAt: number } }): Watched {
  return { ...runHost(windows, argumentsOf(windows, order, 0)), ...reportOf(windows, 0) }
}

function argumentsOf(windows: Wine, { script, args, from, stop }: Order, index: number): readonly string[] {
  mkdirSync(windows.driveC('faults'), { recursive: true })
  writeFileSync(windows.driveC(`faults/${index}.from`), JSON.stringify(from))
  rmSync(windows.driveC(`faults/${index}.report`), { force: true })
  const options = ['--state', `C:\\faults\\${index}.from`, '--report', `C:\\faults\\${index}.report`]
  if (stop === 'look') options.push('--look')
  else if (stop !== undefined && 'killAt' in stop) options.push('--kill-at', String(stop.killAt))
  else if (stop !== undefined) options.push('--fail-at', String(stop.failAt))
  return [...options, script, ...args]
}

function reportOf(windows: Wine, index: number): Pick<Watched, 'steps' | 'end'> {
  const report = JSON.parse(readFileSync(windows.driveC(`faults/${index}.report`), 'utf8')) as {
    readonly steps: readonly { line: number; text: string; outside: boolean; state: number }[]
    readonly states: readonly string[]
    readonly end: number
  }
  const states = report.states.map((state) => JSON.parse(state) as Held)
  return {
    steps: report.steps.map(({ state, ...step }) => ({ ...step, held: states[state] as Held })),
    end: states[report.end] as Held,
  }
}
