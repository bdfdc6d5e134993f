import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { firstDifference, writeList, writePack, writeSample, writeTable, writeTemplates } from './fleet.ts'
import { rowOf, take, takeNode, type Row, type Taken } from './measure.ts'
import { SCRIPT, type Python } from './python.ts'

const FLOOR = fileURLToPath(new URL('floor.cjs', import.meta.url))
const MANY = 10_000
const MOST = 100_000
const FEW = 1_000

/** Every hundredth device has settings of its own. */
const inHundred = (device: number): number => (device % 100 === 0 ? MANY : 0)

/** The files in the folder of the benchmark. */
const files = (folder: string) => ({
  table: (devices: number, kinds: number) => join(folder, `${devices}-${kinds}.csv`),
  pack: (devices: number, kinds: number) => join(folder, `${devices}-${kinds}.pack`),
  // An invalid name for a profile, like those of the other tables, so that all tables get the same profile.
  changed: join(folder, '100-1.csv'),
  list: join(folder, 'list.yaml'),
  templates: join(folder, 'templates'),
})

/** Removes the results of an earlier run. */
function clear(out: string): void {
  rmSync(out, { recursive: true, force: true })
  rmSync(join(dirname(out), `.${basename(out)}.keepalive-kit-state`), { force: true })
}

/** Prepares fleets, templates and packs. Throws if the three programs do not write the same. */
async function prepare(bin: string, folder: string, python: Python): Promise<void> {
  const { table, pack, changed, list, templates } = files(folder)
  for (const devices of [FEW, MANY, MOST])
    for (const kinds of [20, devices]) writeTable(table(devices, kinds), devices, kinds)
  writeTable(changed, MANY, MANY, inHundred)
  writeList(list, MANY, MANY)
  writeSample(join(folder, 'fleet.csv'))
  take(process.execPath, [bin, 'fleet', 'fleet.csv', '--out', 'sample'], folder)
  await writeTemplates(join(folder, 'sample/sample.zip'), templates)
  for (const [devices, kinds] of [
    [FEW, FEW],
    [FEW, 20],
    [MANY, MANY],
    [MANY, 20],
  ] as const) {
    const out = join(folder, 'packed')
    clear(out)
    // The file's name gives the profile's name: the same for all.
    writeTable(join(folder, 'fleet.csv'), devices, kinds)
    take(process.execPath, [bin, 'fleet', 'fleet.csv', '--out', 'packed'], folder)
    writePack(out, pack(devices, kinds))
    take(process.execPath, [FLOOR, pack(devices, kinds), join(folder, 'by-floor')], folder)
    const index = (by: string) => readFileSync(join(folder, by, 'devices.csv'), 'utf8')
    if (index('packed') !== index('by-floor')) throw new Error('the floor and the kit do not write the same')
    clear(join(folder, 'by-floor'))
    if (python.program === undefined || devices !== FEW || kinds !== FEW) continue
    take(python.program, [SCRIPT, 'fleet.csv', templates, join(folder, 'by-python'), 'stored'], folder)
    const different = await firstDifference(out, join(folder, 'by-python'), 7)
    if (different !== undefined) throw new Error(`${different}: Python and the kit do not write the same`)
    clear(join(folder, 'by-python'))
  }
  clear(join(folder, 'packed'))
}

/** All measurements of fleets, round by round; without Python, those that need it are left out. */
export async function fleetRows(bin: string, folder: string, rounds: number, python: Python): Promise<readonly Row[]> {
  await prepare(bin, folder, python)
  const { table, pack, changed, list, templates } = files(folder)
  const out = join(folder, 'out')
  const times: Record<string, Taken[]> = {}
  const note = (what: string, taken: Taken) => (times[what] ??= []).push(taken)
  const kit = (fleet: string) => takeNode([bin, 'fleet', fleet, '--out', out, '--quiet'], folder, folder)
  const fresh = (what: string, run: () => Taken) => {
    clear(out)
    note(what, run())
  }
  const floor = (devices: number, kinds: number) => take(process.execPath, [FLOOR, pack(devices, kinds), out], folder)
  for (let round = 0; round < rounds; round += 1) {
    if (python.program !== undefined)
      for (const [what, fleet, how] of [
        ['python best', table(MANY, MANY), 'stored'],
        ['python usual', list, 'deflated'],
      ] as const)
        fresh(what, () => take(python.program, [SCRIPT, fleet, templates, out, how], folder))
    for (const [devices, kinds] of [
      [FEW, FEW],
      [FEW, 20],
      [MANY, MANY],
      [MANY, 20],
    ] as const) {
      fresh(`floor ${devices} ${kinds}`, () => floor(devices, kinds))
      fresh(`kit ${devices} ${kinds}`, () => kit(table(devices, kinds)))
    }
    fresh('first', () => kit(table(MANY, MANY)))
    note('again', kit(table(MANY, MANY)))
    note('changed', kit(changed))
    fresh('most 20', () => kit(table(MOST, 20)))
    fresh('most', () => kit(table(MOST, MOST)))
    note('most again', kit(table(MOST, MOST)))
  }
  clear(out)
  mkdirSync(out, { recursive: true })
  return rowsOf((what) => times[what] ?? []).filter(
    ({ others }) => python.program !== undefined || others?.length !== 0,
  )
}

function rowsOf(taken: (what: string) => readonly Taken[]): readonly Row[] {
  const ms = (what: string) => taken(what).map((one) => one.ms)
  const mib = (what: string) => taken(what).map((one) => one.mib)
  const held = (against: string, named: string, bar?: number, factor?: number) => ({
    against: ms(against),
    named,
    ...(bar === undefined ? {} : { bar }),
    ...(factor === undefined ? {} : { factor }),
  })
  const best = 'Python at its best (csv, Jinja2, zipfile stored)'
  const floor = 'the floor, which writes each file whole'
  return [
    rowOf('10 000 devices, all distinct', ms('kit 10000 10000'), held('python best', best, 0.5)),
    rowOf('the same', ms('kit 10000 10000'), held('python usual', 'Python as usual (PyYAML, deflate)', 0.08)),
    rowOf('the same', ms('kit 10000 10000'), held('floor 10000 10000', floor, 6)),
    rowOf('10 000 devices of 20 kinds', ms('kit 10000 20'), held('floor 10000 20', floor, 2)),
    rowOf('1 000 devices, all distinct', ms('kit 1000 1000'), held('floor 1000 1000', floor)),
    rowOf('1 000 devices of 20 kinds', ms('kit 1000 20'), held('floor 1000 20', floor)),
    rowOf('100 000 devices, all distinct', ms('most'), held('first', 'ten times 10 000', 1.15, MANY / MOST)),
    rowOf(
      '100 000 devices of 20 kinds',
      ms('most 20'),
      held('kit 10000 20', 'ten times 10 000', undefined, MANY / MOST),
    ),
    rowOf('memory at 100 000', mib('most'), { bar: 400 }, 'MiB'),
    rowOf('the same', mib('most'), { against: mib('first'), named: 'memory at 10 000', bar: 1.25 }, 'MiB'),
    rowOf('second run of 10 000, nothing changed', ms('again'), held('first', 'the first run', 0.15)),
    rowOf('second run of 10 000, 1 % changed', ms('changed'), held('first', 'the first run', 0.2)),
    rowOf('second run of 100 000, nothing changed', ms('most again'), held('most', 'the first run')),
  ]
}
