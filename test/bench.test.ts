import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { firstDifference, writeSample, writeTable, writeList, writeTemplates } from '../src/dev/bench/fleet.ts'
import { rowOf } from '../src/dev/bench/measure.ts'
import { resultPlot, resultTable } from '../src/dev/bench/output.ts'
import { describeWithOracle, missingPrograms, run } from './support/oracle.ts'
import { newFolder } from './support/shells.ts'

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

describe('what the benchmark found', () => {
  it('is a table of medians and of medians of ratios, and says which bars are missed', () => {
    expect(resultTable(RESULT).split('\n').slice(4)).toEqual([
      '| kept | 20.0 ms | 0.20 | a < b (c) | 0.5 |',
      '| missed | 20.0 ms | 2.00 | it | 1.5 (missed) |',
      '| memory | 300 MiB |  |  | 400 |',
    ])
  })

  it('is a drawing of the ratios, with those that miss their bar in another colour', () => {
    const plot = resultPlot(RESULT)
    expect(plot.match(/class="(?:kept|missed)"/g)).toEqual(['class="kept"', 'class="missed"'])
    expect(plot).toContain('kept / a &lt; b<')
  })
})

/** The benchmark is fair only as long as Python makes the very files that the kit makes. */
const missing =
  missingPrograms('python3') ??
  (run('python3', ['-c', 'import jinja2, yaml']).code === 0 ? undefined : 'jinja2 and yaml of Python are not installed')

describeWithOracle('the Python script of the benchmark', missing, () => {
  it.each([
    ['a table, and stores', 'stored', writeTable],
    ['a list, and deflates', 'deflated', writeList],
  ] as const)('makes what the kit makes, where it reads %s', async (_, how, write) => {
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
    const script = join(ROOT, 'src/dev/bench/fleet.py')
    expect(run('python3', [script, fleet, at('templates'), at('python'), how])).toMatchObject({ code: 0, stderr: '' })
    expect(await firstDifference(at('kit'), at('python'), 1)).toBeUndefined()
  })
})
