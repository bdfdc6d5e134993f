import { resolve } from 'node:path'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { failure, success, type Result } from '../../core/result.ts'
import { newDeviceTable, type DeviceTable, type Spot } from '../../fleet/device-table.ts'
import { deviceKey, deviceNameProblem } from '../../fleet/device.ts'
import { readFleet, type Fleet } from '../../fleet/fleet.ts'
import { kindAt, readUpTo } from '../../io/outputs.ts'
import { STDIO, type World } from '../../io/world.ts'
import { TARGETS } from '../../targets/index.ts'

/** The largest file of a fleet; a table of a hundred thousand devices has some ten megabytes. */
const MOST_BYTES = 400 * 1024 * 1024

/** Reads a fleet's file, or standard input; without a file, the problem is `input/no-such-file` or `input/folder`. */
export async function loadFleet(world: World, file: string): Promise<Result<Fleet>> {
  if (file === STDIO) return success(readFleet(TARGETS, await world.readStdin(MOST_BYTES + 1), file))
  const path = resolve(world.cwd, file)
  const kind = file === '' ? undefined : kindAt(path)
  if (kind === 'file') return success(readFleet(TARGETS, readUpTo(path, MOST_BYTES), file))
  return failure(kind === undefined ? problem('input/no-such-file', { file }) : problem('input/folder', { file }))
}

/** The names of a fleet, read before anything is made: two devices with one name are both wrong. */
export interface Names {
  /** The number of lines, with a device or not. */
  readonly count: number
  /** For each name that occurs more than once, in whatever case, its first place; by {@link deviceKey}. */
  readonly twice: ReadonlyMap<string, Spot>
  readonly devices: DeviceTable
  /** Problems that hide some of the devices. */
  readonly fatal: readonly Diagnostic[]
}

/** Lists the names of a fleet. */
export function listNames(fleet: Fleet): Names {
  const devices = newDeviceTable()
  const twice = new Map<string, Spot>()
  const fatal: Diagnostic[] = []
  let count = 0
  for (const one of fleet.names()) {
    count += 1
    if (!one.ok) {
      fatal.push(...one.diagnostics)
      continue
    }
    const { name, location } = one.value
    if (deviceNameProblem(name) !== undefined) continue
    const { line = 1, column = 0 } = location
    const first = devices.list(name, { line, column })
    if (first !== undefined) twice.set(deviceKey(name), first)
  }
  if (count === 0) fatal.push(problem('fleet/no-rows', {}, { location: { file: fleet.file } }))
  return { count, twice, devices, fatal }
}
