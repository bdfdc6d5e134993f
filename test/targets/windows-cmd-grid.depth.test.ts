import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVERY_STEP } from '../support/depth.ts'
import { buildTarget } from '../support/build.ts'
import { ABSENT, WANTED, newCmdMachine, type CmdMachine, type Values } from '../support/cmd.ts'
import { describeInWine } from '../support/wine.ts'

// For each prior state: install twice, check, uninstall, check. The key then has its prior content, bit for bit.

const STATES: readonly (readonly [what: string, values: Values])[] = [
  ['both absent', ABSENT],
  ['one present', { ...ABSENT, KeepAliveTime: 'dword:006ddd00' }],
  ['both present', { KeepAliveTime: 'dword:006ddd00', KeepAliveInterval: 'dword:000003e8' }],
  ['one equal to ours', { ...WANTED, KeepAliveTime: 'dword:00020000' }],
  ['both equal to ours', WANTED],
  ['above 0x7fffffff', { KeepAliveTime: 'dword:ffffffff', KeepAliveInterval: 'dword:80000000' }],
  ['REG_SZ', { KeepAliveTime: '"20000"', KeepAliveInterval: '"5 s, as told by J.D."' }],
  ['empty REG_SZ and REG_QWORD', { KeepAliveTime: '""', KeepAliveInterval: 'hex(b):88,13,00,00,00,00,00,00' }],
  ['REG_BINARY, empty and on one line', { KeepAliveTime: 'hex:', KeepAliveInterval: 'hex:00,01,fe,ff' }],
  ['REG_NONE, empty and not empty', { KeepAliveTime: 'hex(0):', KeepAliveInterval: 'hex(0):01,02' }],
  ['types without a name', { KeepAliveTime: 'hex(100):01', KeepAliveInterval: 'hex(5):00,00,00,01' }],
]

/** windows-xp has the same scripts with another folder and takes as long again: only `npm run test:faults` runs it. */
const TARGETS = [
  { target: 'windows', data: 'C:\\ProgramData' },
  ...(EVERY_STEP ? [{ target: 'windows-xp', data: 'C:\\Documents and Settings\\All Users' }] : []),
]

describeInWine('the cmd installers', () => {
  describe.each(TARGETS)('of $target', ({ target, data }) => {
    let machine: CmdMachine
    let stick: string
    beforeAll(() => {
      machine = newCmdMachine({ data })
      stick = buildTarget(target)
    })
    afterAll(() => machine?.remove())

    it.each(STATES)('restore the prior state bit for bit: %s', (_what, values) => {
      machine.reset()
      machine.put(values)
      expect(machine.held()).toEqual(values)
      const first = machine.exported()
      const changes = JSON.stringify(values) !== JSON.stringify(WANTED)
      const steps = ['install.cmd', 'install.cmd', '.\\check.cmd', 'uninstall.cmd', '.\\check.cmd']
      const ran = steps.map((script) => machine.started(script, stick))
      expect(ran.map(({ code }) => code)).toEqual(changes ? [3010, 0, 0, 3010, 1] : [0, 0, 0, 0, 0])
      expect(ran.map(({ stderr }) => stderr).join('')).toBe('')
      expect(machine.exported()).toBe(first)
      expect(machine.hasRecordKey()).toBe(false)
    })
  })
})
