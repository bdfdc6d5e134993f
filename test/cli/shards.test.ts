import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '#checksums'
import { isIn, parseShard } from '../../src/fleet/shard.ts'
import { Desk } from '../support/cli.ts'
import { filesIn, stampsIn } from '../support/folders.ts'
import { someOf } from '../support/depth.ts'

const DEVICES = 200
const HEADER = 'name,profile,targets,idle\n'
/** Some devices have equal settings, so that a whole run links zips that shards cannot link. */
const PLANT = `${HEADER}${Array.from({ length: DEVICES }, (_, index) => `plc-${index},line,linux,${10 + (index % 20)}s\n`).join('')}`
const FILES = { 'plant.csv': PLANT, 'line.yaml': 'name: line\ninterval: 5s\n' }

const allOf = (of: number) => Array.from({ length: of }, (_, index) => index + 1)
const shuffled = (of: number, seed: string) =>
  allOf(of).toSorted((a, b) => (sha256(Buffer.from(`${seed} ${a}`)) < sha256(Buffer.from(`${seed} ${b}`)) ? -1 : 1))
const shardOf = (index: number, of: number) => {
  const shard = parseShard(`${index}/${of}`)
  if (shard === undefined) throw new Error(`${index}/${of} is no shard`)
  return shard
}
const emptyShards = (of: number) =>
  allOf(of).filter((index) => !allOf(DEVICES).some((device) => isIn(shardOf(index, of), `plc-${device - 1}`)))

/** Runs shards one after the other, all into one folder. */
async function runShards(desk: Desk, of: number, order: readonly number[] = allOf(of), out = 'out'): Promise<void> {
  for (const index of order) {
    const { code, err } = await desk.type(`fleet plant.csv --out ${out} --shard ${index}/${of} --quiet`)
    expect({ code, err }).toEqual({ code: 0, err: '' })
  }
}

/** A folder with the merged shards of a fleet. */
async function mergedPlant(of: number, files: Readonly<Record<string, string>> = FILES) {
  const desk = new Desk(files)
  await runShards(desk, of)
  expect((await desk.type('merge out --quiet')).code).toBe(0)
  return { desk, out: join(desk.folder, 'out') }
}

/** The files of one run for a fleet in an empty folder. */
async function single(files: Readonly<Record<string, string>> = FILES) {
  const desk = new Desk(files)
  expect((await desk.type('fleet plant.csv --quiet')).code).toBe(0)
  return filesIn(join(desk.folder, 'out'))
}

const changedIn = (now: Readonly<Record<string, string>>, before: Readonly<Record<string, string>>) =>
  [...new Set([...Object.keys(now), ...Object.keys(before)])].filter((name) => now[name] !== before[name]).toSorted()
const besideOut = (desk: Desk) => readdirSync(desk.folder).filter((name) => name.startsWith('.'))

let whole: Readonly<Record<string, string>>
beforeAll(async () => {
  whole = await single()
})

