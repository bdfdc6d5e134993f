import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { startPool } from '../../src/io/work-pool.ts'
import { Desk } from '../support/cli.ts'
import { describeWithOracle, missingPrograms, run } from '../support/oracle.ts'
import { newFolder } from '../support/shells.ts'

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))
const PROGRAM = join(DIST, 'bin.cjs')

/** Enough devices for threads; the settings of each third differ, and some have problems. */
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

/** The output of a run without threads. */
let alone: { readonly code: number; readonly out: string; readonly files: Readonly<Record<string, string>> }

beforeAll(async () => {
  expect(availableParallelism()).toBeGreaterThan(1)
  const desk = new Desk(FILES)
  const { code, out } = await desk.type('fleet fleet.csv --format json')
  alone = { code, out, files: filesIn(join(desk.folder, 'out')) }
})

/** Runs a program over the fleet, in a folder of its own. */
function runFleet(program: string, options: Parameters<typeof run>[2] = {}) {
  const desk = new Desk(FILES)
  const ran = run(process.execPath, [program, 'fleet', 'fleet.csv', '--format', 'json'], {
    cwd: desk.folder,
    ...options,
  })
  return { ...ran, files: filesIn(join(desk.folder, 'out')) }
}

const PORT = `require('node:worker_threads').parentPort`

/** The built program with another program for its threads, or none. */
function distWith(worker: string | undefined): string {
  const dist = newFolder()
  cpSync(DIST, dist, { recursive: true })
  rmSync(join(dist, 'fleet-worker.cjs'))
  if (worker !== undefined) writeFileSync(join(dist, 'fleet-worker.cjs'), worker, 'latin1')
  return dist
}

describe('a fleet made by threads', () => {
  it('equals one made without threads, with reports in the same order', () => {
    const { code, stdout, files } = runFleet(PROGRAM)
    expect(code).toBe(alone.code)
    expect(stdout).toBe(alone.out)
    expect(Object.keys(files).length).toBeGreaterThan(650)
    expect(files).toEqual(alone.files)
  })

  it('has threads that answer', async () => {
    const { folder: cwd } = new Desk(FILES)
    const data = { cwd, file: 'fleet.csv', name: 'fleet', options: { strict: false, compress: false } }
    const pool = startPool(join(DIST, 'fleet-worker.cjs'), data, 1)
    const value = { targets: ['windows-ce'], idle: '20s', interval: '5s' }
    const task = { name: 'plc-1', profile: undefined, value, location: { file: 'fleet.csv', line: 2 } }
    expect(await pool.run(task)).toMatchObject({
      diagnostics: [],
      zip: { made: { folder: expect.stringMatching(/^fleet-[0-9a-f]{12}$/) as string } },
    })
    await pool.stop()
  })

  const worker = readFileSync(join(DIST, 'fleet-worker.cjs'), 'latin1')
  it.each([
    ['is missing', undefined],
    ['cannot be read', '('],
    ['fails when it starts', 'throw new Error("no")'],
    ['ends at once, without an error', 'process.exit(0)'],
    ['ends at its first tasks', `${PORT}.on('message', () => process.exit(0))`],
    ['ends when it has answered once', `${worker};${PORT}.on('message', () => setImmediate(() => process.exit(0)))`],
  ])('is complete if the program of the threads %s', (_what, text) => {
    const { code, stdout, stderr, files } = runFleet(join(distWith(text), 'bin.cjs'))
    expect({ code, stdout, stderr }).toEqual({ code: alone.code, stdout: alone.out, stderr: '' })
    expect(files).toEqual(alone.files)
  })

  it('is an error if a thread neither answers nor ends', () => {
    const silent = join(newFolder(), 'silent.cjs')
    writeFileSync(
      silent,
      `require('node:worker_threads').Worker = class {
        on(event, listener) { if (event === 'online') listener(); return this }
        postMessage() {}
        terminate() {}
      }`,
    )
    const { code, stderr } = runFleet(PROGRAM, { env: { NODE_OPTIONS: `--require ${silent}` } })
    expect(code).toBe(3)
    expect(stderr).toMatch(/^keepalive-kit: the command stopped before its end/)
  })
})

const mayLimit =
  process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'only root on Linux may run as somebody else'

describeWithOracle('a system without threads', mayLimit ?? missingPrograms('setpriv', 'prlimit'), () => {
  it('still makes the whole fleet', () => {
    const folder = newFolder()
    cpSync(DIST, join(folder, 'dist'), { recursive: true })
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
    // The limit counts all threads of a user, so the test runs as a user of its own.
    const user = ['--reuid', '54321', '--regid', '54321', '--clear-groups']
    expect(run('chown', ['-R', '54321:54321', folder]).code).toBe(0)
    chmodSync(dirname(folder), 0o711)
    const count = `console.log(/Threads:\\s*(\\d+)/.exec(require('node:fs').readFileSync('/proc/self/status', 'utf8'))[1])`
    const { stdout: threads } = run('setpriv', [...user, process.execPath, '-e', count], { cwd: folder })
    expect(Number(threads)).toBeGreaterThan(0)
    const limit = ['prlimit', `--nproc=${Number(threads)}`, process.execPath]
    const fleet = [join(folder, 'dist/bin.cjs'), 'fleet', 'fleet.csv', '--format', 'json']
    const { code, stdout, stderr } = run('setpriv', [...user, ...limit, ...fleet], { cwd: folder })
    expect({ code, stdout, stderr }).toEqual({ code: alone.code, stdout: alone.out, stderr: '' })
    expect(filesIn(join(folder, 'out'))).toEqual(alone.files)
  })
})
