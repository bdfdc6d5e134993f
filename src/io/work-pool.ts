import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** Threads that do tasks of one kind. Tasks and results are copied, so they must be plain data. */
export interface WorkPool<Task, Result> {
  /** Whether a thread runs; until one does, the caller is faster by doing its tasks itself. */
  readonly isReady: () => boolean
  /** The result of a task; `undefined` if its thread ended before it answered, so that the task is not done. */
  readonly run: (task: Task) => Promise<Result | undefined>
  readonly stop: () => Promise<void>
}

/** The number of tasks in one message to a thread, since each message costs as much as a small task. */
const BATCH = 16
/** The most threads: more would wait for the one that writes their results. */
const MOST_THREADS = 3

type Keep<Result> = (result: Result | undefined) => void

interface Thread<Result> {
  readonly worker: Worker
  state: 'starting' | 'running' | 'ended'
  /** Functions that take the results of its tasks, oldest first. */
  readonly waiting: Keep<Result>[]
}

/** The number of threads that are worth starting beside the one that writes their results. */
export function threadsHere(): number {
  return Math.min(availableParallelism() - 1, MOST_THREADS)
}

/**
 * Starts threads that run a program, which answers each message, an array of tasks, with the array of their results. A
 * thread may fail to start, or end at any time: its tasks come back undone, and no other task goes to it.
 */
export function startPool<Task, Result>(program: string, data: object, count: number): WorkPool<Task, Result> {
  const threads = Array.from({ length: count }, () => startThread<Result>(program, data)).filter(
    (thread) => thread !== undefined,
  )
  let batch: { readonly tasks: Task[]; readonly waiting: Keep<Result>[] } = { tasks: [], waiting: [] }
  const send = () => {
    const { tasks, waiting } = batch
    batch = { tasks: [], waiting: [] }
    if (tasks.length === 0) return
    const thread = leastBusy(threads)
    if (thread === undefined) {
      for (const keep of waiting) keep(undefined)
      return
    }
    thread.waiting.push(...waiting)
    thread.worker.postMessage(tasks, [])
  }
  return {
    isReady: () => threads.some(({ state }) => state === 'running'),
    run: (task) =>
      new Promise((keep) => {
        // Tasks that are given at one time go out together.
        if (batch.tasks.length === 0) setImmediate(send)
        batch.tasks.push(task)
        batch.waiting.push(keep)
        if (batch.tasks.length === BATCH) send()
      }),
    stop: async () => {
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

/** The thread with the fewest tasks, one that runs if any does; `undefined` if all have ended. */
function leastBusy<Result>(threads: readonly Thread<Result>[]): Thread<Result> | undefined {
  const running = threads.filter(({ state }) => state === 'running')
  const able = running.length > 0 ? running : threads.filter(({ state }) => state === 'starting')
  return able.toSorted((a, b) => a.waiting.length - b.waiting.length)[0]
}

/** Starts a thread; `undefined` if the system has none left. */
function startThread<Result>(program: string, data: object): Thread<Result> | undefined {
  try {
    return threadOf(new Worker(program, { workerData: data }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_INIT_FAILED') return undefined
    throw error
  }
}

function threadOf<Result>(worker: Worker): Thread<Result> {
  const thread: Thread<Result> = { worker, waiting: [], state: 'starting' }
  worker.on('online', () => {
    thread.state = 'running'
  })
  worker.on('message', (results: readonly Result[]) => {
    const answered = thread.waiting.splice(0, results.length)
    for (const [at, result] of results.entries()) answered[at]?.(result)
  })
  const end = () => {
    thread.state = 'ended'
    for (const keep of thread.waiting.splice(0)) keep(undefined)
  }
  // A thread that ends by itself, or is stopped for its memory, may do so without an error.
  worker.on('error', end).on('exit', end)
  return thread
}
