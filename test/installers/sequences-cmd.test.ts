import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildTarget, type TestProfile } from '../support/build.ts'
import { ABSENT, newCmdMachine, type CmdMachine, type Values } from '../support/cmd.ts'
import { someOf, timesOf } from '../support/depth.ts'
import { describeInWine } from '../support/wine.ts'
import { after, type Machine, type Step, type Way } from './model.ts'

// Holds install.cmd and uninstall.cmd against model.ts, after each step: the exit code, and the values of the key. The
// registry is one part of the model; a step by hand sets one of its values.

const KITS: Readonly<Record<string, TestProfile>> = {
  A1: { name: 'line-a', idle: 20_000, interval: 5_000 },
  A2: { name: 'line-a', idle: 30_000, interval: 5_000 },
  B1: { name: 'line-b', idle: 60_000, interval: 1_000 },
  B2: { name: 'line-b', idle: 60_000, interval: 2_000 },
}
const dword = (ms = 0) => `dword:${ms.toString(16).padStart(8, '0')}`
const valuesOf = ({ idle, interval }: TestProfile): Values => ({
  KeepAliveTime: dword(idle),
  KeepAliveInterval: dword(interval),
})
const STARTS: readonly (readonly [name: string, values: Values])[] = [
  ['absent values', ABSENT],
  ['a number', { ...ABSENT, KeepAliveTime: 'dword:006ddd00' }],
  ['a text', { KeepAliveTime: '"20 s"', KeepAliveInterval: 'dword:000003e8' }],
]
/** A value that no profile has. */
const BY_HAND: Partial<Values> = { KeepAliveTime: 'dword:00000007' }

/** `install A1`, `uninstall B defaults force`, `edit`. */
function stepOf(words: string): Step {
  const [verb = '', kit = '', ...rest] = words.split(' ')
  if (verb === 'edit') return { do: 'edit', part: 'registry' }
  if (verb === 'install') return { do: 'install', kit }
  const way = (['previous', 'defaults'] as const).find((one) => rest.includes(one)) ?? 'beginning'
  return { do: 'uninstall', kit: `${kit}1`, way, force: rest.includes('force') }
}

const ROWS = [
  ['install B1', 'install A1', 'install B2', 'uninstall B', 'install A1', 'uninstall A'],
  ['uninstall B defaults', 'install A1', 'install B1', 'uninstall B', 'install A1', 'uninstall A'],
  ['install A1', 'install B1', 'uninstall B defaults', 'uninstall A', 'uninstall B'],
  ['install A1', 'install B1', 'install A2', 'uninstall B', 'uninstall A'],
] as const

describeInWine('sequences of the cmd installers', () => {
  let machine: CmdMachine
  let sticks: Readonly<Record<string, string>>
  beforeAll(() => {
    machine = newCmdMachine()
    sticks = Object.fromEntries(Object.entries(KITS).map(([kit, profile]) => [kit, buildTarget('windows', profile)]))
  })
  afterAll(() => machine?.remove())

  /** Runs the script of a step; `refused` is its exit code 1. */
  function take(step: Step): boolean {
    if (step.do === 'edit') machine.put(BY_HAND)
    if (step.do === 'edit') return false
    const options = step.do === 'install' ? [] : [OPTION[step.way], ...(step.force ? ['/force'] : [])]
    const script = [`${step.do}.cmd`, ...options].filter(Boolean).join(' ')
    const { code, stdout, stderr } = machine.started(script, sticks[step.kit] ?? '')
    if (![0, 1, 3010].includes(code)) throw new Error(`${script} ended with ${code}: ${stdout}${stderr}`)
    return code === 1
  }

  /** Takes the steps from a start, with a comparison after each, and then goes back to the start. */
  function follow(start: Values, steps: readonly string[]): void {
    machine.reset()
    machine.put(start)
    let model: Machine = { now: { registry: 'start' } }
    let beginning = start
    let edited = start
    const contents = (content = ''): Values => {
      if (content === 'start') return beginning
      if (content === 'defaults') return ABSENT
      return content === 'edit' ? edited : valuesOf(KITS[content] ?? {})
    }
    for (const [index, words] of steps.entries()) {
      const step = stepOf(words)
      if (step.do === 'edit') edited = { ...machine.held(), ...BY_HAND }
      // Without a record, an edit makes another beginning.
      const anew = step.do === 'edit' && model.record === undefined
      if (anew) beginning = edited
      const expected = anew ? { machine: model, refused: false } : after(model, step)
      // Without a record, defaults that are in force already are not recorded: there is nothing to do.
      const nothing = model.record === undefined && step.do === 'uninstall' && step.way === 'defaults'
      if (!(nothing && JSON.stringify(contents(model.now['registry'])) === JSON.stringify(ABSENT)))
        model = expected.machine
      const taken = steps.slice(0, index + 1)
      expect({ taken, refused: take(step) }).toEqual({ taken, refused: expected.refused })
      expect({ taken, values: machine.held() }).toEqual({ taken, values: contents(model.now['registry']) })
    }
    take(stepOf('uninstall A force'))
    expect({ steps, values: machine.held() }).toEqual({ steps, values: beginning })
    expect(machine.hasRecordKey()).toBe(false)
  }

  const rows = STARTS.flatMap(([name, start]) => ROWS.map((row) => [name, row.join(', '), start, row] as const))
  it.each(someOf(rows, 2, 4))('from %s: %s', (_name, _words, start, row) => {
    follow(start, row)
  })

  it.each(Array.from({ length: timesOf(100, 2, 6) }, (_, seed) => seed + 1))('by chance, seed %i', (seed) => {
    const random = randomFrom(seed)
    const [, start] = random(STARTS)
    const steps = Array.from({ length: 2 + random([0, 1, 2, 3]) }, () => {
      const verb = random(['install', 'install', 'uninstall', 'uninstall', 'edit'])
      if (verb === 'edit') return verb
      if (verb === 'install') return `install ${random(['A1', 'A2', 'B1'])}`
      return `uninstall ${random(['A', 'B'])} ${random<Way>(['beginning', 'previous', 'defaults'])} ${random(['', 'force'])}`.trim()
    })
    follow(start, steps)
  })
})

const OPTION: Readonly<Record<Way, string>> = { beginning: '', previous: '/previous', defaults: '/defaults' }

/** A generator of choices that are the same for the same seed. */
function randomFrom(seed: number) {
  let state = Math.imul(seed, 0x9e37_79b1) >>> 0
  return <T>(choices: readonly T[]): T => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return choices[(state >>> 0) % choices.length] as T
  }
}
