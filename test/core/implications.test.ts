import { describe, expect, it } from 'vitest'
import { implications, type Implications } from '../../src/core/implications.ts'
import { check } from '../../src/source/check.ts'
import { TARGETS } from '../../src/targets/index.ts'

function told(target: string, body: string): Implications {
  const source = Buffer.from(`name: line4\ntargets: [${target}]\n${body}\n`)
  const [checked] = check(TARGETS, [{ file: 'a', source }], { targets: [], strict: false }).checked
  const [resolved] = checked?.resolved ?? []
  if (checked === undefined || resolved === undefined) throw new Error('the profile of the test is wrong')
  return implications(checked.profile, resolved)
}

describe('the consequences of the numbers', () => {
  it.each<[target: string, body: string, wanted: Partial<Implications>]>([
    [
      'windows',
      'idle: 20s\ninterval: 5s',
      {
        firstProbesMs: [20_000, 25_000, 30_000],
        probes: 10,
        lastProbeMs: 65_000,
        detectionAtLatestMs: 70_000,
        packetsPerDay: 8_640,
      },
    ],
    ['windows-xp', 'idle: 20s\ninterval: 5s', { probes: 5, lastProbeMs: 40_000, detectionAtLatestMs: 45_000 }],
    [
      'windows-ce',
      'idle: 20s\ninterval: 5s',
      { firstProbesMs: [20_000, 25_000, 30_000], probes: null, lastProbeMs: null, detectionAtLatestMs: null },
    ],
    [
      'linux',
      'idle: 3s\ninterval: 1s\nprobes: 1',
      { firstProbesMs: [3_000], probes: 1, lastProbeMs: 3_000, packetsPerDay: 57_600 },
    ],
    // Once an answer came, the timer that is armed with the interval fires next; so 10 s pass each time.
    ['linux', 'idle: 5s\ninterval: 10s', { packetsPerDay: 17_280 }],
    ['windows', 'idle: 5s\ninterval: 10s', { packetsPerDay: 34_560 }],
  ])('on %s of %j', (target, body, wanted) => {
    expect(told(target, body)).toMatchObject(wanted)
  })

  it('name the middleboxes that forget the connection before a probe comes', () => {
    const names = (body: string) => told('linux', body).forgottenBy.map(({ name }) => name)
    expect(names('idle: 20s\ninterval: 5s')).toEqual([])
    expect(names('idle: 300s\ninterval: 75s')).toContain('azure-lb')
    expect(names('idle: 300s\ninterval: 75s')).not.toContain('aws-nlb')
    expect(names('idle: 400s\ninterval: 75s')).toContain('aws-nlb')
  })

  it('name the values that the kit chose, and the middleboxes that remember the connection', () => {
    const { chosen, forgottenBy, rememberedBy } = told('linux', 'path: [azure-lb]\ninterval: 30s')
    expect(chosen).toEqual(['idle', 'probes'])
    expect(forgottenBy).toEqual([])
    expect(rememberedBy).toEqual([{ name: 'azure-lb', limitMs: 240_000 }])
  })

  it.each([...TARGETS.keys()])('name the sockets on %s that the numbers do not affect, with sources', (target) => {
    const { limitations, sources } = told(target, 'idle: 20s\ninterval: 5s')
    expect(limitations.length).toBeGreaterThan(0)
    expect(sources.every(({ url }) => url.startsWith('https://'))).toBe(true)
  })
})
