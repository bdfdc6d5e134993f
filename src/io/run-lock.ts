import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createFile, makeFolder } from './atomic.ts'
import { readTextIfThere } from './outputs.ts'
import { isRunning } from './tree.ts'

const NAME = /^\.keepalive-kit-run(?:-(\d+)-of-(\d+))?$/

/** The right to write to a folder. */
export interface RunLock {
  /** The names in it when it was taken. */
  readonly names: readonly string[]
  /** The name of the file that marks it as taken. */
  readonly mark: string
  readonly release: () => void
}

/** Another run that writes there. */
export interface Busy {
  readonly pid: number
  readonly path: string
}

/**
 * Takes a folder for this process, whole or as one of its shards (`2-of-7`); runs of other shards of the same number may go
 * on beside. The lock of a killed run is taken over at once; libraries for this wait until a lock is some seconds old.
 * Processes of other machines, on a folder of the network, are not seen.
 */
export function takeFolder(folder: string, shard: string | undefined): RunLock | Busy {
  makeFolder(folder)
  const mark = shard === undefined ? '.keepalive-kit-run' : `.keepalive-kit-run-${shard}`
  const path = join(folder, mark)
  const own = takeFile(path)
  if ('pid' in own) return own
  const names = readdirSync(folder)
  const others = names
    .filter((name) => NAME.test(name) && excludes(shard, name))
    .map((name) => join(folder, name))
    .filter((other) => other !== path)
  const busy = others.map(holderOf).find((holder) => holder !== undefined)
  if (busy === undefined) {
    // A run that comes meanwhile sees this run's file.
    for (const left of others) rmSync(left, { force: true })
    return { ...own, names, mark }
  }
  own.release()
  return busy
}

/** Whether a run of a shard, or of all devices, and the run with that file would write to the same zips. */
function excludes(shard: string | undefined, name: string): boolean {
  const [, , of] = NAME.exec(name) ?? []
  return shard === undefined || of === undefined || !shard.endsWith(`-of-${of}`)
}

function takeFile(path: string): Pick<RunLock, 'release'> | Busy {
  const release = () => rmSync(path, { force: true })
  if (createFile(path, Buffer.from(`${process.pid} ${startOf(process.pid)}\n`))) return { release }
  const busy = holderOf(path)
  if (busy !== undefined) return busy
  release()
  return takeFile(path)
}

function holderOf(path: string): Busy | undefined {
  const [number = '', start = ''] = readTextIfThere(path).trim().split(' ')
  const pid = Number.parseInt(number, 10)
  const isReused = start !== '' && start !== startOf(pid)
  return pid > 0 && isRunning(pid) && !isReused ? { pid, path } : undefined
}

/** The time at which a process started, as Linux counts it (proc(5), field 22 of stat); empty on other systems. */
function startOf(pid: number): string {
  try {
    // The name of the program is between brackets and may hold blanks.
    const [, fields = ''] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return fields.split(' ')[22 - 3] ?? ''
  } catch {
    return ''
  }
}
