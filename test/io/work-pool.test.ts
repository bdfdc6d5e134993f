import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startPool } from '../../src/io/work-pool.ts'

/** A program for threads, in a file of its own. */
function programOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'keepalive-kit-pool-')), 'program.cjs')
  writeFileSync(path, text)
  return path
}

const ANSWERS = `
const { parentPort, workerData } = require('node:worker_threads')
parentPort.on('message', (tasks) => parentPort.postMessage(tasks.map((task) => task * workerData.factor)))
`
const TASKS = Array.from({ length: 100 }, (_, index) => index + 1)

/** Gives all tasks to two threads, and waits for what becomes of each. */
async function runAll(program: string) {
  const pool = startPool<number, number>(program, { factor: 2 }, 2)
  const results = await Promise.all(TASKS.map((task) => pool.run(task)))
  const later = await pool.run(1)
  await pool.stop()
  return { results, later }
}

describe('a pool of threads', () => {
  it('does every task', async () => {
    const { results, later } = await runAll(programOf(ANSWERS))
    expect(results).toEqual(TASKS.map((task) => task * 2))
    expect(later).toBe(2)
  })

  it.each([
    ['whose program is not there', join(tmpdir(), 'keepalive-kit-no-such-program.cjs')],
    ['whose program cannot be read', programOf('(')],
    ['that fail when they start', programOf('throw new Error("no")')],
    ['that end at once, without an error', programOf('process.exit(0)')],
    ['that have nothing to do', programOf('')],
    ['that fail at the first task', programOf(`${ANSWERS}; parentPort.prependListener('message', () => { throw 1 })`)],
    [
      'that end at the first task',
      programOf(`${ANSWERS}; parentPort.prependListener('message', () => process.exit(0))`),
    ],
  ])('gives back every task of threads %s', async (_what, program) => {
    const { results, later } = await runAll(program)
    expect(results).toEqual(TASKS.map(() => undefined))
    expect(later).toBeUndefined()
  })

  it('returns the tasks that a thread did not answer before it ended', async () => {
    const { results, later } = await runAll(
      programOf(`${ANSWERS}; parentPort.on('message', () => setImmediate(() => process.exit(0)))`),
    )
    expect(results.filter((result) => result !== undefined).length).toBeGreaterThan(0)
    for (const [at, result] of results.entries()) expect([undefined, (at + 1) * 2]).toContain(result)
    expect([undefined, 2]).toContain(later)
  })

  it('is ready while a thread runs', async () => {
    const pool = startPool<number, number>(programOf(ANSWERS), { factor: 1 }, 1)
    expect(pool.isReady()).toBe(false)
    await pool.run(1)
    expect(pool.isReady()).toBe(true)
    const ended = startPool<number, number>(programOf('process.exit(0)'), {}, 1)
    await ended.run(1)
    expect(ended.isReady()).toBe(false)
    await Promise.all([pool.stop(), ended.stop()])
  })
})
