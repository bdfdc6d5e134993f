import type { Stamp } from './record.ts'

/** A file whose names the kit made or removed: its time of change before all that, and now. */
export interface LinkTime {
  readonly ino: number
  readonly first: number
  readonly now: number
}

/**
 * The times of change of files with several names. To make or to remove a name counts as a change of the file, and so of the
 * zips of all devices that share it. Records keep the first time, so that a run need not write those of all these devices again.
 */
export interface LinkTimes {
  /** A file's stamp as records have it; that of a file that somebody else changed is as it is. */
  readonly recorded: (file: Stamp) => Stamp
  /** Notes the stamps of a file before and after the kit made or removed a name of it. */
  readonly moved: (before: Stamp, after: Stamp) => void
  /** The times to keep for the next run; if there are more than `most`, those that this run had no use for are left out. */
  readonly all: (most: number) => readonly LinkTime[]
}

/** The times that an earlier run kept. */
export function linkTimes(kept: Iterable<LinkTime>): LinkTimes {
  const times = new Map<number, { first: number; now: number; used: boolean }>()
  for (const { ino, first, now } of kept) times.set(ino, { first, now, used: false })
  return {
    recorded: ({ size, mtimeMs, ino, ctimeMs }) => {
      const time = times.get(ino)
      if (time?.now !== ctimeMs) return { size, mtimeMs, ino, ctimeMs }
      time.used = true
      return { size, mtimeMs, ino, ctimeMs: time.first }
    },
    moved: (before, after) => {
      if (before.ino !== after.ino || before.size !== after.size || before.mtimeMs !== after.mtimeMs) return
      const known = times.get(before.ino)
      const first = known?.now === before.ctimeMs ? known.first : before.ctimeMs
      times.set(before.ino, { first, now: after.ctimeMs, used: true })
    },
    all: (most) => {
      const every = [...times].map(([ino, time]) => ({ ino, ...time }))
      return (every.length > most ? every.filter(({ used }) => used) : every).map(({ ino, first, now }) => ({
        ino,
        first,
        now,
      }))
    },
  }
}

/** A time as a line of the records. */
export function linkTimeLine({ ino, first, now }: LinkTime): string {
  return `${LINKED}${ino} ${first} ${now}\n`
}

/** Reads a line of {@link linkTimeLine}; `undefined` for any other line. */
export function readLinkTime(line: string): LinkTime | undefined {
  if (!line.startsWith(LINKED)) return undefined
  const [ino = 0, first = 0, now = 0] = line.slice(LINKED.length).split(' ').map(Number)
  return { ino, first, now }
}

/** The beginning of such a line, which no device's line has. */
const LINKED = '\tlinked '
