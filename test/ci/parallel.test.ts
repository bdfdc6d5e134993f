import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'
import { newFolder } from '../support/shells.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The command line in docs/fleets.md. */
const LINE = /^ *(seq .*parallel.*)$/m.exec(readFileSync(join(ROOT, 'docs/fleets.md'), 'utf8'))?.[1] ?? 'exit 99'

const rows = Array.from({ length: 60 }, (_, index) => `plc-${index},windows-ce,${20 + (index % 25)}s,5s\n`)
const table = (more = '') => `name,targets,idle,interval\n${rows.join('')}${more}`

/** A folder with a fleet, and a program named keepalive-kit on PATH. */
function plant(text: string) {
  const folder = newFolder()
  const bin = join(newFolder(), 'keepalive-kit')
  writeFileSync(bin, `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'dist/bin.cjs')}' "$@"\n`)
  chmodSync(bin, 0o755)
  writeFileSync(join(folder, 'plant.csv'), text)
  const env = { PATH: `${join(bin, '..')}:${process.env['PATH']}` }
  return { folder, type: (line: string) => run('sh', ['-c', line], { cwd: folder, env }) }
}

const made = (folder: string) =>
  Object.fromEntries(
    readdirSync(join(folder, 'out')).map((name) => [name, readFileSync(join(folder, 'out', name), 'latin1')]),
  )

describeWithOracle('the shards of a fleet that GNU parallel runs', missingPrograms('parallel', 'seq'), () => {
  it('are merged into the output of a single run, a second time too', () => {
    const alone = plant(table())
    expect(alone.type('keepalive-kit fleet plant.csv').code).toBe(0)
    const shards = plant(table())
    for (const time of ['first', 'second']) {
      expect(shards.type(LINE), time).toMatchObject({ code: 0, stderr: '60 devices of 8 shards\n' })
      expect(made(shards.folder)).toEqual(made(alone.folder))
    }
  })

  it('are not merged while a device has an error, and are merged once it is corrected', () => {
    const { folder, type } = plant(table('plc-x,windows-ce,0s,5s\n'))
    const { code, stderr } = type(LINE)
    expect(code).toBe(1)
    expect(stderr).toContain('plant.csv:62')
    expect(readdirSync(join(folder, 'out'))).not.toContain('keepalive.lock.json')
    writeFileSync(join(folder, 'plant.csv'), table('plc-x,windows-ce,9s,5s\n'))
    expect(type(LINE)).toMatchObject({ code: 0, stderr: '61 devices of 8 shards\n' })
    expect(made(folder)['devices.csv']).toContain('plc-x.zip')
  })
})
