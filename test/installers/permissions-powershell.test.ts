import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Permissions } from '../../src/core/target.ts'
import { buildBundle, profileText } from '../support/build.ts'
import { contentsOf, describeOnWindows, type ScriptContents } from '../support/powershell.ts'
import { KEY, WindowsMachine } from '../support/windows-machine.ts'

/** Commands that execute text, load code, or reach beyond the machine. */
const FORBIDDEN_COMMANDS =
  /^(?:Invoke-(?:Expression|Command|WebRequest|RestMethod|CimMethod)|iex|iwr|irm|Add-Type|Start-Process|Start-Job|Import-Module|New-Object|Set-Alias)$/i
const FORBIDDEN_TYPES =
  /^(?:System\.)?(?:Net|Reflection|Diagnostics\.Process|Management\.Automation\.ScriptBlock|scriptblock|powershell|Runtime)/i
const FORBIDDEN_CALLS =
  /(?:^\.(?:InvokeScript|ExpandString|InvokeCommand|DownloadString|DownloadFile)$)|^\[(?:scriptblock|powershell)\]/i
/** Calls that change the registry. */
const WRITES = /^\.(?:SetValue|CreateSubKey|DeleteValue|DeleteSubKey\w*)$/
/** Calls of .NET that compute, or return a location. */
const COMPUTES =
  /^\[(?:BitConverter|Text\.Encoding|IO\.Path|string|Math)\]::(?!GetTemp)|^\[Environment\]::GetFolderPath$/

const SCRIPTS = buildBundle(profileText({ name: 'line-4' }), 'windows')
  .filter(({ path }) => path.endsWith('.ps1'))
  .map(({ path, bytes, permissions }) => ({ path, bytes, permissions: permissions as Permissions }))

/** Whether an entry of the list contains this path; the case of letters does not matter. */
const allows = (listed: readonly string[], path: string): boolean =>
  listed.some((one) => one.toLowerCase().includes(path.toLowerCase()))

describeOnWindows('a PowerShell script, as the parser of the engine reads it,', () => {
  let machine: WindowsMachine
  let contents: ReadonlyMap<string, ScriptContents>
  beforeAll(() => {
    machine = new WindowsMachine()
    const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-'))
    const files = SCRIPTS.map(({ path, bytes }) => {
      const file = join(folder, path.replaceAll('/', '-'))
      writeFileSync(file, bytes)
      return file
    })
    const found = contentsOf(machine.windows, files)
    contents = new Map(SCRIPTS.map(({ path }, at) => [path, found[at] as ScriptContents]))
  })
  afterAll(() => machine?.remove())

  describe.each(SCRIPTS)('$path', ({ path, permissions }) => {
    const script = (): ScriptContents => contents.get(path) as ScriptContents

    it('uses exactly the commands and calls of its list', () => {
      const { commands, unnamed, functions, calls } = script()
      const named = commands.flatMap((name) => (name === null || functions.includes(name) ? [] : [name]))
      const outside = calls.filter((call) => call.startsWith('[') && !COMPUTES.test(call))
      expect(unnamed, 'commands whose names only the run decides').toEqual([])
      expect([...named, ...outside].toSorted()).toEqual(permissions.commands)
    })

    it('executes no text, loads no code, and reaches no network', () => {
      const { commands, calls, types, redirections } = script()
      expect(commands.filter((name) => FORBIDDEN_COMMANDS.test(name ?? ''))).toEqual([])
      expect(calls.filter((call) => FORBIDDEN_CALLS.test(call))).toEqual([])
      expect(types.filter((type) => FORBIDDEN_TYPES.test(type))).toEqual([])
      expect(redirections.filter((text) => text !== '3>&1')).toEqual([])
    })

    it('changes the registry only if its list says so', () => {
      const { calls } = script()
      expect(calls.some((call) => WRITES.test(call))).toBe(permissions.writes.keys.length > 0)
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

  it('touches nothing else in a run, as the registry and the disk show', () => {
    const [writes] = SCRIPTS.flatMap(({ path, permissions }) =>
      path === 'windows/install.ps1' ? [permissions.writes] : [],
    ) as [Permissions['writes']]
    const listed = writes.keys.flatMap((key) => [`${key}|`, ...writes.values.map((value) => `${key}|${value}`)])
    machine.reset()
    const before = traces(machine)
    machine.well('install')
    machine.well('check')
    machine.well('uninstall', '-Defaults')
    machine.well('install')
    const now = traces(machine)
    const changed = [...before, ...now].filter((one) => !before.has(one) || !now.has(one))
    const places = changed.map((one) => one.replace(/=.*/, ''))
    expect(places).toContain(`${KEY}|KeepAliveInterval`)
    expect(places.filter((place) => !listed.includes(place))).toEqual([])
    machine.well('uninstall')
    expect([...traces(machine)].toSorted()).toEqual([...before].toSorted())
  })
})

/** Every key of the system with its values, and every file where scripts could leave one; but what Wine itself changes. */
function traces({ windows }: WindowsMachine): ReadonlySet<string> {
  expect(windows.run('reg', ['export', String.raw`HKLM\SYSTEM`, String.raw`C:\all.reg`, '/y']).code).toBe(0)
  const found = new Set<string>()
  let key = ''
  for (const line of readFileSync(windows.driveC('all.reg'), 'utf16le').split('\r\n')) {
    if (line.startsWith('[')) key = line.slice(1, -1)
    if (/\\Control\\(?:DeviceClasses|ServiceCurrent)/.test(key)) continue
    if (line.startsWith('[')) found.add(`${key}|`)
    else if (line !== '') found.add(`${key}|${line.replace(/^"([^"]*)"/, '$1')}`)
  }
  for (const folder of ['ProgramData', 'windows/temp', 'windows/keepalive-kit', 'users/root/AppData/Local/Temp'])
    if (existsSync(windows.driveC(folder)))
      for (const file of readdirSync(windows.driveC(folder), { recursive: true }))
        found.add(`${folder}/${String(file)}`)
  return found
}
