import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newSpool, openSpool } from '../../src/io/spool.ts'
import { readRecord, recordLine, type DeviceRecord } from '../../src/fleet/record.ts'
import { byEntryKey, byName, newDeviceTable } from '../../src/fleet/device-table.ts'

const RECORD: DeviceRecord = {
  device: 'PLC-1',
  key: 'k'.repeat(64),
  clean: true,
  stamp: { size: 6743, mtimeMs: 1795653490049.518, ino: 212220, ctimeMs: 1795653490050.25 },
  sha256: 'a'.repeat(64),
  folder: 'line',
  entries: [
    ['linux', '{"idle":"20s","interval":"5s"}'],
    ['windows', '{"idle":"20s"}'],
  ],
}

describe('a record', () => {
  it.each<readonly [string, DeviceRecord]>([
    ['with all', RECORD],
    ['without a key and a stamp', { ...RECORD, key: undefined, stamp: undefined, clean: false }],
    ['without entries', { ...RECORD, entries: [] }],
  ])('%s is one line, and the same when it is read again', (_, record) => {
    const line = recordLine(record)
    expect(line.split('\n')).toEqual([expect.any(String), ''])
    expect(readRecord(line)).toEqual(record)
  })
})

describe('a spool', () => {
  it('returns each of many lines by its place, before it is kept and after', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'spool-')), 'kept')
    const spool = newSpool(path)
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index} ${'x'.repeat(index % 50)}\n`)
    const places = lines.map((line) => spool.add(line))
    const read = (from: typeof spool) => places.toReversed().map((at) => from.read(at))
    expect(read(spool)).toEqual(lines.toReversed())
    spool.keep()
    spool.drop()
    const again = openSpool(path)
    expect(read(again)).toEqual(lines.toReversed())
    expect([...again.lines()].map(([, line]) => line)).toEqual(lines)
    expect(again.lastLine()).toBe(lines.at(-1))
    again.drop()
  })

  it('leaves nothing when it is dropped', () => {
    const folder = mkdtempSync(join(tmpdir(), 'spool-'))
    const spool = newSpool(join(folder, 'kept'))
    spool.add('a line\n')
    spool.drop()
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('the table of devices', () => {
  it('knows a name in any case, and its first place', () => {
    const devices = newDeviceTable()
    expect(devices.list('plc-1', { line: 2, column: 0 })).toBeUndefined()
    expect(devices.list('PLC-1', { line: 9, column: 4 })).toEqual({ line: 2, column: 0 })
  })

  it('lists the devices of earlier runs that are not in the fleet any more', () => {
    const devices = newDeviceTable()
    devices.list('here', { line: 2, column: 0 })
    devices.record('here', { from: 'before', at: 0 })
    devices.record('gone', { from: 'before', at: 100 })
    expect(devices.gone()).toEqual(['gone'])
    devices.forget('gone')
    expect(devices.gone()).toEqual([])
  })

  it('lists its records in the order of the index, and of the lock with its keys NAME/TARGET', () => {
    const devices = newDeviceTable()
    const names = ['plc-1', 'PLC-2', 'plc', 'plc.3', ...Array.from({ length: 3_000 }, (_, index) => `x${index}`)]
    for (const [at, name] of names.entries()) devices.record(name, { from: 'now', at })
    const inOrder = (order: typeof byName) => [...devices.records(order)].map(({ at }) => names[at]).slice(0, 4)
    expect(inOrder(byName)).toEqual(['PLC-2', 'plc', 'plc-1', 'plc.3'])
    expect(inOrder(byEntryKey)).toEqual(['PLC-2', 'plc-1', 'plc.3', 'plc'])
  })
})
