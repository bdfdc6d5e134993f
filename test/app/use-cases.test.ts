import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundleZips } from '../../src/app/bundle.ts'
import type { Event } from '../../src/app/events.ts'
import type { FleetRequest } from '../../src/app/fleet/request.ts'
import { runFleet } from '../../src/app/fleet/run.ts'
import { generateTrees } from '../../src/app/generate.ts'
import { attributeLines } from '../../src/app/git-setup.ts'
import { load } from '../../src/app/load.ts'
import { lockProfiles } from '../../src/app/lock.ts'
import { writeStarter } from '../../src/app/starter.ts'
import { fileText } from '../../src/app/textconv.ts'
import type { World } from '../../src/io/world.ts'
import { Desk, LINE4 } from '../support/cli.ts'

/** A folder with these files, as a use case sees it: no terminal, no environment. */
function worldOf(files: Readonly<Record<string, string>>): World {
  return { cwd: new Desk(files).folder, readStdin: () => Promise.resolve(new Uint8Array()) }
}

const PROFILE = { profiles: ['line4.yaml'], target: [], strict: false }
const OUTPUT = { ...PROFILE, out: 'out', check: false, dryRun: false, compress: false }
const nothing = () => {}

describe('a use case', () => {
  it.each<[string, (world: World) => unknown]>([
    ['an unknown target', (world) => load(world, { ...PROFILE, target: ['nope'] })],
    ['a folder for a lock', (world) => lockProfiles(world, { ...PROFILE, lock: 'folder' })],
    ['a starter over a file', (world) => writeStarter(world, 'line4.yaml')],
    ['a folder for a file', (world) => fileText(world, 'folder')],
    ['a folder that git cannot name', () => attributeLines('../out', 'encoding')],
  ])('returns wrong usage as a diagnostic, and throws nothing: %s', async (_what, run) => {
    const world = worldOf({ 'line4.yaml': LINE4 })
    mkdirSync(join(world.cwd, 'folder'))
    expect(await run(world)).toMatchObject({ diagnostics: [{ code: 'usage', severity: 'error' }] })
  })

  it.each([
    ['bundle', bundleZips],
    ['generate', generateTrees],
  ])('tells how far it is, as data: %s', async (work, run) => {
    const events: Event[] = []
    const world = worldOf({ 'line4.yaml': LINE4, 'line5.yaml': LINE4.replace('line4', 'line5') })
    await run(world, { ...OUTPUT, profiles: ['line4.yaml', 'line5.yaml'] }, (event) => void events.push(event))
    expect(events).toEqual([0, 1, 2].map((done) => ({ kind: 'progress', work, done, total: 2 })))
  })

  it('writes nothing if one profile is wrong', async () => {
    const world = worldOf({ 'line4.yaml': LINE4, 'bad.yaml': 'name: bad\n' })
    const { zips, diagnostics } = await bundleZips(world, { ...OUTPUT, profiles: ['line4.yaml', 'bad.yaml'] }, nothing)
    expect(zips).toEqual([])
    expect(diagnostics.map(({ code }) => code)).toContain('profile/missing-key')
  })
})

const PLANT = `name,idle,interval,targets
a,20s,5s,windows-ce
b,20,5s,windows-ce
c,20s,5s,windows-ce
`
const FLEET: FleetRequest = {
  fleet: 'plant.csv',
  out: 'out',
  select: [],
  shard: undefined,
  remove: false,
  stick: undefined,
  strict: false,
  compress: false,
  copies: false,
  check: false,
  dryRun: false,
}

/** A run over the fleet: what it told while it went on, progress left out, and its report. */
async function runPlant(request: Partial<FleetRequest>, plant = PLANT) {
  const events: Event[] = []
  const report = await runFleet(worldOf({ 'plant.csv': plant }), { ...FLEET, ...request }, (event) => {
    if (event.kind !== 'progress') events.push(event)
  })
  return { events, report }
}

describe('a run over a fleet', () => {
  it('reports devices and problems in the order of the file, then the files beside them, and counts', async () => {
    const { events, report } = await runPlant({})
    expect(events).toMatchObject([
      { kind: 'device', name: 'a', state: 'new', path: 'out/a.zip' },
      { kind: 'problem', diagnostic: { code: 'profile/unit-missing', location: { line: 3 } } },
      { kind: 'device', name: 'b', state: 'failed', sha256: undefined },
      { kind: 'device', name: 'c', state: 'new' },
      { kind: 'written', path: 'out/keepalive.lock.json' },
      { kind: 'written', path: 'out/devices.csv' },
    ])
    expect(report.summary).toEqual({ new: 2, changed: 0, same: 0, failed: 1, removed: 0, bundles: 1 })
    expect(report.problems).toMatchObject([{ first: { code: 'profile/unit-missing' }, count: 1 }])
  })

  it('reports in a dry run what it would write', async () => {
    const { events } = await runPlant({ dryRun: true, select: ['a'] })
    expect(events).toMatchObject([
      { kind: 'device', name: 'a', state: 'new' },
      { kind: 'planned', path: 'out/a.zip', state: 'new' },
    ])
  })

  it.each([
    ['wrong usage', { shard: '9/7' }, 'usage'],
    ['no such file', { fleet: 'nope.csv' }, 'input/no-such-file'],
  ])('has no summary where it did not begin: %s', async (_what, request, code) => {
    const { report } = await runPlant(request)
    expect(report).toMatchObject({ summary: undefined, problems: [{ first: { code } }] })
  })
})
