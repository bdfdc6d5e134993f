import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { problem } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { readTextIfThere } from './outputs.ts'
import { isRunning, saidOf } from './tree.ts'

const NAME = /^\.keepalive-kit-run(?:-(\d+)-of-(\d+))?$/

/** The right to write to a folder. */
export interface RunLock {
  /** What lay in it when it was taken. */
  readonly names: readonly string[]
  readonly release: () => void
}

/** Another run that writes there. */
interface Holder {
  readonly pid: number
  readonly path: string
}

/**
 * Takes a folder for this process, whole or as one of its shards (`2-of-7`); runs of other shards of as many may go on beside.
 * What a run left that was killed is taken over at once, which is why this is no library: those that there are wait until a
 * lock is some seconds old. Processes of other machines, on a folder of the network, are not seen.
 */
export function takeFolder(folder: string, shard: string | undefined): Result<RunLock> {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, shard === undefined ? '.keepalive-kit-run' : `.keepalive-kit-run-${shard}`)
  const before = takeFile(path)
  if (before !== undefined) return failure(problem('fleet/busy', before))
  const release = () => rmSync(path, { force: true })
  const names = readdirSync(folder)
  const others = names
    .filter((name) => NAME.test(name) && excludes(shard, name))
    .map((name) => join(folder, name))
    .filter((other) => other !== path)
  const busy = others.map(holderOf).find((holder) => holder !== undefined)
  if (busy === undefined) {
    // Whoever comes meanwhile sees this run's.
    for (const left of others) rmSync(left, { force: true })
    return success({ names, release })
  }
  release()
  return failure(problem('fleet/busy', busy))
}

/** Whether a run of a shard, or of all, and one with that file would write to the same zips. */
function excludes(shard: string | undefined, name: string): boolean {
  const [, , of] = NAME.exec(name) ?? []
  return shard === undefined || of === undefined || !shard.endsWith(`-of-${of}`)
}

/** Takes a lock for this process, unless another one holds it. */
function takeFile(path: string): Holder | undefined {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' })
    return undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      // On a full disk there may be a file and no room for the number in it.
      rmSync(path, { force: true })
      throw saidOf(path, error)
    }
    const busy = holderOf(path)
    if (busy !== undefined) return busy
    rmSync(path, { force: true })
    return takeFile(path)
  }
}

function holderOf(path: string): Holder | undefined {
  const pid = Number.parseInt(readTextIfThere(path), 10)
  return pid > 0 && isRunning(pid) ? { pid, path } : undefined
}
