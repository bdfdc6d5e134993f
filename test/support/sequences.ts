import { after, type Contents, type Machine, type Step } from '../installers/model.ts'

/** A machine of the test with what the model says of it; `state` is any form in which the test keeps real machines. */
export interface Node<State> {
  readonly state: State
  readonly model: Machine
  /** The steps that led here, for messages. */
  readonly steps: readonly string[]
}

/** The outcome of a real step: its exit code, and the machine after it. */
export interface Real<State> {
  readonly code: number
  readonly said: string
  readonly state: State
}

export interface Installers<State> {
  readonly steps: readonly Step[]
  /** Runs each step on its machine. */
  readonly run: (jobs: readonly { readonly from: State; readonly step: Step }[]) => readonly Real<State>[]
  /** A text that is the same for machines between which no later step can tell a difference. */
  readonly keyOf: (state: State) => string
  /** How a machine differs from these contents, as sentences. */
  readonly differences: (state: State, now: Contents) => readonly string[]
  /** How a machine differs from one without a record, or with one. */
  readonly recorded: (state: State) => boolean
}

export const nameOf = (step: Step): string => {
  const suffix = 'untouched' in step && step.untouched !== undefined ? ' --no-apply' : ''
  if (step.do === 'edit') return `edit ${step.part}`
  if (step.do === 'install') return `install ${step.kit}${suffix}`
  const way = step.way === 'beginning' ? '' : ` --${step.way}`
  return `uninstall ${step.kit.slice(0, 1)}${way}${step.force ? ' --force' : ''}${suffix}`
}

/** One more step from each node: the new nodes, of those that are alike only the first, and the problems. */
export function oneMore<State>(
  installers: Installers<State>,
  jobs: readonly { readonly from: Node<State>; readonly step: Step }[],
): { readonly nodes: readonly Node<State>[]; readonly problems: readonly string[] } {
  const real = installers.run(jobs.map(({ from, step }) => ({ from: from.state, step })))
  const problems: string[] = []
  const nodes = jobs.map(({ from, step }, index) => {
    const { code, said, state } = real[index] as Real<State>
    const { machine, refused } = after(from.model, step)
    const steps = [...from.steps, nameOf(step)]
    const wrong = [
      ...(refused === (code === 1) && [0, 1, 3010].includes(code) ? [] : [`exit code ${code}`]),
      ...installers.differences(state, machine.now),
      ...(installers.recorded(state) === (machine.record !== undefined) ? [] : ['the record is wrong']),
    ]
    problems.push(...wrong.map((one) => `${steps.join('; ')}: ${one}: ${said}`))
    return { state, model: machine, steps }
  })
  return { nodes, problems }
}

/** Every sequence of up to `length` steps, where machines that are alike are gone on from once. */
export function everySequence<State>(
  installers: Installers<State>,
  start: Node<State>,
  length: number,
): { readonly tried: number; readonly problems: readonly string[] } {
  const seen = new Set<string>()
  const problems: string[] = []
  let tried = 0
  let last: readonly Node<State>[] = [start]
  for (let depth = 0; depth < length; depth += 1) {
    const jobs = last.flatMap((from) => installers.steps.map((step) => ({ from, step })))
    tried += jobs.length
    const more = oneMore(installers, jobs)
    problems.push(...more.problems)
    last = more.nodes.filter(({ state, model }) => {
      const key = `${installers.keyOf(state)} ${JSON.stringify(model)}`
      return !seen.has(key) && seen.add(key)
    })
  }
  return { tried, problems }
}

/** Sequences of one to `length` steps by chance, all at the same time; `random` gives numbers below 1. */
export function someSequences<State>(
  installers: Installers<State>,
  start: Node<State>,
  times: number,
  length: number,
  random: () => number,
): readonly string[] {
  const problems: string[] = []
  let last: readonly Node<State>[] = Array.from({ length: times }, () => start)
  for (let depth = 0; depth < length; depth += 1) {
    const longer = last.slice(0, Math.ceil((times * (length - depth)) / length))
    const jobs = longer.map((from) => {
      const step = installers.steps[Math.floor(random() * installers.steps.length)] as Step
      return { from, step }
    })
    const more = oneMore(installers, jobs)
    problems.push(...more.problems)
    last = more.nodes
  }
  return problems
}

/** Runs these steps one after the other. */
export function thisSequence<State>(
  installers: Installers<State>,
  start: Node<State>,
  steps: readonly Step[],
): { readonly end: Node<State>; readonly problems: readonly string[] } {
  let end = start
  const problems: string[] = []
  for (const step of steps) {
    const more = oneMore(installers, [{ from: end, step }])
    problems.push(...more.problems)
    end = more.nodes[0] ?? end
  }
  return { end, problems }
}

/** Numbers by chance that are the same in every run (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
