import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// The diff of two locks of 100 000 devices with three kinds of change, against reading both as JSON and no more.

const DEVICES = 100_000
const ROUNDS = 5

/** One row for the table: what, median time, ratio to parsing of time and of peak memory, and the bar for time. */
export function locksRow(bin: string, folder: string): readonly string[] {
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
  const [watch, peak] = [join(folder, 'watch.cjs'), join(folder, 'peak')]
  const note = `require('fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS))`
  writeFileSync(watch, `process.on('exit', () => ${note})`)
  const time = (...args: readonly string[]): { readonly ms: number; readonly mib: number } => {
    const began = performance.now()
    spawnSync(process.execPath, ['--require', watch, ...args], { stdio: 'ignore' })
    return { ms: performance.now() - began, mib: Number(readFileSync(peak, 'utf8')) / 1024 }
  }
  const runs = Array.from({ length: ROUNDS }, () => {
    const floor = time('-e', parse, before, after)
    const diff = time(bin, 'diff', before, after, '--quiet')
    return { ratio: diff.ms / floor.ms, memory: diff.mib / floor.mib, ...diff }
  }).toSorted((one, other) => one.ratio - other.ratio)
  const { ratio, ms, mib, memory } = runs[Math.floor(ROUNDS / 2)] as (typeof runs)[number]
  return [
    `diff of two locks of ${DEVICES} devices, against parsing both; ${mib.toFixed(0)} MiB, ${memory.toFixed(2)} x`,
    `${ms.toFixed(1)} ms`,
    ratio.toFixed(2),
    'at most 3',
  ]
}

/** A lock as the kit writes it; the digests are of the right length only. */
function lockOf(kind: (device: number) => string): string {
  const times: Record<string, string> = { idle: '20s', changed0: '30s', changed1: '40s', changed2: '1min' }
  const lines = Array.from({ length: DEVICES }, (_, device) => {
    const what = kind(device)
    const digest = device.toString(16).padStart(63, '0') + (what === 'idle' ? 'a' : 'b')
    return `    "line-${String(device).padStart(6, '0')}/windows": {"idle":"${times[what]}","interval":"5s","sha256":"${digest}"}`
  })
  return `{\n  "keepalive-kit-lock": 1,\n  "entries": {\n${lines.join(',\n')}\n  }\n}\n`
}
