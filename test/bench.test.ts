import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { firstDifference, writeSample, writeTable, writeList, writeTemplates } from '../src/dev/bench/fleet.ts'
import { rowOf, takeNode } from '../src/dev/bench/measure.ts'
import { resultPlot, resultTable } from '../src/dev/bench/output.ts'
import { findPython, SCRIPT } from '../src/dev/bench/python.ts'
import { Desk } from './support/cli.ts'
import { describeWithOracle, itWhere, run } from './support/oracle.ts'
import { newFolder } from './support/shells.ts'
import { zipOf } from './support/zips.ts'
import { someOf } from './support/depth.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const RESULT = {
  date: '2026-01-02',
  machine: 'a machine',
  rows: [
    rowOf('kept', [10, 30, 20], { against: [100, 100, 100], named: 'a < b (c)', bar: 0.5 }),
    rowOf('missed', [10, 30, 20], { against: [10, 10, 10], named: 'it', bar: 1.5 }),
    rowOf('memory', [300, 310, 290], { bar: 400 }, 'MiB'),
  ],
}

describe('the result of the benchmark', () => {
  it('is a table of medians and of medians of ratios, with the missed limits', () => {
    expect(resultTable(RESULT).split('\n').slice(4)).toEqual([
      '| kept | 20.0 ms | 0.20 | a < b (c) | 0.5 |',
      '| missed | 20.0 ms | 2.00 | it | 1.5 (missed) |',
      '| memory | 300 MiB |  |  | 400 |',
    ])
  })

  it('is a drawing of the ratios, with those beyond their limit in another colour', () => {
    const plot = resultPlot(RESULT)
    expect(plot.match(/class="(?:kept|missed)"/g)).toEqual(['class="kept"', 'class="missed"'])
    expect(plot).toContain('kept / a &lt; b<')
  })
})

describe('the benchmark', () => {
  itWhere(existsSync('/proc/self/status'))('measures the memory of the program, and not of its parent', () => {
    const held = Buffer.alloc(400 * 1024 * 1024, 1)
    const folder = newFolder()
    const { mib } = takeNode(['-e', '0'], folder, folder)
    expect(held.length / 1024 / 1024).toBe(400)
    expect(mib).toBeGreaterThan(20)
    expect(mib).toBeLessThan(150)
  })

  const zip = (text: string) => zipOf([{ name: 'fleet/README.txt', data: Buffer.from(text) }])
  const first = zip('a')
  it.each([
    ['nothing, if both have the same content', { 'a.zip': first }, { 'a.zip': first, 'devices.csv': 'x' }, undefined],
    ['a zip with other content', { 'a.zip': first }, { 'a.zip': zip('b') }, 'a.zip'],
    ['a zip that is missing', { 'a.zip': first, 'b.zip': first }, { 'a.zip': first }, 'b.zip'],
    ['an additional zip', { 'a.zip': first }, { 'a.zip': first, 'b.zip': first }, 'b.zip'],
  ])('finds as the difference of two folders: %s', async (_, one, other, found) => {
    expect(await firstDifference(new Desk(one).folder, new Desk(other).folder, 1)).toBe(found)
  })

  it('treats an unreadable zip as a difference', async () => {
    const [one, other] = [new Desk({ 'a.zip': 'no zip' }), new Desk({ 'a.zip': 'no zip' })]
    await expect(firstDifference(one.folder, other.folder, 1)).rejects.toThrow('a.zip')
  })
})

/** The benchmark is fair only as long as Python makes exactly the files that the kit makes. */
const { program = '', missing } = findPython()

describeWithOracle('the Python script of the benchmark', missing, () => {
  it.each(
    someOf(
      [
        ['a table, and stores', 'stored', writeTable],
        ['a list, and deflates', 'deflated', writeList],
      ] as const,
      1,
    ),
  )('makes the files of the kit when it reads %s', async (_, how, write) => {
    const folder = newFolder()
    const at = (name: string) => join(folder, name)
    const kit = (out: string) =>
      run(process.execPath, [join(ROOT, 'dist/bin.cjs'), 'fleet', 'fleet.csv', '--out', out], { cwd: folder }).code
    writeSample(at('fleet.csv'))
    expect(kit('sample')).toBe(0)
    await writeTemplates(at('sample/sample.zip'), at('templates'))
    writeTable(at('fleet.csv'), 600, 600)
    expect(kit('kit')).toBe(0)
    const fleet = at(how === 'stored' ? 'fleet.csv' : 'list.yaml')
    write(fleet, 600, 600)
    expect(run(program, [SCRIPT, fleet, at('templates'), at('python'), how])).toMatchObject({ code: 0, stderr: '' })
    expect(await firstDifference(at('kit'), at('python'), 1)).toBeUndefined()
  })
})
