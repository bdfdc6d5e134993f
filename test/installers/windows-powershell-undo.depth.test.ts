import { existsSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTarget } from '../support/build.ts'
import { describeOnWindows } from '../support/powershell.ts'
import {
  ABSENT,
  BECKHOFF,
  type Entries,
  firstRecord,
  LATER,
  RECORD,
  WindowsMachine,
} from '../support/windows-machine.ts'

/** The values before the first install. */
const BEFORE: Entries = ['"slow"', 'dword:000003e8']
const EDITED: Entries = ['dword:00007530', 'dword:00001388']
const OTHER = { name: 'other', idle: 30_000, interval: 1_000 }

describeOnWindows('uninstall.ps1 on a machine', () => {
  let machine: WindowsMachine

  beforeAll(() => {
    machine = new WindowsMachine()
  })
  afterAll(() => machine?.remove())
  beforeEach(() => {
    machine.reset()
    machine.set(BEFORE)
  })

  /** A run that must change nothing: neither the values nor the record. */
  function refuses(args: readonly string[], why: string | RegExp, code = 1): void {
    const held = [machine.state(), machine.record()]
    const { stderr, ...ran } = machine.run('uninstall', args)
    expect(ran.code).toBe(code)
    expect(stderr).toMatch(/^uninstall\.ps1: nothing is changed: .*\n$/)
    expect(stderr).toMatch(why)
    expect([machine.state(), machine.record()]).toEqual(held)
  }

  describe('without -Defaults or -Previous', () => {
    it('has nothing to undo without a record, before an install and in a second run', () => {
      const nothing = { code: 0, stdout: expect.stringContaining('nothing to undo'), stderr: '' }
      expect(machine.run('uninstall')).toMatchObject(nothing)
      machine.well('install')
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(BEFORE)
      expect(machine.run('uninstall')).toMatchObject(nothing)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it.each([[], ['-Force']])('names -Defaults when the values are set and there is no record %s', (...force) => {
      machine.set(BECKHOFF)
      refuses(
        force,
        'the values of this profile are set, but no record says what was there before. uninstall.ps1 -Defaults',
      )
      expect(machine.well('uninstall', '-Defaults').code).toBe(3010)
      expect(machine.state()).toEqual(ABSENT)
    })

    it('refuses when a value was edited, and changes it with -Force', () => {
      machine.well('install')
      machine.set(EDITED)
      refuses(
        [],
        'KeepAliveTime is 30000 ms (0x00007530), which somebody set since the last install, and would become slow (String',
      )
      expect(machine.well('uninstall', '-Force').code).toBe(3010)
      expect(machine.state()).toEqual(BEFORE)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('refuses when another profile is installed, and goes back with -Force', () => {
      machine.well('install')
      expect(machine.installs(OTHER)).toMatchObject({ code: 3010, stderr: '' })
      for (const way of [[], ['-Previous'], ['-Defaults']])
        refuses(way, 'the profile other is installed, and not beckhoff. Its uninstall.ps1 goes back; -Force')
      expect(machine.well('uninstall', '-Force').code).toBe(3010)
      expect(machine.state()).toEqual(BEFORE)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('removes the record when the values are as before already', () => {
      machine.well('install')
      machine.set(BEFORE)
      expect(machine.well('uninstall')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('The record is removed'),
      })
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('goes on with values that a killed run left partly old', () => {
      machine.well('install')
      machine.set([BEFORE[0], BECKHOFF[1]])
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(BEFORE)
    })

    it('changes nothing without the key before, like install.ps1, and names the record', () => {
      machine.well('install')
      machine.windows.run('reg', ['delete', `${RECORD}\\before`, '/f'])
      machine.set(EDITED)
      for (const script of ['install', 'uninstall'])
        expect(machine.run(script)).toMatchObject({
          code: 1,
          stderr: expect.stringContaining('has lost its key before'),
        })
      expect(machine.state()).toEqual(EDITED)
    })
  })

  describe('-Defaults', () => {
    it('removes the values, and a later plain run restores the beginning', () => {
      machine.well('install')
      const { code, stdout } = machine.well('uninstall', '-Defaults')
      expect(code).toBe(3010)
      expect(stdout).toContain('KeepAliveTime is 20000 ms (0x00004e20), to become absent.')
      expect(machine.state()).toEqual(ABSENT)
      const previous = { profile: 'beckhoff', entries: BECKHOFF }
      expect(machine.record()).toEqual({ before: BEFORE, installed: { entries: ABSENT }, previous })
      expect(machine.well('uninstall', '-Defaults').code).toBe(0)
      expect(machine.record()).toEqual({ before: BEFORE, installed: { entries: ABSENT }, previous })
      expect(machine.run('uninstall', [], undefined, buildTarget('windows', OTHER)).code).toBe(3010)
      expect(machine.state()).toEqual(BEFORE)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('begins a record on a machine without one', () => {
      expect(machine.well('uninstall', '-Defaults').code).toBe(3010)
      expect(machine.state()).toEqual(ABSENT)
      expect(machine.record()).toEqual({ before: BEFORE, installed: { entries: ABSENT } })
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(BEFORE)
    })

    it('changes and records nothing when the values are absent and there is no record', () => {
      machine.set(ABSENT)
      expect(machine.well('uninstall', '-Defaults').code).toBe(0)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('refuses when a value was edited, and removes it with -Force', () => {
      machine.well('install')
      machine.set(EDITED)
      refuses(['-Defaults'], 'KeepAliveTime is 30000 ms (0x00007530), which somebody set since the last install')
      expect(machine.well('uninstall', '-Defaults', '-Force').code).toBe(3010)
      expect(machine.state()).toEqual(ABSENT)
    })
  })

  describe('-Previous', () => {
    it('restores the previous version once, and a later plain run restores the beginning', () => {
      machine.well('install')
      expect(machine.installs(LATER.profile).code).toBe(3010)
      expect(machine.well('uninstall', '-Previous').code).toBe(3010)
      expect(machine.state()).toEqual(BECKHOFF)
      expect(machine.record()).toEqual(firstRecord(BEFORE))
      refuses(['-Previous'], 'no profile was installed previously')
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(BEFORE)
    })

    it('goes back to the defaults, and to another profile', () => {
      machine.installs(OTHER)
      machine.well('uninstall', '-Defaults', '-Force')
      machine.well('install')
      expect(machine.well('uninstall', '-Previous').code).toBe(3010)
      expect(machine.state()).toEqual(ABSENT)
      machine.installs(OTHER)
      machine.well('install')
      expect(machine.well('uninstall', '-Previous').code).toBe(3010)
      expect(machine.record()).toMatchObject({ installed: { profile: 'other' } })
    })

    it.each(['nothing was', 'only one version was'])('changes nothing when %s installed', (installed) => {
      if (installed !== 'nothing was') machine.well('install')
      refuses(['-Previous'], installed === 'nothing was' ? 'there is no record' : 'no profile was installed previously')
    })

    it('finds no previous version after a second install of the same version', () => {
      machine.well('install')
      machine.set(ABSENT)
      expect(machine.well('install').code).toBe(3010)
      refuses(['-Previous'], 'no profile was installed previously')
    })

    it('takes a previous profile that a killed run left half-written for none', () => {
      machine.well('install')
      machine.installs(LATER.profile)
      machine.windows.run('reg', ['delete', `${RECORD}\\previous`, '/v', 'KeepAliveTime', '/f'])
      refuses(['-Previous'], 'no profile was installed previously')
    })
  })

  it('refuses -Defaults together with -Previous', () => {
    machine.well('install')
    refuses(['-Defaults', '-Previous'], 'either -Defaults or -Previous, not both', 2)
  })

  it.each(['-Force', '-Defaults', '-Previous'])('changes nothing with -WhatIf: %s', (way) => {
    machine.well('install')
    machine.installs(LATER.profile)
    const record = machine.record()
    expect(machine.well('uninstall', '-WhatIf', way)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('What if: Performing the operation'),
    })
    expect(machine.state()).toEqual(LATER.entries)
    expect(machine.record()).toEqual(record)
    expect(existsSync(machine.lock())).toBe(false)
  })
})
