import type { World } from './world.ts'

/** Less than this is over before a person has read the line. */
const WORTH_SHOWING_MS = 1_000

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
  let bar: { update: (value: number) => void; stop: () => void } | undefined
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

async function startBar(what: string, total: number) {
  const { SingleBar } = await import('cli-progress')
  const format = `${what} {bar} {value}/{total}, {eta_formatted} left`
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true, hideCursor: true })
  bar.start(total, 0)
  return bar
}