describe('Shards', () => {
  it('share the devices of a fleet, each device in one; with 64 shards, some are empty', () => {
    for (const of of [1, 2, 7, 64])
      for (const device of allOf(DEVICES))
        expect(allOf(of).filter((index) => isIn(shardOf(index, of), `plc-${device - 1}`))).toHaveLength(1)
    expect(emptyShards(64).length).toBeGreaterThan(0)
    expect([...emptyShards(1), ...emptyShards(2), ...emptyShards(7)]).toEqual([])
  })

  const orders: readonly [of: number, name: string, order: readonly number[]][] = [
    [1, 'ascending', allOf(1)],
    [2, 'ascending', allOf(2)],
    [2, 'descending', allOf(2).toReversed()],
    [7, 'ascending', allOf(7)],
    [7, 'descending', allOf(7).toReversed()],
    [7, 'mixed', shuffled(7, 'one')],
    [7, 'mixed otherwise', shuffled(7, 'other')],
    [64, 'descending', allOf(64).toReversed()],
    [64, 'mixed', shuffled(64, 'one')],
    [64, 'mixed otherwise', shuffled(64, 'other')],
  ]
  it.each(someOf(orders, 5, 6))(
    '(%d, in %s order) merge to the result of one run',
    { timeout: 120_000 },
    async (of, _, order) => {
      const desk = new Desk(FILES)
      await runShards(desk, of, order)
      expect(await desk.type('merge out')).toEqual({
        code: 0,
        out: 'out/keepalive.lock.json\nout/devices.csv\n',
        err: `${DEVICES} devices of ${of} shards\n`,
      })
      expect(filesIn(join(desk.folder, 'out'))).toEqual(whole)
      expect(besideOut(desk)).toEqual([])
    },
  )

  it('of separate machines merge to the same when their files are in one folder', async () => {
    const out = new Desk({ 'merged/x': '' })
    const merged = join(out.folder, 'merged')
    rmSync(join(merged, 'x'))
    let links = 0
    for (const index of shuffled(7, 'copies')) {
      const machine = new Desk(FILES)
      await runShards(machine, 7, [index])
      const made = join(machine.folder, 'out')
      for (const name of readdirSync(made)) {
        links = Math.max(links, lstatSync(join(made, name)).nlink)
        copyFileSync(join(made, name), join(merged, name))
      }
    }
    expect(links).toBeGreaterThan(1)
    expect((await out.type('merge merged')).code).toBe(0)
    expect(filesIn(merged)).toEqual(whole)
  })

  it('are one fleet after a merge: a whole run touches nothing', async () => {
    const { desk, out } = await mergedPlant(7)
    const before = stampsIn(out)
    expect(await desk.type('fleet plant.csv')).toMatchObject({
      code: 0,
      err: `${DEVICES} devices: ${DEVICES} same; 20 kinds of zip\n`,
    })
    expect(stampsIn(out)).toEqual(before)
    expect(await desk.type('fleet plant.csv --check --quiet')).toMatchObject({ code: 0, err: '' })
  })

  it('may run again after a merge, one or all, even with more shards', async () => {
    const { desk, out } = await mergedPlant(7)
    const before = stampsIn(out)
    const one = await desk.type('fleet plant.csv --shard 3/7')
    expect(one.err).toMatch(/^(\d+) devices: \1 same; \d+ kinds of zip\n$/)
    await runShards(desk, 7, [5, 1, 7, 2, 6, 4])
    expect((await desk.type('merge out')).code).toBe(0)
    await runShards(desk, 64, shuffled(64, 'more'))
    expect((await desk.type('merge out')).code).toBe(0)
    expect(filesIn(out)).toEqual(whole)
    const zips = (stamps: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(stamps).filter(([name]) => name.endsWith('.zip')))
    expect(zips(stampsIn(out))).toEqual(zips(before))
  })

  it('are checked one by one, before they are merged and after', async () => {
    const desk = new Desk(FILES)
    await runShards(desk, 2)
    expect(await desk.type('fleet plant.csv --check --shard 1/2 --quiet')).toMatchObject({ code: 0, err: '' })
    rmSync(join(desk.folder, 'out/devices.1-of-2.csv'))
    expect(await desk.type('fleet plant.csv --check --shard 1/2 --quiet')).toMatchObject({ code: 1 })
    await runShards(desk, 2)
    await desk.type('merge out --quiet')
    expect(await desk.type('fleet plant.csv --check --shard 1/2 --quiet')).toMatchObject({ code: 0, err: '' })
    const device = allOf(DEVICES).find((index) => isIn(shardOf(1, 2), `plc-${index}`))
    rmSync(join(desk.folder, `out/plc-${device}.zip`))
    expect((await desk.type('fleet plant.csv --check --shard 1/2 --quiet')).err).toBe(
      `out/plc-${device}.zip: error: is missing; run fleet without --check [output/differs]\n`,
    )
  })

  it('with one changed make the result of one run', async () => {
    const { desk, out } = await mergedPlant(7)
    // One device changes, one is removed, and the name of one changes case.
    const later = PLANT.replace('plc-3,line,linux,13s', 'plc-3,line,linux,99s')
      .replace(/plc-4,.*\n/, '')
      .replace('plc-5,', 'PLC-5,')
    writeFileSync(join(desk.folder, 'plant.csv'), later)
    await runShards(desk, 7, shuffled(7, 'later'))
    expect((await desk.type('merge out')).code).toBe(0)
    // Whether a zip whose name changes case is another file is not known: it stays, even after one run.
    expect(changedIn(filesIn(out), await single({ ...FILES, 'plant.csv': later }))).toEqual(['plc-5.zip'])
  })
})

