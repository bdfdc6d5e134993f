import { problem, type Location } from '../../core/diagnostic.ts'
import { deviceKey, type Device } from '../../fleet/device.ts'
import { isChosen, targetsBy } from './chosen.ts'
import type { FleetWork } from './work.ts'
import type { FleetRun } from './fleet-run.ts'
import { startWorkers } from './workers.ts'
import { newZipRun } from './zip-run.ts'
import { makeZip } from './zip.ts'

/** The most reports of progress in a run: nobody sees finer steps. */
const STEPS = 1_000

/**
 * Makes the zip of every device that a run chooses, and reports them in the order of the fleet's file; `made` receives the
 * name of each that has its zip.
 */
export async function makeDevices(run: FleetRun, made: (device: string) => void): Promise<void> {
  const { world, request, choice, fleet, names, lookup, local, records, tally } = run
  const targetsOf = targetsBy(local.check)
  const workers = startWorkers(world, fleet, names.count, { strict: request.strict, compress: request.compress }, local)
  const work: FleetWork = { check: local.check, work: workers.work }
  const { out, check, copies } = request
  const zips = newZipRun({
    world,
    out,
    compress: request.compress,
    lookup,
    work,
    write: run.writes,
    copies: copies && run.writes,
    trust: !check,
    records,
  })
  const told = inOrder(workers.atOnce)
  const step = Math.ceil(names.count / STEPS)
  let done = 0
  try {
    for (const one of fleet.list()) {
      if (done % step === 0) run.tell({ kind: 'progress', work: 'fleet', done, total: names.count })
      done += 1
      if (!one.ok) {
        await told.add(Promise.resolve(() => tally.failed(undefined, one.diagnostics)))
        continue
      }
      const { device, location } = one.value
      if (isChosen(choice, targetsOf, device, location))
        await told.add(dealWith(run, device, location, () => makeZip(zips, device, location), made))
    }
    await told.rest()
    run.tell({ kind: 'progress', work: 'fleet', done, total: done })
  } finally {
    await workers.stop()
  }
}

/** Builds a device's zip, unless another device has the same name; returns a function that reports the result. */
async function dealWith(
  { names, tally }: FleetRun,
  { name }: Device,
  location: Location,
  make: () => ReturnType<typeof makeZip>,
  made: (device: string) => void,
): Promise<() => void> {
  const first = names.twice.get(deviceKey(name))
  if (first === undefined) {
    const done = await make()
    if (done.state !== 'failed') made(name)
    return () => tally.done(done)
  }
  const isFirst = first.line === location.line && first.column === (location.column ?? 0)
  const twice = problem('fleet/name-twice', { name, first: first.line }, { path: ['name'], location })
  return () => tally.failed(name, isFirst ? [] : [twice])
}

/** Reports work in the order in which it began; at most `most` pieces are under way at once. */
function inOrder(most: number) {
  const begun: Promise<() => void>[] = []
  const next = async () => (await begun.shift())?.()
  return {
    add: async (one: Promise<() => void>) => {
      // A rejection is reported when its turn comes.
      one.catch(() => {})
      begun.push(one)
      if (begun.length >= most) await next()
    },
    rest: async () => {
      while (begun.length > 0) await next()
    },
  }
}
