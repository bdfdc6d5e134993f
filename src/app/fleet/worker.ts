import { parentPort, workerData } from 'node:worker_threads'
import { documentOf } from '../../fleet/row.ts'
import { profileLookup } from './profiles.ts'
import type { WorkerData, WorkerTask } from './workers.ts'
import { fleetWork } from './work.ts'

// The program of a fleet's thread: it makes zips of lines, and reads nothing but the profiles that these name.

const { cwd, file, name: fleetName, options } = workerData as WorkerData
const lookup = profileLookup({ cwd }, { file, name: fleetName, profiles: new Map() })
const { work } = fleetWork(lookup, options)

// Answers are told apart by their order alone, and to compress takes turns: so one message waits for the one before.
let answered = Promise.resolve()
parentPort?.on('message', (tasks: readonly WorkerTask[]) => {
  answered = answered.then(() => answer(tasks))
})

async function answer(tasks: readonly WorkerTask[]): Promise<void> {
  const results = []
  for (const { name, profile, value, location } of tasks)
    results.push(await work({ name, profile, tags: [], site: undefined, own: documentOf(value, location) }, location))
  const buffers = results.flatMap(({ zip }) => (zip === undefined ? [] : [zip.bytes.buffer as ArrayBuffer]))
  parentPort?.postMessage(results, buffers)
}
