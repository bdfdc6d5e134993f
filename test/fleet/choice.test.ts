import { describe, expect, it } from 'vitest'
import type { Device } from '../../src/fleet/device.ts'
import { isChosenBy, parseSelect } from '../../src/fleet/select.ts'
import { isIn, parseShard } from '../../src/fleet/shard.ts'
import { TARGETS } from '../../src/targets/index.ts'

const NAMES = Array.from({ length: 10_000 }, (_, index) => `plc-${index}`)

describe('A shard', () => {
  it.each(['1/1', '1/2', '2/2', '64/64', '10000/10000'])('may be %s', (text) => {
    const shard = parseShard(text)
    expect(`${shard?.index}/${shard?.of}`).toBe(text)
  })

  it.each(['', '0/2', '3/2', '1/0', '1', '1/2/3', ' 1/2', '01/2', '1/10001', 'a/b', '1.5/2', '-1/2'])(
    'cannot be %j',
    (text) => {
      expect(parseShard(text)).toBeUndefined()
    },
  )

  it.each([1, 2, 7, 64])('of %d has each device once', (of) => {
    for (const name of NAMES.slice(0, 1_000))
      expect(
        Array.from({ length: of }, (_, index) => isIn({ index: index + 1, of }, name)).filter(Boolean),
      ).toHaveLength(1)
  })

  it('has about as many devices as the others', () => {
    for (const index of [1, 2, 3, 4, 5, 6, 7]) {
      const count = NAMES.filter((name) => isIn({ index, of: 7 }, name)).length
      expect(count).toBeGreaterThan(10_000 / 7 - 200)
      expect(count).toBeLessThan(10_000 / 7 + 200)
    }
  })

  it('is decided by the name alone, the same for ever: sha256 of the name, its first 48 bits, modulo the number of shards', () => {
    // printf plc-0 | sha256sum | cut -c1-12, and bc.
    expect(NAMES.slice(0, 8).map((name) => [1, 2, 3].find((index) => isIn({ index, of: 3 }, name)))).toEqual([
      1, 3, 3, 3, 3, 1, 3, 1,
    ])
  })
})

describe('--select', () => {
  const device = (name: string, ...tags: readonly string[]): Device => ({
    name,
    profile: undefined,
    tags: tags.filter((tag) => !tag.startsWith('site ')),
    site: tags.find((tag) => tag.startsWith('site '))?.slice(5),
    own: {
      value: {},
      has: () => false,
      locate: () => ({ file: '' }),
      locateKey: () => ({ file: '' }),
      textAt: () => undefined,
    },
  })
  const FLEET = [
    device('plc-1', 'site hall-3'),
    device('PLC-12', 'site Hall 4', 'critical'),
    device('hmi.1', 'site hall-3'),
  ]
  const TARGETS_OF: Readonly<Record<string, readonly string[]>> = {
    'plc-1': ['linux'],
    'PLC-12': ['tcbsd', 'linux'],
    'hmi.1': ['windows'],
  }

  it.each([
    ['plc-1', ['plc-1']],
    ['plc-*', ['plc-1', 'PLC-12']],
    ['plc-1?', ['PLC-12']],
    ['*1', ['plc-1', 'hmi.1']],
    ['hmi.1', ['hmi.1']],
    ['hmi?1', ['hmi.1']],
    ['h.i*', []],
    ['tag:hall-3', ['plc-1', 'hmi.1']],
    ['tag:hall', []],
    ['site:hall-3', ['plc-1', 'hmi.1']],
    ['site:Hall 4', ['PLC-12']],
    ['tag:Hall 4, plc-1', ['plc-1', 'PLC-12']],
    ['site:critical', []],
    ['plc-[0-9]', ['plc-1']],
    ['tag:critical,hmi*', ['PLC-12', 'hmi.1']],
    ['target:tcbsd', ['PLC-12']],
    ['target:freebsd', ['PLC-12']],
    ['target:windows, target:tcbsd', ['PLC-12', 'hmi.1']],
    ['*', ['plc-1', 'PLC-12', 'hmi.1']],
  ])('%s chooses %j', (text, wanted) => {
    const select = parseSelect(TARGETS, text)
    const chosen = FLEET.filter((one) => select.ok && isChosenBy(select.value, one, () => TARGETS_OF[one.name] ?? []))
    expect(chosen.map(({ name }) => name)).toEqual(wanted)
  })

  it('chooses a device whose targets are not known, so that its problems are reported', () => {
    const select = parseSelect(TARGETS, 'target:tcbsd')
    expect(select.ok && isChosenBy(select.value, device('plc-1'), () => undefined)).toBe(true)
  })

  it('takes a time in proportion to the length of its pattern, however many stars it has', () => {
    const seconds = (stars: number) => {
      const select = parseSelect(TARGETS, `${'*a'.repeat(stars)}b`)
      const begin = performance.now()
      for (let run = 0; run < 200; run += 1)
        expect(select.ok && isChosenBy(select.value, device('a'.repeat(63)), () => [])).toBe(false)
      return performance.now() - begin
    }
    seconds(5)
    expect(seconds(40) / seconds(4)).toBeLessThan(40)
  })

  it.each(['', ' , ', 'tag:', 'site: '])('%j chooses nothing', (text) => {
    expect(parseSelect(TARGETS, text)).toMatchObject({ ok: false, diagnostics: [{ code: 'usage' }] })
  })

  it.each([
    ['target:linuks', ['linuks']],
    ['plc-1,target:x,target:linux,target:y', ['x', 'y']],
  ])('%j names unknown targets: %j', (text, unknown) => {
    const select = parseSelect(TARGETS, text)
    expect(select.ok).toBe(false)
    expect(select.diagnostics.map(({ code, data }) => [code, data])).toEqual(
      unknown.map((target) => ['profile/unknown-target', expect.objectContaining({ target })]),
    )
  })
})
