import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  BIN,
  plantOf,
  filesIn,
  judge,
  judgeEnd,
  newYard,
  putBack,
  runFleet,
  STAGES,
  type Kill,
  type Stage,
  type Way,
} from '../support/fleet-kills.ts'
import { describeWithOracle, run } from '../support/oracle.ts'
import { newFolder } from '../support/shells.ts'
import { EVERY_STEP, timesOf } from '../support/depth.ts'

const DEVICES = EVERY_STEP ? 2_000 : 200
const KILLS = Number(process.env['KILLS'] ?? (EVERY_STEP ? 500 : timesOf(12, 4)))
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

/** Random numbers from 0 to 1; the same seed gives the same numbers. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const WAYS: readonly Way[] = ['links', 'copy', 'links', 'nothing']
/** The number of kills in a row before a run is left undisturbed. */
const TIMES = [1, 2, 1, 3, 2]
const AFTER: readonly Kill['after'][] = ['start', 'run', 'run', 'run', 'run', 'lock', 'lock', 'index']

describeWithOracle(
  'A run over a fleet that is killed',
  process.platform === 'linux' ? undefined : 'cp -al is of Linux',
  () => {
    it('leaves each device its old or new zip, and the next run completes', { timeout: 7_200_000 }, async () => {
      const random = randomFrom(SEED)
      const yard = await newYard(DEVICES)
      const stages = new Map<Stage, number>()
      const wrong: string[] = []
      const most = { ...yard.ms }
      let killed = 0
      for (let round = 0; killed < KILLS; round += 1) {
        const way = WAYS[round % WAYS.length] ?? 'copy'
        const site = join(yard.folder, 'site')
        const old = way === 'nothing' ? new Map<string, Buffer>() : yard.old
        putBack(yard.folder, way)
        // Sometimes the run that would complete it is killed too.
        for (let [again, more] = [0, true]; more && again < (TIMES[round % TIMES.length] ?? 1); again += 1) {
          const after = AFTER[Math.floor(random() * AFTER.length)] ?? 'start'
          const { code } = await runFleet(site, 'new', { after, ms: random() * most[after] })
          const found = judge(yard, old)
          const stage = code === null ? found.stage : 'over'
          if (code === null) killed += 1
          more = code === null && stage !== 'after the index'
          // The speed of the machine changes with its load.
          most[after] *= more ? 1.02 : 0.95
          stages.set(stage, (stages.get(stage) ?? 0) + 1)
          wrong.push(...found.wrong.map((what) => `round ${round}, ${way}, ${stage}: ${what}`))
        }
        const { code, stderr } = await runFleet(site, 'new')
        if (code !== 0) wrong.push(`round ${round}, ${way}: the next run ends with ${code}: ${stderr}`)
        wrong.push(...judgeEnd(yard).map((what) => `round ${round}, ${way}, in the end: ${what}`))
        if (wrong.length > 0) break
      }
      const spread = STAGES.map((stage) => `${stage} ${stages.get(stage) ?? 0}`).join(', ')
      console.log(`${killed} kills of runs over ${DEVICES} devices, seed ${SEED}: ${spread}`)
      expect(wrong.slice(0, 20)).toEqual([])
      // No run may change the bytes that the links of the old output share.
      expect(filesIn(join(yard.folder, 'was/out'))).toEqual(yard.old)
      if (EVERY_STEP) for (const stage of STAGES) expect(stages.get(stage) ?? 0, stage).toBeGreaterThan(0)
    })

    it.each([
      ['is taken over after it has ended, and its leftovers are removed', [1], 0],
      ['is not disturbed while it runs, whatever others left', [1, 2], 3],
    ])('as a shard %s', (_, shards, code) => {
      const folder = newFolder()
      mkdirSync(join(folder, 'out'))
      writeFileSync(join(folder, 'plant.csv'), plantOf(40).old)
      // No process has such a high number.
      const pids = [2 ** 30, process.pid]
      for (const [at, shard] of shards.entries())
        writeFileSync(join(folder, `out/.keepalive-kit-run-${shard}-of-2`), `${pids[at]}\n`)
      const ran = run(process.execPath, [BIN, 'fleet', 'plant.csv'], { cwd: folder })
      expect(ran).toMatchObject({ code })
      const hidden = readdirSync(join(folder, 'out')).filter((name) => name.startsWith('.'))
      expect(hidden).toEqual(code === 0 ? [] : ['.keepalive-kit-run-1-of-2', '.keepalive-kit-run-2-of-2'])
    })
  },
)
