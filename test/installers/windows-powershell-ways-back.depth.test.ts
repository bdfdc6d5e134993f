import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnWindows } from '../support/powershell.ts'
import { ABSENT, BECKHOFF, type Entries, LATER, recordText, WindowsMachine } from '../support/windows-machine.ts'

const BEFORE: Entries = ['"slow"', '-']

describeOnWindows('the three ways back of uninstall.ps1', () => {
  let machine: WindowsMachine

  beforeAll(() => {
    machine = new WindowsMachine()
  })
  afterAll(() => machine?.remove())
  beforeEach(() => machine.reset())

  describe('-Defaults', () => {
    it('removes both values after an install, and a later plain run restores the prior values', () => {
      machine.set(BEFORE)
      machine.well('install')
      const { code, stdout } = machine.well('uninstall', '-Defaults')
      expect(code).toBe(3010)
      expect(stdout).toContain(
        'KeepAliveTime is 20000 (0x00004e20, 20 s), to become absent, which means the default of Windows',
      )
      expect(machine.state()).toEqual(ABSENT)
      expect(machine.recorded('installed.reg')).toBe(recordText(ABSENT))
      expect(machine.recorded('previous.reg')).toBe(recordText(BECKHOFF))
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(BEFORE)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('records the current values first when no install did', () => {
      machine.set(BEFORE)
      expect(machine.well('uninstall', '-Defaults').code).toBe(3010)
      expect(machine.state()).toEqual(ABSENT)
      expect(machine.recorded('before.reg')).toBe(recordText(BEFORE))
      expect(machine.well('uninstall', '-Defaults').code).toBe(0)
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(BEFORE)
    })

    it('changes and records nothing when the defaults are in force', () => {
      expect(machine.well('uninstall', '-Defaults').code).toBe(0)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('keeps and reports later edits, and removes them with -Force', () => {
      machine.well('install')
      machine.set(['dword:00007530', 'dword:00001388'])
      const { code, stdout } = machine.well('uninstall', '-Defaults')
      expect(code).toBe(3010)
      expect(stdout).toContain(
        'WARNING: KeepAliveTime is 30000 (0x00007530, 30 s), which somebody set since the install',
      )
      expect(machine.state()).toEqual(['dword:00007530', '-'])
      expect(machine.recorded('installed.reg')).toBe(recordText(['dword:00004e20', '-']))
      expect(machine.well('uninstall', '-Defaults', '-Force').code).toBe(3010)
      expect(machine.state()).toEqual(ABSENT)
    })
  })

  describe('-Previous', () => {
    it('restores the previous version once, and a later plain run restores the prior values', () => {
      machine.set(BEFORE)
      machine.well('install')
      expect(machine.installs(LATER.profile).code).toBe(3010)
      expect(machine.well('uninstall', '-Previous').code).toBe(3010)
      expect(machine.state()).toEqual(BECKHOFF)
      expect(machine.recorded('installed.reg')).toBe(recordText(BECKHOFF))
      expect(existsSync(machine.record('previous.reg'))).toBe(false)
      expect(machine.run('uninstall', ['-Previous'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no previous version of the profile is recorded'),
      })
      expect(machine.state()).toEqual(BECKHOFF)
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(BEFORE)
    })

    it.each(['nothing was', 'only one version was'])('changes nothing when %s installed', (installed) => {
      if (installed !== 'nothing was') machine.well('install')
      const held = machine.state()
      expect(machine.run('uninstall', ['-Previous'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('nothing is changed: no previous version of the profile is recorded'),
      })
      expect(machine.state()).toEqual(held)
    })

    it('finds no previous version after a second install of the same version', () => {
      machine.well('install')
      machine.set(ABSENT)
      expect(machine.well('install').code).toBe(3010)
      expect(existsSync(machine.record('previous.reg'))).toBe(false)
    })

    it('keeps and reports later edits, and replaces them with -Force', () => {
      machine.well('install')
      machine.installs(LATER.profile)
      machine.set(['dword:00007530', 'dword:000007d0'])
      expect(machine.well('uninstall', '-Previous').stdout).toContain('WARNING: KeepAliveTime is 30000')
      expect(machine.state()).toEqual(['dword:00007530', 'dword:00001388'])
      expect(machine.well('uninstall', '-Previous', '-Force').code).toBe(3010)
      expect(machine.state()).toEqual(BECKHOFF)
      expect(existsSync(machine.record('previous.reg'))).toBe(false)
    })
  })

  it('exclude each other', () => {
    machine.well('install')
    expect(machine.run('uninstall', ['-Defaults', '-Previous'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'uninstall.ps1: either -Defaults or -Previous, not both. Nothing is changed\n',
    })
    expect(machine.state()).toEqual(BECKHOFF)
  })

  it.each(['-Force', '-Defaults', '-Previous'])('change nothing with -WhatIf: %s', (way) => {
    machine.well('install')
    machine.installs(LATER.profile)
    expect(machine.well('uninstall', '-WhatIf', way)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('What if: Performing the operation'),
    })
    expect(machine.state()).toEqual(LATER.entries)
    expect(machine.recorded('previous.reg')).toBe(recordText(BECKHOFF))
    expect(existsSync(machine.lock())).toBe(false)
  })

  it.each(['install', 'uninstall'])('and install.ps1 ignore the lock of a killed run: %s', (script) => {
    machine.well('install')
    machine.set(ABSENT)
    mkdirSync(dirname(machine.lock()), { recursive: true })
    writeFileSync(machine.lock(), '')
    expect(machine.well(script).code).toBe(script === 'install' ? 3010 : 0)
    expect(existsSync(machine.lock())).toBe(false)
  })
})
