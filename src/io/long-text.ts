import { closeSync, openSync, readSync } from 'node:fs'
import { replaceBy, writeFlushed } from './atomic.ts'

// Texts of many megabytes, which are made line by line and never held whole.

const BLOCK = 64 * 1024

/** Whether a file has exactly this text. */
export function hasText(path: string, lines: Iterable<string>): boolean {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  try {
    for (const wanted of blocksOf(lines)) {
      const found = Buffer.allocUnsafe(wanted.length)
      if (readSync(file, found, 0, found.length, null) < found.length || !found.equals(wanted)) return false
    }
    return readSync(file, Buffer.allocUnsafe(1), 0, 1, null) === 0
  } finally {
    closeSync(file)
  }
}

/** Replaces a file by a text. */
export function replaceText(path: string, lines: Iterable<string>): void {
  replaceBy(path, (fresh) => writeFlushed(fresh, blocksOf(lines), 0o644))
}

function* blocksOf(lines: Iterable<string>): Generator<Buffer> {
  let [waiting, length]: [string[], number] = [[], 0]
  for (const line of lines) {
    waiting.push(line)
    length += line.length
    if (length < BLOCK) continue
    yield Buffer.from(waiting.join(''))
    ;[waiting, length] = [[], 0]
  }
  if (length > 0) yield Buffer.from(waiting.join(''))
}
