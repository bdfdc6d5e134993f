import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnWindows, powershellEach } from '../support/powershell.ts'
import { BECKHOFF, type Entries, WindowsMachine } from '../support/windows-machine.ts'

/** States before an install; each value as in a .reg file after the equals sign. */
const PRIOR: readonly (readonly [string, Entries])[] = [
  ['both absent', ['-', '-']],
  ['only the time', ['dword:006ddd00', '-']],
  ['only the interval', ['-', 'dword:000003e8']],
  ['both present', ['dword:006ddd00', 'dword:000003e8']],
  ['one equal to ours', ['dword:00004e20', '-']],
  ['both equal to ours', BECKHOFF],
  ['above 0x7fffffff', ['dword:80000000', 'dword:ffffffff']],
  ['zero', ['dword:00000000', 'dword:00000000']],
  ['a REG_SZ of the same number', ['"20000"', 'dword:00001388']],
  ['a REG_SZ with quotes and backslashes', [String.raw`"C:\\two \"hours\""`, '""']],
  ['a REG_SZ that is not ASCII', ['"zwei Stunden f\u00fcr \u2713"', '-']],
  ['a REG_EXPAND_SZ', ['hex(2):25,00,54,00,25,00,00,00', '-']],
  ['a REG_QWORD', ['hex(b):00,dd,6d,00,01,00,00,00', 'dword:000003e8']],
  ['a REG_MULTI_SZ', ['hex(7):61,00,00,00,62,00,00,00,00,00', '-']],
  ['a REG_BINARY', ['hex:01,02,03', '-']],
  [
    'a REG_BINARY of many bytes',
    [`hex:${Array.from({ length: 100 }, (_, byte) => byte.toString(16).padStart(2, '0')).join(',')}`, '-'],
  ],
  ['an empty REG_BINARY and an empty REG_NONE', ['hex:', 'hex(0):']],
]

describeOnWindows('a cycle of install, install, check, uninstall and check with PowerShell', () => {
  let machine: WindowsMachine

  beforeAll(() => {
    machine = new WindowsMachine()
  })
  afterAll(() => machine?.remove())
  beforeEach(() => machine.reset())

  describe('restores bit for bit', () => {
    it.each(PRIOR)('%s', (_, prior) => {
      machine.set(prior)
      const before = machine.exported()
      const same = prior.join() === BECKHOFF.join()

      const steps = ['install', 'install', 'check', 'uninstall', 'check']
      const ran = powershellEach(
        machine.windows,
        steps.map((script) => [join(machine.kit, `${script}.ps1`)]),
      )
      // Values that were there without a record cannot be told from a double click on keepalive.reg.
      expect(ran.map(({ stderr }) => stderr).join('')).toMatch(same ? /^uninstall\.ps1: .*no record.*\r?\n$/ : /^$/)
      expect(ran.map(({ code }) => code)).toEqual(same ? [0, 0, 0, 1, 0] : [3010, 0, 0, 3010, 1])
      expect(machine.exported()).toBe(before)
      expect(machine.nothingIsRecorded()).toBe(true)
    })
  })
})
