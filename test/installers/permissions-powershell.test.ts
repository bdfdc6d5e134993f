import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Permissions } from '../../src/core/target.ts'
import { buildBundle, profileText } from '../support/build.ts'
import { contentsOf, describeOnWindows, newWindows, type ScriptContents } from '../support/powershell.ts'
import type { Wine } from '../support/wine.ts'

/** The only program that a script starts, in the system folder of Windows. */
const REG = "([IO.Path]::Combine([Environment]::SystemDirectory, 'reg.exe'))"
/** Commands that execute text, load code, or reach beyond the machine. */
const FORBIDDEN_COMMANDS =
  /^(?:Invoke-(?:Expression|Command|WebRequest|RestMethod|CimMethod)|iex|iwr|irm|Add-Type|Start-Process|Start-Job|Import-Module|New-Object|Set-Alias)$/i
const FORBIDDEN_TYPES =
  /^(?:System\.)?(?:Net|Reflection|Diagnostics\.Process|Management\.Automation\.ScriptBlock|scriptblock|powershell|Runtime)/i
const FORBIDDEN_CALLS =
  /(?:^\.(?:SetValue|CreateSubKey|DeleteValue|DeleteSubKey\w*|InvokeScript|ExpandString|InvokeCommand|DownloadString|DownloadFile)$)|^\[(?:scriptblock|powershell)\]/i
/** Calls of .NET that compute, or return a location. */
const COMPUTES = /^\[(?:regex|Convert|BitConverter|Text\.Encoding|IO\.Path|uint32|int|string|Math)\]::(?!GetTemp)/

const SCRIPTS = buildBundle(profileText({ name: 'line-4' }), 'windows')
  .filter(({ path }) => path.endsWith('.ps1'))
  .map(({ path, bytes, permissions }) => ({ path, bytes, permissions: permissions as Permissions }))

/** Whether an entry of the list contains this path; the case of letters does not matter. */
const allows = (listed: readonly string[], path: string): boolean =>
  listed.some((one) => one.toLowerCase().includes(path.toLowerCase()))

describeOnWindows('a PowerShell script, as the parser of the engine reads it,', () => {
  let windows: Wine
  let contents: ReadonlyMap<string, ScriptContents>
  beforeAll(() => {
    windows = newWindows()
    const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-'))
    const files = SCRIPTS.map(({ path, bytes }) => {
      const file = join(folder, path.replaceAll('/', '-'))
      writeFileSync(file, bytes)
      return file
    })
    const found = contentsOf(windows, files)
    contents = new Map(SCRIPTS.map(({ path }, at) => [path, found[at] as ScriptContents]))
  })
  afterAll(() => windows?.remove())

  describe.each(SCRIPTS)('$path', ({ path, permissions }) => {
    const script = (): ScriptContents => contents.get(path) as ScriptContents

    it('uses exactly the commands and calls of its list', () => {
      const { commands, unnamed, functions, calls } = script()
      const named = commands.flatMap((name) => (name === null || functions.includes(name) ? [] : [name]))
      const outside = calls.filter((call) => call.startsWith('[') && !COMPUTES.test(call))
      const programs = unnamed.map((text) => (text === REG ? 'reg.exe' : text))
      expect([...named, ...outside, ...programs].toSorted()).toEqual(permissions.commands)
    })

    it('executes no text, loads no code, and reaches no network', () => {
      const { commands, calls, types, redirections } = script()
      expect(commands.filter((name) => FORBIDDEN_COMMANDS.test(name ?? ''))).toEqual([])
      expect(calls.filter((call) => FORBIDDEN_CALLS.test(call))).toEqual([])
      expect(types.filter((type) => FORBIDDEN_TYPES.test(type))).toEqual([])
      expect(redirections).toEqual([])
    })

    it('names files and registry keys only from its list', () => {
      const keys = [...permissions.reads.keys, ...permissions.writes.keys]
      const files = [...permissions.reads.files, ...permissions.writes.files]
      const { strings } = script()
      const key = /\b(?:HKEY_[A-Z_]+|SYSTEM|SOFTWARE)\\[\w\\-]+\w/g
      const file = /(?:^|\\)[\w.]+\.(?:reg|pol|log|exe|new)\b/g
      const named = (pattern: RegExp) => strings.flatMap((text) => [...text.matchAll(pattern)].map(([found]) => found))
      expect(named(key).filter((one) => !allows(keys, one))).toEqual([])
      expect(
        named(file).filter((one) => !allows([...files, ...permissions.commands], basename(one.replaceAll('\\', '/')))),
      ).toEqual([])
    })
  })
})
