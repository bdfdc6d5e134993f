import { cpSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import type { Ran } from '../support/oracle.ts'
import { canMakeTrouble, describeOnWindows } from '../support/powershell.ts'
import { BECKHOFF, type Entries, LATER, WindowsMachine } from '../support/windows-machine.ts'

/** Another profile with the same idle time as the first: only both values together show that it was installed later. */
const OTHER = { name: 'other', idle: 20_000, interval: 1_000 }
const BEFORE: Entries = ['"slow"', '-']

// These tests run in Wine only, which reports the low eight bits of an exit code.
const describeBoth = canMakeTrouble ? describeOnWindows : describe.skip

describeBoth('the record that the cmd and PowerShell scripts share', () => {
  let machine: WindowsMachine
  const kits = {
    first: buildTarget('windows'),
    later: buildTarget('windows', LATER.profile),
    other: buildTarget('windows', OTHER),
  }

  beforeAll(() => {
    machine = new WindowsMachine()
    for (const [name, kit] of Object.entries(kits)) cpSync(kit, machine.windows.driveC(name), { recursive: true })
    machine.windows.run('reg', ['add', String.raw`HKU\S-1-5-19\Environment`, '/f']) // for .cmd: an administrator
  })
  afterAll(() => machine?.remove())
  beforeEach(() => {
    machine.reset()
    machine.set(BEFORE)
  })

  /** Runs a script; a Unix parent sees the low eight bits of the exit code of a cmd script. */
  function run(language: 'ps1' | 'cmd', version: keyof typeof kits, script: string, way = ''): Ran {
    if (language === 'ps1') return machine.run(script, way === '' ? [] : [`-${way}`], undefined, kits[version])
    const args = way === '' ? [] : [`/${way.toLowerCase()}`]
    return machine.windows.run('cmd', ['/c', `C:\\${version}\\${script}.cmd`, ...args])
  }

  /** Runs a step that changes something. */
  function step(...what: Parameters<typeof run>): void {
    const { code, stderr } = run(...what)
    expect({ code, stderr }).toEqual({ code: what[0] === 'ps1' ? 3010 : 3010 & 0xff, stderr: '' })
  }

  it.each([
    ['ps1', 'cmd', 'ps1', 'cmd'],
    ['cmd', 'ps1', 'cmd', 'ps1'],
    ['ps1', 'ps1', 'cmd', 'cmd'],
    ['cmd', 'cmd', 'ps1', 'ps1'],
  ] as const)(
    'lets %s install, %s install another version, %s go back to the first, and %s uninstall',
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

  it.each(['ps1', 'cmd'] as const)(
    'keeps a profile from being uninstalled before the one that was installed over it: %s',
    (language) => {
      step(language, 'first', 'install')
      step(language, 'other', 'install')
      const held = machine.state()
      for (const way of ['', 'Defaults']) {
        const { code, stderr } = run(language, 'first', 'uninstall', way)
        expect(code).toBe(1)
        expect(stderr).toContain('he profile ')
        expect(stderr).toMatch(/other"? was installed after this one, and all is as it says: uninstall that one first/)
        expect(machine.state()).toEqual(held)
      }
      step(language, 'other', 'uninstall')
      step(language, 'first', 'uninstall')
      expect(machine.state()).toEqual(BEFORE)
      expect(machine.nothingIsRecorded()).toBe(true)
    },
  )

  it.each(['ps1', 'cmd'] as const)(
    'allows a forced uninstall of a profile although another was installed over it: %s',
    (language) => {
      step(language, 'first', 'install')
      step(language, 'other', 'install')
      step(language, 'first', 'uninstall', 'Force')
      expect(machine.state()).toEqual(BEFORE)
    },
  )

  it.each([
    ['ps1', 'cmd'],
    ['cmd', 'ps1'],
  ] as const)('lets %s restore the defaults, and %s the prior values', (one, two) => {
    step(one, 'first', 'uninstall', 'Defaults')
    expect(machine.state()).toEqual(['-', '-'])
    step(two, 'first', 'uninstall')
    expect(machine.state()).toEqual(BEFORE)
    expect(machine.nothingIsRecorded()).toBe(true)
  })
})
