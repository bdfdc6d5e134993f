import { spawn } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './oracle.ts'
import { newFolder } from './shells.ts'

export const BIN = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))

/**
 * The tables of a plant before and after a change: a third of the devices changed, one of forty removed, as many added.
 */
export interface Plant {
  readonly old: string
  readonly new: string
}

/**
 * A plant whose devices share about a hundred settings, so that their zips are links; one of ten has settings of its
 * own.
 */
export function plantOf(devices: number): Plant {
  const row = (device: number, plus: number): string =>
    `plc-${device},windows-ce,${plus + (device % 10 === 0 ? 200_000 + device : 10_000 + (device % 100))}ms,5s\n`
  const rows = (first: number, count: number, changed: (device: number) => string): string =>
    Array.from({ length: count }, (_, index) => changed(first + index)).join('')
  const header = 'name,targets,idle,interval\n'
  return {
    old: header + rows(0, devices, (device) => row(device, 0)),
    new:
      header +
      rows(0, devices, (device) => (device % 40 === 7 ? '' : row(device, device % 3 === 1 ? 500_000 : 0))) +
      rows(devices, devices / 40, (device) => row(device, 0)),
  }
}

/** Foreign files in the folder of a fleet. */
export const FOREIGN = {
  'notes.txt': 'mine\n',
  '.hidden': 'mine\n',
  'old/plc-1.zip': 'mine\n',
  'plc-of-mine.zip': 'mine\n',
} as const

const LOCK = 'keepalive.lock.json'
const INDEX = 'devices.csv'

/** Files by name. */
export type Files = ReadonlyMap<string, Buffer>

/** All files in a folder and its subfolders. */
export function filesIn(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory())
  // Most zips of a fleet are links to a few files.
  const known = new Map<number, Buffer>()
  return new Map(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      const { ino } = lstatSync(path)
      const bytes = known.get(ino) ?? readFileSync(path)
      known.set(ino, bytes)
      return [path.slice(folder.length + 1), bytes]
    }),
  )
}

/** A folder with both fleets, and the output of undisturbed runs. */
export interface Yard {
  readonly folder: string
  readonly old: Files
  readonly new: Files
  /** The time that an undisturbed run from the old fleet to the new one takes. */
  readonly ms: Ended['ms']
}

/** Makes the references: `was` holds the old output, `is` the new one. */
export async function newYard(devices: number): Promise<Yard> {
  const folder = newFolder()
  const plant = plantOf(devices)
  for (const name of ['old', 'new', 'was/out', 'is/out']) mkdirSync(join(folder, name), { recursive: true })
  // The file gives its name to the profile of devices that have none.
  writeFileSync(join(folder, 'old/plant.csv'), plant.old)
  writeFileSync(join(folder, 'new/plant.csv'), plant.new)
  for (const [where, which] of [
    ['was', 'old'],
    ['is', 'new'],
  ] as const) {
    const { code, stderr } = await runFleet(join(folder, where), which)
    if (code !== 0) throw new Error(stderr)
  }
  putBack(folder, 'copy')
  const { ms } = await runFleet(join(folder, 'site'), 'new')
  return { folder, old: filesIn(join(folder, 'was/out')), new: filesIn(join(folder, 'is/out')), ms }
}

/**
 * How the old output gets into the site: as a copy, to which no records refer, or as links, to which those of a run there do;
 * no later run may write into a linked file.
 */
export type Way = 'copy' | 'links' | 'nothing'

export function putBack(folder: string, way: Way): void {
  const site = join(folder, 'site')
  rmSync(site, { recursive: true, force: true })
  if (way === 'nothing') mkdirSync(join(site, 'out'), { recursive: true })
  else run('cp', [way === 'links' ? '-al' : '-a', join(folder, 'was'), site])
  if (way === 'links')
    run(process.execPath, [BIN, 'fleet', '../old/plant.csv', '--out', 'out', '--quiet'], { cwd: site })
  putForeign(join(site, 'out'))
}

export function putForeign(out: string): void {
  mkdirSync(join(out, 'old'))
  for (const [name, content] of Object.entries(FOREIGN)) writeFileSync(join(out, name), content)
}

/**
 * Events of a run that are visible from outside: its start, its mark in the folder, the first bytes of lock and index.
 */
export type Event = 'start' | 'run' | 'lock' | 'index'

/** When a run is killed: `ms` after an event. */
export interface Kill {
  readonly after: Event
  readonly ms: number
}

export interface Ended {
  /** `null` if the run was killed. */
  readonly code: number | null
  readonly stderr: string
  /** From each event to the next one, or to the end, in ms. */
  readonly ms: Readonly<Record<Event, number>>
}

