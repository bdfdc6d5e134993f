import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Desk } from '../support/cli.ts'
import { run } from '../support/oracle.ts'

const PROGRAM = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))

/** Enough devices that the program starts threads; each third has the settings of another, and some have problems. */
const ROWS = Array.from({ length: 700 }, (_, index) => {
  const kind = index % 3 === 2 ? index - 2 : index
  const interval = index % 100 === 50 ? '0s' : `${1 + Math.floor(kind / 50)}s`
  return `plc-${index},${index % 2 === 0 ? 'line' : ''},windows-ce,${20 + (kind % 50)}s,${interval}\n`
})
const FILES = {
  'fleet.csv': `name,profile,targets,idle,interval\n${ROWS.join('')}`,
  'line.yaml': 'name: line\ntitle: Línea\nidle: 20s\ninterval: 5s\n',
}

const filesIn = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]))

describe('a fleet that is made by threads', () => {
  it('is the same, and told in the same order, as one that is made without', async () => {
    expect(availableParallelism()).toBeGreaterThan(1)
    const desk = new Desk(FILES)
    const alone = await desk.type('fleet fleet.csv --format json')
    const wanted = filesIn(join(desk.folder, 'out'))
    mkdirSync(join(desk.folder, 'alone'))
    renameSync(join(desk.folder, 'out'), join(desk.folder, 'alone/out'))
    const { code, stdout } = run(process.execPath, [PROGRAM, 'fleet', 'fleet.csv', '--format', 'json'], {
      cwd: desk.folder,
    })
    expect(code).toBe(alone.code)
    expect(stdout).toBe(alone.out)
    const found = filesIn(join(desk.folder, 'out'))
    expect(Object.keys(found).length).toBeGreaterThan(650)
    expect(found).toEqual(wanted)
  })
})
