import { cpSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import type { Ran } from '../support/oracle.ts'
import { canMakeTrouble, describeOnWindows } from '../support/powershell.ts'
import { BECKHOFF, type Entries, LATER, WindowsMachine } from '../support/windows-machine.ts'

/** Another profile with the same idle time as the first. */
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

  it.each([
    ['ps1', 'cmd'],
    ['cmd', 'ps1'],
  ] as const)('refuses to uninstall with %s another profile than the one that %s installed', (one, two) => {
    step(one, 'first', 'install')
    step(two, 'other', 'install')
    const held = [machine.state(), machine.record()]
    for (const way of ['', 'Previous', 'Defaults']) {
      const { code, stdout, stderr } = run(one, 'first', 'uninstall', way)
      expect(code).toBe(1)
      expect(stdout + stderr).toMatch(/he profile '?other'? is installed/)
      expect([machine.state(), machine.record()]).toEqual(held)
    }
    step(one, 'first', 'uninstall', 'Force')
    expect(machine.state()).toEqual(BEFORE)
    expect(machine.nothingIsRecorded()).toBe(true)
  })

  it('writes the same record, step by step', () => {
    const records = (['ps1', 'cmd'] as const).map((language) => {
      machine.reset()
      machine.set(BEFORE)
      return [
        ['first', 'install'],
        ['later', 'install'],
        ['other', 'install'],
        ['other', 'uninstall', 'Previous'],
        ['later', 'uninstall', 'Defaults'],
        ['first', 'install'],
      ].map(([version, ...what]) => {
        step(language, version as keyof typeof kits, ...(what as [string, string?]))
        return machine.recordExported()
      })
    })
    expect(records[0]).toEqual(records[1])
  })

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