describe('one more device', () => {
  const MORE = { ...FILES, 'plant.csv': `${PLANT}plc-1000,line,linux,10s\n` }
  const lines = (text: string) => text.split('\n')

  it('changes only the part of its own shard, and only its own lines there', async () => {
    const desk = new Desk(FILES)
    await runShards(desk, 7)
    const before = filesIn(join(desk.folder, 'out'))
    writeFileSync(join(desk.folder, 'plant.csv'), MORE['plant.csv'])
    await runShards(desk, 7)
    const now = filesIn(join(desk.folder, 'out'))
    const own = allOf(7).filter((index) => isIn(shardOf(index, 7), 'plc-1000'))
    const parts = [`devices.${own.join()}-of-7.csv`, `keepalive.lock.${own.join()}-of-7.json`]
    expect(changedIn(now, before)).toEqual([...parts, 'plc-1000.zip'])
    for (const name of parts) {
      const [old, fresh] = [lines(before[name] ?? ''), lines(now[name] ?? '')]
      expect(fresh.filter((line) => !old.includes(line))).toEqual([expect.stringMatching(/^(?: {4}")?plc-1000[,/]/)])
      expect(old.filter((line) => !fresh.includes(line))).toEqual([])
    }
  })

  it('changes only its own lines in the whole', async () => {
    const { out } = await mergedPlant(7, MORE)
    const now = filesIn(out)
    expect(changedIn(now, whole)).toEqual(['devices.csv', 'keepalive.lock.json', 'plc-1000.zip'])
    for (const name of ['devices.csv', 'keepalive.lock.json']) {
      const [old, fresh] = [lines(whole[name] ?? ''), lines(now[name] ?? '')]
      expect(fresh.filter((line) => !old.includes(line))).toEqual([expect.stringMatching(/^(?: {4}")?plc-1000[,/]/)])
      expect(old.filter((line) => !fresh.includes(line))).toEqual([])
    }
  })
})

describe('parts that do not belong together', () => {
  it.each([
    ['one that is missing', 'rm', 'devices.2-of-2.csv', 'devices.2-of-2.csv is missing; every shard must have run'],
    ['a changed part', 'change', 'devices.2-of-2.csv', 'out/devices.2-of-2.csv is not a part that the kit wrote'],
    [
      'parts of another number of shards',
      'add',
      'devices.1-of-3.csv',
      'the parts are from runs with 2 and with 3 shards',
    ],
    ['a zip that is missing', 'rm', 'plc-1.zip', 'plc-1.zip is not here; bring the zips of every shard'],
    ['a zip that is empty', 'cut', 'plc-1.zip', 'plc-1.zip is not as the index of the shard says; bring it again'],
    ['a zip that is another', 'add', 'plc-1.zip', 'plc-1.zip is not as the index of the shard says; bring it again'],
    [
      'an index that is not the kit’s',
      'add',
      'devices.csv',
      'out/devices.csv and the lock beside it list the files here',
    ],
  ])('with %s are not merged, and nothing changes', async (_, how, name, words) => {
    const desk = new Desk(FILES)
    await runShards(desk, 2)
    const path = join(desk.folder, 'out', name)
    const text =
      how === 'change' ? readFileSync(path, 'utf8').replace('device,', 'devise,') : how === 'add' ? 'mine' : ''
    // Not in place: other devices share a zip under their names.
    rmSync(path, { force: true })
    if (how !== 'rm') writeFileSync(path, text)
    const before = [filesIn(join(desk.folder, 'out')), besideOut(desk)]
    const { code, err } = await desk.type('merge out')
    expect({ code }).toEqual({ code: 1 })
    expect(err).toContain(words)
    expect([filesIn(join(desk.folder, 'out')), besideOut(desk)]).toEqual(before)
  })

  it('are recognized by their devices if a part has the name of another', async () => {
    const desk = new Desk(FILES)
    await runShards(desk, 2)
    const part = (index: number) => join(desk.folder, `out/devices.${index}-of-2.csv`)
    renameSync(part(1), join(desk.folder, 'held'))
    renameSync(part(2), part(1))
    renameSync(join(desk.folder, 'held'), part(2))
    const { code, err } = await desk.type('merge out')
    expect(code).toBe(1)
    expect(err).toContain('out/devices.1-of-2.csv is not a part that the kit wrote for that shard')
    expect(err).toContain('out/devices.2-of-2.csv is not a part that the kit wrote for that shard')
  })

  it('are not made: a shard of another number does not start', async () => {
    const desk = new Desk(FILES)
    await runShards(desk, 7, [2, 5])
    const before = stampsIn(join(desk.folder, 'out'))
    const { code, err } = await desk.type('fleet plant.csv --shard 1/64')
    expect(code).toBe(1)
    expect(err).toBe(
      'error: out holds parts of 7 shards, which cannot be merged with parts of 64; merge them first, or run fleet once without --shard [fleet/other-parts]\n',
    )
    expect(stampsIn(join(desk.folder, 'out'))).toEqual(before)
  })

  it('are ignored if only their names are similar', async () => {
    const odd = {
      'out/devices.01-of-2.csv': 'a',
      'out/devices.3-of-2.csv': 'b',
      'out/devices.1-of-99999999999.csv': 'c',
    }
    const desk = new Desk({ ...FILES, ...odd })
    expect((await desk.type('merge out')).err).toContain('out holds no parts of shards')
    expect((await desk.type('fleet plant.csv')).code).toBe(0)
    for (const [name, text] of Object.entries(odd)) expect(readFileSync(join(desk.folder, name), 'utf8')).toBe(text)
  })

  it('are not merged if there are no parts', async () => {
    const desk = new Desk(FILES)
    await desk.type('fleet plant.csv')
    expect(await desk.type('merge out')).toMatchObject({ code: 1 })
    expect(await desk.type('merge nope')).toMatchObject({ code: 2 })
  })
})

describe('a run of the whole fleet', () => {
  it('leaves no parts, and beside the folder only the record of its zips', async () => {
    const desk = new Desk(FILES)
    await runShards(desk, 7, [2, 5])
    expect(besideOut(desk)).toHaveLength(2)
    expect((await desk.type('fleet plant.csv')).code).toBe(0)
    expect(filesIn(join(desk.folder, 'out'))).toEqual(whole)
    expect(besideOut(desk)).toEqual(['.out.keepalive-kit-state'])
  })

  it('knows earlier results of shards: zips of removed devices are removed', async () => {
    const desk = new Desk(FILES)
    await runShards(desk, 7)
    const later = PLANT.replace(/plc-4,.*\n/, '')
    writeFileSync(join(desk.folder, 'plant.csv'), later)
    expect((await desk.type('fleet plant.csv')).err).toContain('199 devices: 199 same, 1 removed')
    expect(filesIn(join(desk.folder, 'out'))).toEqual(await single({ ...FILES, 'plant.csv': later }))
  })

  it('takes over later changes of a shard, even of devices that it does not make', async () => {
    const desk = new Desk(FILES)
    await desk.type('fleet plant.csv')
    const later = PLANT.replaceAll('13s', '99s')
    writeFileSync(join(desk.folder, 'plant.csv'), later)
    await runShards(desk, 2)
    expect((await desk.type('fleet plant.csv --select plc-3')).err).toContain('1 device: 1 same')
    expect(filesIn(join(desk.folder, 'out'))).toEqual(await single({ ...FILES, 'plant.csv': later }))
  })
})

describe('merge', () => {
  it('removes zips of removed devices that shards on other machines left', async () => {
    const { desk, out } = await mergedPlant(2)
    const later = PLANT.replace(/plc-4,.*\n/, '').replace(/plc-6,.*\n/, '')
    const fresh = new Desk({ ...FILES, 'plant.csv': later })
    await runShards(fresh, 2)
    for (const name of readdirSync(join(fresh.folder, 'out')))
      copyFileSync(join(fresh.folder, 'out', name), join(out, name))
    // Not in place: other devices share the zip under their names.
    rmSync(join(out, 'plc-6.zip'))
    writeFileSync(join(out, 'plc-6.zip'), 'mine')
    const { code, err } = await desk.type('merge out')
    expect({ code, warnings: err.match(/\[.*\]/g) }).toEqual({ code: 0, warnings: ['[fleet/left]'] })
    expect(changedIn(filesIn(out), await single({ ...FILES, 'plant.csv': later }))).toEqual(['plc-6.zip'])
    expect(readFileSync(join(out, 'plc-6.zip'), 'utf8')).toBe('mine')
  })

  it('touches only the records of its shards beside the folder', async () => {
    const others = [
      '.out.keepalive-kit-state-1-of-3',
      '.out.keepalive-kit-state-1-of-20',
      '.other.keepalive-kit-state-1-of-2',
      '.out.keepalive-kit-state-1-of-2.bak',
    ]
    const desk = new Desk({ ...FILES, ...Object.fromEntries(others.map((name) => [name, 'mine'])) })
    await runShards(desk, 2)
    // A stopped run left half of one record, and somebody has a folder with the name of the other.
    writeFileSync(join(desk.folder, '..out.keepalive-kit-state-1-of-2.keepalive-kit-new-999999999'), 'half')
    rmSync(join(desk.folder, '.out.keepalive-kit-state-2-of-2'))
    mkdirSync(join(desk.folder, '.out.keepalive-kit-state-2-of-2'))
    expect((await desk.type('merge out')).code).toBe(0)
    expect(besideOut(desk)).toEqual([...others, '.out.keepalive-kit-state-2-of-2'].toSorted())
  })

  it('that was killed during the cleanup is repaired by the shards and another run', async () => {
    const parts = ['devices', 'keepalive.lock'].flatMap((name) =>
      [1, 2].map((index) => `${name}.${index}-of-2.${name === 'devices' ? 'csv' : 'json'}`),
    )
    for (const gone of [1, 2, 3]) {
      const { desk, out } = await mergedPlant(2)
      await runShards(desk, 2)
      for (const name of parts.slice(0, gone)) rmSync(join(out, name))
      writeFileSync(join(out, '.devices.csv.keepalive-kit-new-999999999'), 'half')
      expect((await desk.type('merge out')).err).toContain('missing; every shard must have run')
      await runShards(desk, 2)
      expect((await desk.type('merge out')).code).toBe(0)
      expect(filesIn(out)).toEqual(whole)
      expect(existsSync(join(desk.folder, '.out.keepalive-kit-state-1-of-2'))).toBe(false)
    }
  })
})
