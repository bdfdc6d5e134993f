import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** Threads that do tasks of one kind. What goes in and comes out is copied, so it must be plain data. */
export interface WorkPool<Task, Result> {
  /** Whether a thread runs; until then, whoever has tasks is faster by doing them. */
  readonly isReady: () => boolean
  readonly run: (task: Task) => Promise<Result>
  readonly stop: () => Promise<void>
}

/** So many tasks go to a thread at a time: each message costs as much as a small task. */
const BATCH = 16
/** More threads would wait for the one that writes what they make. */
const MOST_THREADS = 3

interface Waiting<Result> {
  readonly keep: (result: Result) => void
  readonly fail: (error: unknown) => void
}

interface Thread<Result> {
  readonly worker: Worker
  runs: boolean
  /** What it was given and has not answered, oldest first. */
  readonly waiting: Waiting<Result>[]
}

/** How many threads are worth starting beside the one that writes what they make. */
export function threadsHere(): number {
  return Math.min(availableParallelism() - 1, MOST_THREADS)
}

/**
 * Starts threads that run a program, which answers each message, an array of tasks, with the array of their results. A
 * thread that fails makes all fail that it had to do: that is a fault of the program.
 */
export function startPool<Task, Result>(program: string, data: object, count: number): WorkPool<Task, Result> {
  const threads = Array.from({ length: count }, () => threadOf<Result>(new Worker(program, { workerData: data })))
  let batch: { readonly tasks: Task[]; readonly waiting: Waiting<Result>[] } = { tasks: [], waiting: [] }
  const send = () => {
    const { tasks, waiting } = batch
    batch = { tasks: [], waiting: [] }
    if (tasks.length === 0) return
    const running = threads.filter(({ runs }) => runs)
    const thread = (running.length > 0 ? running : threads).toSorted((a, b) => a.waiting.length - b.waiting.length)[0]
    thread?.waiting.push(...waiting)
    thread?.worker.postMessage(tasks, [])
  }
  return {
    isReady: () => threads.some(({ runs }) => runs),
    run: (task) =>
      new Promise((keep, fail) => {
        // What is asked for at one time goes out together.
        if (batch.tasks.length === 0) setImmediate(send)
        batch.tasks.push(task)
        batch.waiting.push({ keep, fail })
        if (batch.tasks.length === BATCH) send()
      }),
    stop: async () => {
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

function threadOf<Result>(worker: Worker): Thread<Result> {
  const waiting: Waiting<Result>[] = []
  const thread: Thread<Result> = { worker, waiting, runs: false }
  worker.on('online', () => {
    thread.runs = true
  })
  worker.on('message', (results: readonly Result[]) => {
    const answered = waiting.splice(0, results.length)
    for (const [at, result] of results.entries()) answered[at]?.keep(result)
  })
  worker.on('error', (error) => {
    for (const { fail } of waiting.splice(0)) fail(error)
  })
  return thread
}
