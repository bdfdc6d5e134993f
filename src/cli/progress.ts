import type { World } from '../io/world.ts'

/** Less than this is over before a person has read the line. */
const WORTH_SHOWING_MS = 1_000

interface Bar {
  readonly update: (value: number) => void
  readonly stop: () => void
}

/**
 * Does `work` for each item. On a terminal, once more than a second of it is ahead, a line says how far it is; it is
 * gone when the work is done.
 */
export async function withProgress<Item, Done>(
  world: World,
  quiet: boolean,
  what: string,
  items: readonly Item[],
  work: (item: Item) => Done | Promise<Done>,
): Promise<readonly Done[]> {
  const done: Done[] = []
  const began = performance.now()
  let bar: Bar | undefined
  for (const item of items) {
    done.push(await work(item))
    const ahead = ((performance.now() - began) / done.length) * (items.length - done.length)
    if (bar === undefined && world.terminal && !quiet && ahead > WORTH_SHOWING_MS)
      bar = await startBar(what, items.length)
    bar?.update(done.length)
  }
  bar?.stop()
  return done
}

async function startBar(what: string, total: number): Promise<Bar> {
  const bar = await newBar(`${what} {bar} {value}/{total}, {eta_formatted} left`)
  bar.start(total, 0)
  return bar
}

async function newBar(format: string) {
  const { SingleBar } = await import('cli-progress')
  return new SingleBar({ format, stream: process.stderr, clearOnComplete: true, hideCursor: true })
}

/** How far a long run is. */
export interface Progress {
  /** One more is done. */
  readonly step: () => void
  readonly stop: () => void
}

/** So many plain lines in all, where nobody watches a bar: a log keeps every one of them. */
const LINES = 10
/** With fewer steps each line would be one. */
const WORTH_LINES = 100

/**
 * Says how far a run of `total` steps is: on a terminal by a bar with rate and time left, elsewhere, as in CI, by a line for
 * every tenth. A run that is over within a second says nothing.
 */
export async function startProgress(world: World, quiet: boolean, what: string, total: number): Promise<Progress> {
  if (quiet || total === 0) return { step: () => {}, stop: () => {} }
  const began = performance.now()
  const long = () => performance.now() - began > WORTH_SHOWING_MS
  const bar = world.terminal ? await lateBar(what, total, long) : undefined
  let done = 0
  let told = 0
  return {
    step: () => {
      done += 1
      bar?.update(done)
      const tenth = Math.floor((done * LINES) / total)
      if (bar === undefined && total >= WORTH_LINES && tenth > told && done < total && long()) {
        told = tenth
        world.err(`${what} ${done} of ${total}\n`)
      }
    },
    stop: () => bar?.stop(),
  }
}

/** A bar that appears when it is worth it. */
async function lateBar(what: string, total: number, long: () => boolean): Promise<Bar> {
  const bar = await newBar(`${what} {bar} {value}/{total}, {rate}/s, {eta_formatted} left`)
  const began = performance.now()
  let shown = false
  return {
    update: (value) => {
      if (!shown && long()) {
        shown = true
        bar.start(total, value, { rate: 0 })
      } else if (shown) bar.update(value, { rate: Math.round((value * 1000) / (performance.now() - began)) })
    },
    stop: () => shown && bar.stop(),
  }
}
