import { cpSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { describeWithOracle } from '../support/oracle.ts'
import { canMakeTrouble, missing } from '../support/powershell.ts'
import { BECKHOFF, type Entries, LATER, WindowsMachine } from '../support/windows-machine.ts'

const BEFORE: Entries = ['"slow"', '-']

describeWithOracle('scripts of cmd and PowerShell that share a record', canMakeTrouble ? missing : undefined, () => {
  let machine: WindowsMachine
  const kits = { first: buildTarget('windows'), later: buildTarget('windows', LATER.profile) }

  beforeAll(() => {
    machine = new WindowsMachine()
    for (const [name, kit] of Object.entries(kits)) cpSync(kit, machine.windows.driveC(name), { recursive: true })
    machine.windows.run('reg', ['add', String.raw`HKU\S-1-5-19\Environment`, '/f']) // by which a .cmd knows an administrator
  })
  afterAll(() => machine?.remove())
  beforeEach(() => {
    machine.reset()
    machine.set(BEFORE)
  })

  /** Runs a step; all of them change something. */
  function step(language: 'ps1' | 'cmd', version: keyof typeof kits, script: string, way = ''): void {
    if (language === 'ps1')
      expect(machine.run(script, way === '' ? [] : [`-${way}`], undefined, kits[version])).toMatchObject({
        code: 3010,
        stderr: '',
      })
    else {
      const args = way === '' ? [] : [`/${way.toLowerCase()}`]
      const { code, stderr } = machine.windows.run('cmd', ['/c', `C:\\${version}\\${script}.cmd`, ...args])
      expect({ code, stderr }).toEqual({ code: 3010 & 0xff, stderr: '' }) // a Unix parent sees the low eight bits
    }
  }

  it.each([
    ['ps1', 'cmd', 'ps1', 'cmd'],
    ['cmd', 'ps1', 'cmd', 'ps1'],
    ['ps1', 'ps1', 'cmd', 'cmd'],
    ['cmd', 'cmd', 'ps1', 'ps1'],
  ] as const)(
    'install with %s, another version with %s, back to the first with %s, and uninstall with %s',
    (one, two, three, four) => {
      step(one, 'first', 'install')
      step(two, 'later', 'install')
      expect(machine.state()).toEqual(LATER.entries)
      step(three, 'later', 'uninstall', 'Previous')
      expect(machine.state()).toEqual(BECKHOFF)
      step(four, 'later', 'uninstall')
      expect(machine.state()).toEqual(BEFORE)
      expect(machine.nothingIsRecorded()).toBe(true)
    },
  )

  it.each([
    ['ps1', 'cmd'],
    ['cmd', 'ps1'],
  ] as const)('the defaults with %s, and what was there before with %s', (one, two) => {
    step(one, 'first', 'uninstall', 'Defaults')
    expect(machine.state()).toEqual(['-', '-'])
    step(two, 'first', 'uninstall')
    expect(machine.state()).toEqual(BEFORE)
    expect(machine.nothingIsRecorded()).toBe(true)
  })
})
