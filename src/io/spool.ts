import { closeSync, fstatSync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beside, placeFresh, saidOf } from './atomic.ts'

/** Lines in a file: an added line can be read again by its place, and none is held in memory. */
export interface Spool {
  /** Adds a line, and returns its place. */
  readonly add: (line: string) => number
  /** The line that begins at a place, with its end. */
  readonly read: (at: number) => string
  /** Each line with its place, from the first on. */
  readonly lines: () => Generator<readonly [at: number, line: string]>
  readonly lastLine: () => string
  /** Gives the file its final name, if it can be kept. */
  readonly keep: () => void
  /** Closes the file; one that was not kept is gone. */
  readonly drop: () => void
}

/** The bytes that are written or read at a time; no line is longer. */
const BLOCK = 64 * 1024

/** Makes a spool that can be kept as `path`; without one, or where no file can be there, one that cannot be kept. */
export function newSpool(path: string | undefined): Spool {
  try {
    if (path !== undefined) return spoolOf(openSync(beside(path, 'new'), 'wx+', 0o644), beside(path, 'new'), path)
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw saidOf(path ?? '', error)
  }
  const fresh = beside(join(tmpdir(), 'spool'), 'new')
  return spoolOf(openSync(fresh, 'wx+', 0o600), fresh, undefined)
}

/** Opens the kept file of a spool for reading. */
export function openSpool(path: string): Spool {
  return spoolOf(openSync(path, 'r'), undefined, undefined)
}

function spoolOf(file: number, fresh: string | undefined, final: string | undefined): Spool {
  const block = Buffer.allocUnsafe(BLOCK)
  let [from, end, length, kept] = [0, 0, 0, fresh === undefined]
  let pending: string[] = []
  let waiting = 0
  const flush = () => {
    if (waiting === 0) return
    const bytes = Buffer.from(pending.join(''), 'latin1')
    ;[pending, waiting] = [[], 0]
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done)
    } catch (error) {
      throw saidOf(final ?? fresh ?? '', error)
    }
  }
  const load = (at: number) => {
    flush()
    from = at
    end = at + readSync(file, block, 0, BLOCK, at)
  }
  const read = (at: number): string => {
    if (at < from || at >= end) load(at)
    let stop = block.indexOf(10, at - from)
    if (stop === -1 || stop >= end - from) {
      load(at)
      stop = block.indexOf(10)
    }
    return block.toString('latin1', at - from, Math.min(stop + 1, end - from))
  }
  return {
    read,
    add: (line) => {
      const at = length
      pending.push(line)
      length += line.length
      waiting += line.length
      if (waiting >= BLOCK) flush()
      return at
    },
    lines: function* () {
      for (let at = 0, line = read(0); line !== ''; at += line.length, line = read(at)) yield [at, line]
    },
    lastLine: () => {
      load(Math.max(0, fstatSync(file).size - BLOCK))
      return block.toString('latin1', Math.max(0, block.lastIndexOf(10, end - from - 2) + 1), end - from)
    },
    keep: () => {
      if (fresh === undefined || final === undefined) return
      // The file is at the name beside the final one already.
      placeFresh(final, () => {
        flush()
        fsyncSync(file)
      })
      kept = true
    },
    drop: () => {
      closeSync(file)
      if (!kept && fresh !== undefined) rmSync(fresh, { force: true })
    },
  }
}