/** Runs the built program on the old or the new fleet beside `folder`, with `out` in it; a late kill has no effect. */
export function runFleet(folder: string, which: 'old' | 'new', kill?: Kill): Promise<Ended> {
  let stderr = ''
  let timer: NodeJS.Timeout | undefined
  const at: Partial<Record<Event, number>> = {}
  const child = spawn(process.execPath, [BIN, 'fleet', `../${which}/plant.csv`, '--out', 'out'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
  const seen = (event: Event) => {
    if (at[event] !== undefined) return
    at[event] = performance.now()
    if (kill?.after !== event) return
    if (kill.ms < 1) child.kill('SIGKILL')
    else timer = setTimeout(() => child.kill('SIGKILL'), kill.ms)
  }
  seen('start')
  const watcher = watch(join(folder, 'out'), (_, name) => {
    if (name === '.keepalive-kit-run') seen('run')
    else if (name?.startsWith(`.${LOCK}.`) === true) seen('lock')
    else if (name?.startsWith(`.${INDEX}.`) === true) seen('index')
  })
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code) => {
      clearTimeout(timer)
      watcher.close()
      const now = performance.now()
      const { start = now, run: took = now, lock = now, index = now } = at
      done({ code, stderr, ms: { start: took - start, run: lock - took, lock: index - lock, index: now - index } })
    })
  })
}

/** Where a run was when it was killed. */
export const STAGES = [
  'before the first zip',
  'among the zips',
  'after the last zip',
  'in the lock',
  'between lock and index',
  'after the index',
  'over',
] as const
export type Stage = (typeof STAGES)[number]

const LEFT = /^\.(?:keepalive-kit-run|.+\.keepalive-kit-new-\d+)$/
const STATE = '.out.keepalive-kit-state'

/** The errors of the folder after a kill, and the stage of the run. */
export function judge(
  yard: Pick<Yard, 'folder' | 'new'>,
  old: Files,
): { readonly wrong: readonly string[]; readonly stage: Stage } {
  const found = filesIn(join(yard.folder, 'site/out'))
  const wrong: string[] = []
  for (const [name, bytes] of found) {
    if (Object.hasOwn(FOREIGN, name)) continue
    const [before, after] = [old.get(name), yard.new.get(name)]
    if (
      before === undefined && after === undefined ? !LEFT.test(name) : !(before?.equals(bytes) || after?.equals(bytes))
    )
      wrong.push(`${name} is neither old nor new`)
  }
  for (const name of old.keys()) if (yard.new.has(name) && !found.has(name)) wrong.push(`${name} is gone`)
  const isNew = (name: string) => same(found.get(name), yard.new.get(name))
  const zips = [...old.keys(), ...yard.new.keys()].filter(
    (name) => !same(old.get(name), yard.new.get(name)) && name.endsWith('.zip'),
  )
  const done = zips.filter(isNew).length
  const left = [...found.keys()].filter((name) => LEFT.test(name)).join(' ')
  const stage: Stage = isNew(INDEX)
    ? 'after the index'
    : isNew(LOCK)
      ? 'between lock and index'
      : left.includes(LOCK)
        ? 'in the lock'
        : done === zips.length
          ? 'after the last zip'
          : done > 0
            ? 'among the zips'
            : 'before the first zip'
  return { wrong: [...wrong, ...wrongForeign(found), ...wrongBeside(yard.folder, true)], stage }
}

/** The errors of the folder after an undisturbed run. */
export function judgeEnd(yard: Pick<Yard, 'folder' | 'new'>): readonly string[] {
  const found = filesIn(join(yard.folder, 'site/out'))
  const names = [...found.keys()].filter((name) => !Object.hasOwn(FOREIGN, name))
  return [
    ...names
      .filter((name) => !same(found.get(name), yard.new.get(name)))
      .map((name) => `${name} is not as it should be`),
    ...[...yard.new.keys()].filter((name) => !found.has(name)).map((name) => `${name} is missing`),
    ...wrongForeign(found),
    ...wrongBeside(yard.folder, false),
  ]
}

function same(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined ? other === undefined : other !== undefined && one.equals(other)
}

function wrongForeign(found: Files): readonly string[] {
  return Object.entries(FOREIGN).flatMap(([name, content]) =>
    found.get(name)?.toString() === content ? [] : [`${name} was somebody else's`],
  )
}

function wrongBeside(folder: string, killed: boolean): readonly string[] {
  return readdirSync(join(folder, 'site'))
    .filter((name) => name !== 'out' && name !== STATE && !(killed && LEFT.test(name)))
    .map((name) => `${name} lies beside the folder`)
}
