import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Desk } from '../support/cli.ts'
import { filesIn, stampsIn } from '../support/folders.ts'

const HEAD = 'name,targets,idle,interval,site\n'
const row = (name: string, idle: string, site = '') => `${name},windows-ce,${idle},5s,${site}\n`
/** Four devices share a zip, two share another one, and one has its own. */
const PLANT = [
  ...['a', 'b', 'c', 'd'].map((name) => row(name, '20s')),
  row('e', '30s'),
  row('f', '30s'),
  row('g', '40s'),
].join('')

class Plant extends Desk {
  readonly out = join(this.folder, 'out')

  async run(options = '', rows = PLANT) {
    writeFileSync(join(this.folder, 'plant.csv'), `${HEAD}${rows}`)
    const { code, err } = await this.type(`fleet plant.csv ${options}`)
    return { code, summary: err.trimEnd().split('\n').at(-1) }
  }

  zip(device: string): string {
    return join(this.out, `${device}.zip`)
  }

  names(device: string): number {
    return lstatSync(this.zip(device)).nlink
  }

  /** The state of the records, which a run replaces only if a device has to be looked at again. */
  records(): string | undefined {
    return stampsIn(this.folder)['.out.keepalive-kit-state']
  }

  /** Changes a byte of a zip in place, and sets its time back; later than the run, whose clock goes in steps of some ms. */
  edit(device: string): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    const { atimeMs, mtimeMs } = lstatSync(this.zip(device))
    const bytes = readFileSync(this.zip(device))
    bytes[100] = (bytes[100] ?? 0) ^ 1
    writeFileSync(this.zip(device), bytes)
    utimesSync(this.zip(device), atimeMs / 1_000, mtimeMs / 1_000)
  }
}

async function made(options = ''): Promise<Plant> {
  const plant = new Plant()
  expect(await plant.run(options)).toEqual({ code: 0, summary: '7 devices: 7 new; 3 kinds of zip' })
  return plant
}

const SAME = { code: 0, summary: '7 devices: 7 same; 3 kinds of zip' }

/** Runs again, twice: nothing is written, not even the records. */
async function expectSettled(plant: Plant, rows = PLANT): Promise<void> {
  const [before, records] = [stampsIn(plant.out), plant.records()]
  expect((await plant.run('', rows)).summary).toMatch(/^\d devices: \d same; /)
  expect((await plant.run('', rows)).summary).toMatch(/^\d devices: \d same; /)
  expect(stampsIn(plant.out)).toEqual(before)
  expect(plant.records()).toBe(records)
}

describe('a zip that somebody edits in place, with its size and its time set back,', () => {
  it.each([
    ['that a device has alone', 'g', 1],
    ['that several devices share, by the first', 'a', 4],
    ['that several devices share, by the last', 'd', 4],
  ])('is made again: one %s', async (_what, device, changed) => {
    const plant = await made()
    const before = filesIn(plant.out)
    plant.edit(device)
    expect(filesIn(plant.out)).not.toEqual(before)
    expect((await plant.run()).summary).toBe(`7 devices: ${changed} changed, ${7 - changed} same; 3 kinds of zip`)
    expect(filesIn(plant.out)).toEqual(before)
    await expectSettled(plant)
  })

  it('is made again after runs that moved its links', async () => {
    const plant = await made()
    const rows = PLANT.replace(row('c', '20s'), row('c', '50s')).replace(row('f', '30s'), '')
    await plant.run('--remove', rows)
    await plant.run('', rows)
    const before = filesIn(plant.out)
    plant.edit('b')
    expect((await plant.run('', rows)).summary).toBe('6 devices: 3 changed, 3 same; 4 kinds of zip')
    expect(filesIn(plant.out)).toEqual(before)
  })

  it('stays if its device is gone from the fleet', async () => {
    const plant = await made()
    plant.edit('g')
    expect((await plant.run('--remove', PLANT.replace(row('g', '40s'), ''))).code).toBe(0)
    expect(readdirSync(plant.out)).toContain('g.zip')
  })
})

describe('the links that a run makes and removes', () => {
  it.each([
    ['no device changed', PLANT],
    ['a device left its zip', PLANT.replace(row('a', '20s'), row('a', '50s'))],
    ['a device went over to another shared zip', PLANT.replace(row('b', '20s'), row('b', '30s'))],
    ['a device came', `${PLANT}${row('h', '20s')}`],
    ['a device went', PLANT.replace(row('d', '20s'), '')],
    ['all devices of a zip left it', PLANT.replaceAll(',30s,', ',50s,')],
  ])('make no other device be looked at again: %s', async (_what, rows) => {
    const plant = await made()
    await expectSettled(plant)
    await plant.run('--remove', rows)
    await expectSettled(plant, rows)
    await plant.run('--remove')
    await expectSettled(plant)
  })

  it('count in runs over a part of the devices too', async () => {
    const plant = await made()
    const rows = PLANT.replace(row('a', '20s'), row('a', '50s', 'hall'))
    await plant.run('--select site:hall', rows)
    await expectSettled(plant, rows)
  })

  it('and those of somebody else, such as a backup, leave every zip as it is', async () => {
    const plant = await made()
    const stamps = stampsIn(plant.out)
    const backup = join(plant.folder, 'backup')
    mkdirSync(backup)
    for (const name of readdirSync(plant.out)) linkSync(join(plant.out, name), join(backup, name))
    expect(await plant.run()).toEqual(SAME)
    expect(stampsIn(plant.out)).toEqual(stamps)
    await expectSettled(plant)
  })
})

describe('fleet --copies', () => {
  it('writes each device a zip of its own', async () => {
    const plant = await made('--copies')
    for (const device of 'abcdefg') expect(plant.names(device)).toBe(1)
    const before = filesIn(plant.out)
    expect(before).toEqual(filesIn((await made()).out))
    plant.edit('b')
    const edited = filesIn(plant.out)
    expect(Object.keys(before).filter((name) => edited[name] !== before[name])).toEqual(['b.zip'])
    expect((await plant.run('--copies')).summary).toBe('7 devices: 1 changed, 6 same; 3 kinds of zip')
    expect(filesIn(plant.out)).toEqual(before)
    for (const device of 'abcdefg') expect(plant.names(device)).toBe(1)
  })

  it('takes zips apart that an earlier run shared, and leaves the others alone', async () => {
    const plant = await made()
    expect(plant.names('a')).toBe(4)
    const [before, own] = [filesIn(plant.out), lstatSync(plant.zip('g')).ino]
    expect(await plant.run('--copies --dry-run')).toMatchObject({ code: 0 })
    expect(plant.names('a')).toBe(4)
    expect(await plant.run('--copies')).toEqual(SAME)
    for (const device of 'abcdefg') expect(plant.names(device)).toBe(1)
    expect([filesIn(plant.out), lstatSync(plant.zip('g')).ino]).toEqual([before, own])
    const [stamps, records] = [stampsIn(plant.out), plant.records()]
    expect(await plant.run('--copies')).toEqual(SAME)
    expect([stampsIn(plant.out), plant.records()]).toEqual([stamps, records])
    await expectSettled(plant)
  })
})
