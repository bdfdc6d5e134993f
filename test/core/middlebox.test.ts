import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import rows from '../../src/data/middleboxes.json' with { type: 'json' }
import { problem } from '../../src/core/diagnostic.ts'
import { findMiddlebox, MIDDLEBOXES } from '../../src/core/middlebox.ts'
import { NAME, SOURCED, TIME, TIME_BOUNDS } from '../support/sourced.ts'

const ROW = z.strictObject({
  name: NAME,
  title: z.string().min(3),
  idleLimit: TIME,
  configurable: z.union([z.boolean(), TIME_BOUNDS]).optional(),
  ...SOURCED,
})

describe('every middlebox', () => {
  it.each(rows)('$name is a row with value, source and date', (row) => {
    expect(ROW.safeParse(row).error?.issues).toBeUndefined()
  })

  it.each([...MIDDLEBOXES.values()])('$name has its limit inside of what can be configured', (box) => {
    const { least = 0, most = Infinity } = typeof box.configurable === 'object' ? box.configurable : {}
    expect(least).toBeLessThanOrEqual(box.idleLimit)
    expect(box.idleLimit).toBeLessThanOrEqual(most)
  })

  it('has a name of its own, in the order of names', () => {
    const names = rows.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)].toSorted())
  })
})

describe('the time that a middlebox remembers a connection without a packet, in seconds', () => {
  it.each([
    ['aws-ec2', 350],
    ['aws-network-firewall', 350],
    ['aws-nlb', 350],
    ['aws-nlb-tls', 350],
    ['azure-lb', 240],
    ['azure-nat-gateway', 240],
    ['cisco-asa', 3_600],
    ['cisco-ftd', 3_600],
    ['f5-big-ip', 300],
    ['fortigate', 3_600],
    ['gcp', 600],
    ['gcp-cloud-nat', 1_200],
    ['ipvs', 900],
    ['juniper-srx', 1_800],
    ['junos-services', 30],
    ['linux-conntrack', 432_000],
    ['nat-rfc5382', 7_440],
    ['palo-alto', 3_600],
    ['pf', 86_400],
  ])('%s: %i', (name, seconds) => {
    expect(findMiddlebox(name)?.idleLimit).toBe(seconds * 1_000)
  })

  it('has no row without a test above', () => {
    expect(MIDDLEBOXES.size).toBe(19)
  })

  it.each([
    ['aws-nlb', { least: 60_000, most: 6_000_000 }],
    ['azure-lb', { least: 240_000, most: 6_000_000 }],
    ['cisco-ftd', { least: 300_000 }],
    ['aws-nlb-tls', false],
    ['pf', true],
    ['gcp', undefined],
  ])('%s can be configured: %o', (name, wanted) => {
    expect(findMiddlebox(name)?.configurable).toEqual(wanted)
  })
})

describe('a middlebox that the kit does not know', () => {
  it.each(['azure', 'AZURE-LB', '', 'constructor'])('%j is not a name of one', (name) => {
    expect(findMiddlebox(name)).toBeUndefined()
  })

  it('gets an answer with the nearest name, and a way without one', () => {
    const data = { middlebox: 'azure-lv', known: ['aws-nlb', 'azure-lb'] }
    expect(problem('middlebox/unknown', data).message).toBe(
      'there is no middlebox "azure-lv"; did you mean azure-lb? Middleboxes: aws-nlb, azure-lb. For another one write its limit: { name: plant firewall, idle-limit: 30min }',
    )
  })
})
