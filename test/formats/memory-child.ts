import { HOSTILE } from './hostile-files.ts'
import { TARGETS } from '../../src/targets/index.ts'

// Reads one hostile file, and prints its size and the additional peak memory of the process. A smaller file of the kind
// is read first, so that code is loaded and compiled before the measurement.

const [reader, make] = HOSTILE[process.argv[2] ?? ''] ?? []
const size = Number(process.argv[3])
if (reader === undefined || make === undefined) throw new Error('no such file')
const read = (bytes: Uint8Array): number => {
  let found = 0
  for (const one of reader(bytes, 'f', TARGETS)) found += one.location === undefined ? 0 : 1
  return found
}
read(Buffer.from(make(size / 20)))
const bytes = Buffer.from(make(size))
gc?.()
const before = process.resourceUsage().maxRSS
const found = read(bytes)
const more = (process.resourceUsage().maxRSS - before) * 1024
console.log(JSON.stringify({ bytes: bytes.length, more, found }))
