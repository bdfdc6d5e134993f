import { describe, expect, it } from 'vitest'
import { linkTimeLine, linkTimes, readLinkTime } from '../../src/fleet/link-times.ts'
import type { Stamp } from '../../src/fleet/record.ts'

const at = (ctimeMs: number, more: Partial<Stamp> = {}): Stamp => ({ size: 10, mtimeMs: 1, ino: 7, ctimeMs, ...more })

describe('the stamp of a file whose names the kit made or removed', () => {
  it('is that of its record', () => {
    const times = linkTimes([])
    times.moved(at(100), at(101))
    times.moved(at(101), at(105))
    expect(times.recorded(at(105))).toEqual(at(100))
  })

  it('is so in the next run', () => {
    const times = linkTimes([])
    times.moved(at(100), at(101))
    const next = linkTimes(times.all(1))
    expect(next.recorded(at(101))).toEqual(at(100))
    next.moved(at(101), at(110))
    expect(next.recorded(at(110))).toEqual(at(100))
  })

  it.each<[string, Stamp]>([
    ['before', at(100)],
    ['after', at(106)],
    ['between', at(103)],
  ])('is as it is where somebody else changed the file %s', (_when, file) => {
    const times = linkTimes([])
    times.moved(at(100), at(101))
    times.moved(at(101), at(105))
    expect(times.recorded(file)).toEqual(file)
  })

  it('is that before the last change by somebody else', () => {
    const times = linkTimes([])
    times.moved(at(100), at(101))
    times.moved(at(103), at(105))
    expect(times.recorded(at(105))).toEqual(at(103))
  })

  it.each<[string, Stamp]>([
    ['another file', at(101, { ino: 8 })],
    ['another size', at(101, { size: 11 })],
    ['another time of the content', at(101, { mtimeMs: 2 })],
  ])('is as it is where a name led to %s', (_what, after) => {
    const times = linkTimes([])
    times.moved(at(100), after)
    expect(times.recorded(after)).toEqual(after)
    expect(times.all(9)).toEqual([])
  })
})

it('times are kept for the files that a run met, if there are more of them than devices', () => {
  const kept = [1, 2, 3].map((ino) => ({ ino, first: 1, now: 2 }))
  const times = linkTimes(kept)
  times.recorded(at(2, { ino: 3 }))
  expect(times.all(3)).toEqual(kept)
  expect(times.all(2)).toEqual([kept[2]])
})

it('a time is one line, and the same when it is read again', () => {
  const time = { ino: 212220, first: 1795653490049.518, now: 1795653490050.25 }
  expect(linkTimeLine(time)).toMatch(/^\t[^\n]+\n$/)
  expect(readLinkTime(linkTimeLine(time))).toEqual(time)
  expect(readLinkTime('\tkeepalive-kit 2\t-\t-\n')).toBeUndefined()
})
