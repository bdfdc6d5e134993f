import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnWindows } from '../support/powershell.ts'
import {
  ABSENT,
  BECKHOFF,
  type Entries,
  LATER,
  recordText,
  regText,
  WindowsMachine,
} from '../support/windows-machine.ts'

describeOnWindows('uninstall.ps1 on a machine', () => {
  let machine: WindowsMachine

  beforeAll(() => {
    machine = new WindowsMachine()
  })
  afterAll(() => machine?.remove())
  beforeEach(() => machine.reset())

  describe('without -Defaults or -Previous', () => {
    it('has nothing to undo without a record, before an install and in a second run', () => {
      const nothing = { code: 0, stdout: expect.stringContaining('nothing to undo'), stderr: '' }
      expect(machine.run('uninstall')).toMatchObject(nothing)
      machine.well('install')
      machine.well('uninstall')
      expect(machine.run('uninstall')).toMatchObject(nothing)
      expect(machine.state()).toEqual(ABSENT)
    })

    it('keeps and reports a value that was edited later, and restores it with -Force', () => {
      machine.set(['-', 'dword:000003e8'])
      machine.well('install')
      machine.set(['dword:00007530', 'dword:00001388'])

      const left = machine.well('uninstall')
      expect(left.code).toBe(3010)
      expect(left.stdout).toContain(
        'WARNING: KeepAliveTime is 30000 (0x00007530, 30 s), which somebody set since the install',
      )
      expect(machine.state()).toEqual(['dword:00007530', 'dword:000003e8'])
      expect(existsSync(machine.record('before.reg'))).toBe(true)
      expect(machine.well('uninstall')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Nothing is changed'),
      })

      expect(machine.well('uninstall', '-Force').code).toBe(3010)
      expect(machine.state()).toEqual(['-', 'dword:000003e8'])
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('removes the record when the prior values are back already', () => {
      machine.well('install')
      machine.set(ABSENT)
      expect(machine.well('uninstall').code).toBe(0)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('announces the change with -WhatIf, and changes nothing', () => {
      machine.well('install')
      const { code, stdout } = machine.well('uninstall', '-WhatIf')
      expect(code).toBe(0)
      expect(stdout).toContain('What if: Performing the operation "Put back KeepAliveTime and KeepAliveInterval"')
      expect(machine.state()).toEqual(BECKHOFF)
      expect(existsSync(machine.record('before.reg'))).toBe(true)
    })

    it('keeps foreign files', () => {
      machine.well('install')
      writeFileSync(machine.record('notes.txt'), 'set by hand in 2019')
      expect(machine.well('uninstall').code).toBe(3010)
      expect(readdirSync(machine.record('.'))).toEqual(['notes.txt'])
    })

    const good = recordText(['dword:006ddd00', '-'])
    it.each<[string, string | Buffer]>([
      ['is empty', ''],
      ['is cut off', good.slice(0, 170)],
      ['has another header', good.replace('Windows Registry Editor Version 5.00', 'REGEDIT4')],
      ['names another key', good.replace('Tcpip\\', 'Tcpip6\\')],
      ['lacks a value', good.replace(/"KeepAliveInterval".*\r\n/, '')],
      ['holds nine digits', good.replace('dword:', 'dword:0')],
      ['holds data that no .reg file has', good.replace('dword:006ddd00', '7200000')],
      ['is not ASCII', Buffer.from(good.replace('dword:006ddd00', '"zw\u00f6lf"'), 'latin1')],
    ])('changes nothing when the record %s, and names the file', (_, damaged) => {
      machine.set(BECKHOFF)
      machine.recordIs({ 'before.reg': damaged, 'installed.reg': recordText(BECKHOFF) })
      const { code, stderr } = machine.run('uninstall')
      expect(code).toBe(1)
      expect(stderr).toMatch(/^uninstall\.ps1: nothing is changed: C:\\ProgramData\\.*\\beckhoff\\before\.reg .*\n$/)
      expect(machine.state()).toEqual(BECKHOFF)
      expect(readFileSync(machine.record('before.reg'))).toEqual(Buffer.from(damaged))
    })

    it.each([
      ['before.reg', 'is damaged', 'REGEDIT4'],
      ['before.reg', 'is missing', undefined],
      ['installed.reg', 'is damaged', 'REGEDIT4'],
    ])('changes nothing, like install.ps1, when %s %s', (file, _, damaged) => {
      machine.well('install')
      const lost: Entries = ['dword:00004e20', '-']
      machine.set(lost)
      if (damaged === undefined) rmSync(machine.record(file))
      else writeFileSync(machine.record(file), damaged)
      for (const script of ['install', 'uninstall']) {
        expect(machine.run(script)).toMatchObject({ code: 1, stderr: expect.stringContaining(file) })
        expect(machine.state()).toEqual(lost)
      }
    })

    it('writes only its own values, whatever a record contains', () => {
      machine.set(BECKHOFF)
      const smuggled = `"a\r\n[HKEY_LOCAL_MACHINE\\Software\\Smuggled]\r\n\\"b\\"=\\"c"`
      machine.recordIs({ 'before.reg': recordText([smuggled, '-']), 'installed.reg': recordText(BECKHOFF) })
      machine.run('uninstall')
      expect(machine.windows.run('reg', ['query', String.raw`HKLM\Software\Smuggled`]).code).not.toBe(0)
    })

    it('needs only before.reg with -Force', () => {
      machine.well('install')
      rmSync(machine.record('installed.reg'))
      expect(machine.run('uninstall')).toMatchObject({ code: 1, stderr: expect.stringContaining('installed.reg') })
      expect(machine.well('uninstall', '-Force').code).toBe(3010)
      expect(machine.state()).toEqual(ABSENT)
      expect(machine.nothingIsRecorded()).toBe(true)
    })

    it('reads a record whose bytes are wrapped over several lines, as reg.exe writes long ones', () => {
      machine.set(BECKHOFF)
      const broken: Entries = ['hex(b):00,dd,6d,00,\\\r\n  01,00,00,00', '-']
      machine.recordIs({ 'before.reg': recordText(broken), 'installed.reg': recordText(BECKHOFF) })
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(['hex(b):00,dd,6d,00,01,00,00,00', '-'])
      expect(machine.nothingIsRecorded()).toBe(true)
    })
  })

  describe('with a record', () => {
    it('of the first version, which has no version line, restores the prior values', () => {
      machine.set(BECKHOFF)
      machine.recordIs({ 'before.reg': regText(['dword:006ddd00', '-']), 'installed.reg': regText(BECKHOFF) })
      expect(machine.installs(LATER.profile)).toMatchObject({ code: 3010, stderr: '' })
      expect(machine.recorded('before.reg')).toBe(regText(['dword:006ddd00', '-']))
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(['dword:006ddd00', '-'])
    })

    it.each(['before.reg', 'installed.reg', 'previous.reg'])(
      'whose %s a newer version wrote changes nothing',
      (file) => {
        const held: Entries = ['dword:00004e20', '-']
        const files = { 'before.reg': ABSENT, 'installed.reg': BECKHOFF, 'previous.reg': LATER.entries }
        machine.set(held)
        machine.recordIs(
          Object.fromEntries(Object.entries(files).map(([name, entries]) => [name, recordText(entries)])),
        )
        machine.recordIs({
          [file]: regText(BECKHOFF, ';keepalive-kit record 12', ';with: more').replace('Tcpip', 'Other'),
        })
        const newer = new RegExp(
          String.raw`nothing is changed: C:\\.*\\${file} was written by a newer version of keepalive-kit`,
        )
        for (const [script, ...args] of [
          ['install'],
          ['uninstall'],
          ['uninstall', '-Defaults'],
          ['uninstall', '-Previous'],
        ])
          expect(machine.run(script as string, args)).toMatchObject({ code: 1, stderr: expect.stringMatching(newer) })
        expect(machine.state()).toEqual(held)
      },
    )

    it.each([
      ['empty', ''],
      ['half-written', 'Windows Registry Editor'],
      ['whole', recordText(['dword:00000001', '-'])],
    ])('beside which an interrupted run left %s files restores the prior values and removes these files', (_, half) => {
      machine.well('install')
      machine.recordIs({ 'installed.reg.new': half, 'previous.reg.new': half, 'before.reg.new': half })
      expect(machine.installs(LATER.profile)).toMatchObject({ code: 3010, stderr: '' })
      expect(machine.recorded('previous.reg')).toBe(recordText(BECKHOFF))
      expect(machine.well('uninstall').code).toBe(3010)
      expect(machine.state()).toEqual(ABSENT)
      expect(machine.nothingIsRecorded()).toBe(true)
    })
  })
})
