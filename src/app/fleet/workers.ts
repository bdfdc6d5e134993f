import { setImmediate } from 'node:timers/promises'
import type { Location } from '../../core/diagnostic.ts'
import { workerFile } from '../../io/assets.ts'
import { startPool, threadsHere, type WorkPool } from '../../io/work-pool.ts'
import type { World } from '../../io/world.ts'
import type { Fleet } from '../../fleet/fleet.ts'
import type { FleetWork, Worked, WorkOptions } from './work.ts'

/** The data that a thread gets at its start. */
export interface WorkerData {
  readonly cwd: string
  /** The fleet's file, and its name, which is the profile's name of devices without one. */
  readonly file: string
  readonly name: string
  readonly options: WorkOptions
}

/** A device as plain data for a thread. */
export interface WorkerTask {
  readonly name: string
  readonly profile: string | undefined
  /** The values of its line. */
  readonly value: Readonly<Record<string, unknown>>
  readonly location: Location
}

/** The work of a fleet, done by threads if that is faster. */
export interface Workers {
  readonly work: FleetWork['work']
  /** The number of devices that may be under way at once. */
  readonly atOnce: number
  readonly stop: () => Promise<void>
}

/** Threads are started for a fleet of this size, after this number of zips had to be made. */
const WORTH_THREADS = { devices: 500, made: 128 }
const FOR_EACH_THREAD = 48

/**
 * Does the first devices here and the others in threads. A device of a table is plain data; one of a document knows its
 * places in that, so it stays here.
 */
export function startWorkers(
  { cwd }: World,
  fleet: Fleet,
  devices: number,
  options: WorkOptions,
  { work }: FleetWork,
): Workers {
  const program = workerFile()
  const count = threadsHere()
  if (program === undefined || !fleet.isTable || count < 1 || devices < WORTH_THREADS.devices)
    return { work, atOnce: 1, stop: () => Promise.resolve() }
  let pool: WorkPool<WorkerTask, Worked> | undefined
  let done = 0
  return {
    work: async (device, location) => {
      done += 1
      if (done <= WORTH_THREADS.made) return work(device, location)
      const data: WorkerData = { cwd, file: fleet.file, name: fleet.name, options }
      pool ??= startPool(program, data, count)
      if (!pool.isReady()) {
        // The event loop must turn, or the start of a thread is not noticed.
        await setImmediate()
        return work(device, location)
      }
      const { name, profile, own } = device
      const worked = await pool.run({ name, profile, value: own.value as WorkerTask['value'], location })
      // Undefined comes from a thread that ended; if its task is at fault, it fails here too, and is reported.
      return worked ?? work(device, location)
    },
    atOnce: FOR_EACH_THREAD * count,
    stop: async () => pool?.stop(),
  }
}
