import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sha256 } from '#checksums'
import { unzip } from '../../src/formats/zip/unzip.ts'
import { Desk, LINE4 } from '../support/cli.ts'
import { filesIn } from '../support/folders.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'
import { zipOf } from '../support/zips.ts'

const PROGRAM = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))
const ZIP = 'out/line4.zip'

/** The content of a zip, however it is packed. */
function contentOf(zip: Uint8Array): object {
  const { entries, diagnostics } = unzip(zip, 'a.zip')
  expect(diagnostics).toEqual([])
  return entries.map(({ path, mode, bytes }) => ({ path, mode, sha256: sha256(bytes) }))
}

async function bundled(options = ''): Promise<{ readonly desk: Desk; readonly zip: Buffer }> {
  const desk = new Desk({ 'line4.yaml': LINE4 })
  expect(await desk.type(`bundle line4.yaml --quiet ${options}`)).toMatchObject({ code: 0, err: '' })
  return { desk, zip: readFileSync(join(desk.folder, ZIP)) }
}

describe('bundle --compress', () => {
  it('writes the same files in less than two fifths of the bytes', async () => {
    const [stored, compressed] = [await bundled(), await bundled('--compress')]
    expect(contentOf(compressed.zip)).toEqual(contentOf(stored.zip))
    expect(compressed.zip.length).toBeLessThan(0.4 * stored.zip.length)
  })

  it('writes the same bytes again on this Node, and --check finds them', async () => {
    const [{ desk, zip }, again] = [await bundled('--compress'), await bundled('--compress')]
    expect(sha256(again.zip)).toBe(sha256(zip))
    expect((await desk.type('bundle line4.yaml --compress --check --quiet')).code).toBe(0)
    expect((await desk.type('bundle line4.yaml --check --quiet')).code).toBe(1)
  })

  it('says in its help that the bytes depend on zlib', async () => {
    const help = (await new Desk().type('bundle --help')).out
    // The text is wrapped at an unknown place.
    expect(help.replace(/\s+/g, '')).toMatch(/--compress[^[]*dependonthezlib/)
  })

  it('takes no value', async () => {
    expect(await new Desk({ 'line4.yaml': LINE4 }).type('bundle line4.yaml --compress=no')).toMatchObject({ code: 2 })
  })
})

describe('verify of a compressed zip', () => {
  it('goes by the content, without a warning', async () => {
    const { desk } = await bundled('--compress')
    expect(await desk.type(`verify ${ZIP} --strict`)).toMatchObject({
      code: 0,
      out: expect.stringContaining('as it should be'),
      err: '',
    })
  })

  it('finds a changed file', async () => {
    const { desk, zip } = await bundled('--compress')
    const parts = unzip(zip, ZIP).entries.map(({ path, mode = 0, bytes }) => ({
      name: path,
      mode: 0o100000 | mode,
      data: path.endsWith('/60-keepalive.conf') ? Buffer.from('net.ipv4.tcp_keepalive_time = 1\n') : bytes,
      deflate: true,
    }))
    writeFileSync(join(desk.folder, ZIP), zipOf(parts))
    const { code, err } = await desk.type(`verify ${ZIP}`)
    expect(code).toBe(1)
    expect(err).toContain('[verify/changed]')
  })

  describeWithOracle('that Info-ZIP made', missingPrograms('zip', 'unzip'), () => {
    it('warns if it was packed again', async () => {
      const { desk } = await bundled('--compress')
      run('unzip', ['-q', ZIP], { cwd: desk.folder })
      run('zip', ['-qrD', 'again.zip', 'line4'], { cwd: desk.folder })
      const { code, err } = await desk.type('verify again.zip')
      expect({ code, said: err.includes('[verify/repacked]') }).toEqual({ code: 0, said: true })
    })
  })
})

describe('fleet --compress', () => {
  const ROWS = Array.from({ length: 700 }, (_, index) => `plc-${index},windows-ce,${20 + (index % 200)}s\n`)
  const FLEET = { 'fleet.csv': `name,targets,idle\n${ROWS.join('')}`, 'line.yaml': 'name: line\ninterval: 5s\n' }

  it('differs from a run without it: each rewrites the zips of the other, and keeps its own', async () => {
    const desk = new Desk({ 'fleet.csv': 'name,targets,idle,interval\nplc-1,linux,20s,5s\nplc-2,linux,20s,5s\n' })
    const states: string[] = []
    for (const options of ['', '--compress', '--compress', '']) {
      const { code, err } = await desk.type(`fleet fleet.csv ${options}`)
      expect(code).toBe(0)
      states.push(err.split(';')[0] as string)
    }
    expect(states).toEqual(['2 devices: 2 new', '2 devices: 2 changed', '2 devices: 2 same', '2 devices: 2 changed'])
  })

  it('makes the same zips with and without threads', async () => {
    const table = FLEET['fleet.csv'].replace('name,', 'name,profile,').replaceAll(/^(plc-[0-9]+),/gm, '$1,line,')
    const [alone, threads] = [new Desk({ ...FLEET, 'fleet.csv': table }), new Desk({ ...FLEET, 'fleet.csv': table })]
    expect((await alone.type('fleet fleet.csv --compress --quiet')).code).toBe(0)
    const { code } = run(process.execPath, [PROGRAM, 'fleet', 'fleet.csv', '--compress', '--quiet'], {
      cwd: threads.folder,
    })
    expect(code).toBe(0)
    const found = filesIn(join(threads.folder, 'out'))
    expect(Object.keys(found).length).toBe(702)
    expect(found).toEqual(filesIn(join(alone.folder, 'out')))
    expect(await threads.type('verify out/plc-699.zip --strict')).toMatchObject({ code: 0 })
  })
})
