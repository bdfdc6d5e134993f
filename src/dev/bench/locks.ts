import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rowOf, takeNode, type Row } from './measure.ts'

const DEVICES = 100_000

/** The diff of two locks of 100 000 devices with three kinds of change, compared with parsing both as JSON. */
export function locksRow(bin: string, folder: string, rounds: number): Row {
  const [before, after] = [join(folder, 'before.lock.json'), join(folder, 'after.lock.json')]
  writeFileSync(
    before,
    lockOf(() => 'idle'),
  )
  writeFileSync(
    after,
    lockOf((device) => (device % 10 < 7 ? 'idle' : `changed${device % 3}`)),
  )
  const parse = `for (const file of process.argv.slice(1)) JSON.parse(require('fs').readFileSync(file, 'utf8'))`
  const times = Array.from({ length: rounds }, () => ({
    floor: takeNode(['-e', parse, before, after], folder, folder).ms,
    diff: takeNode([bin, 'diff', before, after, '--quiet'], folder, folder, 1).ms,
  }))
  return rowOf(
    `diff of two locks of ${DEVICES} devices`,
    times.map(({ diff }) => diff),
    { against: times.map(({ floor }) => floor), named: 'parsing both as JSON', bar: 3 },
  )
}

/** A lock as the kit writes it, with digests of the right length but arbitrary content. */
function lockOf(kind: (device: number) => string): string {
  const times: Record<string, string> = { idle: '20s', changed0: '30s', changed1: '40s', changed2: '1min' }
  const lines = Array.from({ length: DEVICES }, (_, device) => {
    const what = kind(device)
    const digest = device.toString(16).padStart(63, '0') + (what === 'idle' ? 'a' : 'b')
    return `    "line-${String(device).padStart(6, '0')}/windows": {"idle":"${times[what]}","interval":"5s","sha256":"${digest}"}`
  })
  return `{\n  "keepalive-kit-lock": 1,\n  "entries": {\n${lines.join(',\n')}\n  }\n}\n`
}
