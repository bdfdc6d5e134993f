import type { Statement } from '../core/capture.ts'
import { problem, type Diagnostic, type Location } from '../core/diagnostic.ts'
import type { Registry } from '../core/target.ts'
import { sysctlOwners } from './sysctl/names.ts'
import { decode, linesOf } from './text.ts'

/** Whether a text is a script of the kit, in any language: each says so in its first lines. */
export function isOwnScript(text: string): boolean {
  const [opening] = text.slice(0, 2_000).split('setlocal')
  return (
    /^(?:#!\/bin\/sh\n|#Requires |<#|@echo off\r?\n)/.test(text) && /TCP keep-alive profile [a-z]/.test(opening ?? '')
  )
}

/** The name of the profile that a script of the kit was made from; `undefined` for any other file. */
export function profileOfScript(bytes: Uint8Array): string | undefined {
  const { text } = decode(bytes.subarray(0, 2_000))
  return isOwnScript(text) ? /TCP keep-alive profile ([a-z][a-z0-9-]*)/.exec(text)?.[1] : undefined
}

/**
 * The values in a script of the kit: the values it sets, compares or removes. The reader looks for the kit's own marks
 * and does not interpret the script: a script with changed steps is a different program.
 */
export function* readOwnScript(
  bytes: Uint8Array,
  file: string,
  registry: Registry,
): Generator<Statement | Diagnostic, void, undefined> {
  const { text } = decode(bytes)
  const owners = sysctlOwners(registry)
  let [key, image, any, data] = ['', '', false, false]
  for (const { number, text: line } of linesOf(text)) {
    key = keyOf(line) ?? key
    image = imageOf(line) ?? image
    // In a sh script, data() lists the installer's data and the defaults of the uninstaller; neither belongs to the
    // profile.
    if (/^data\(\) \{$/.test(line)) data = true
    else if (line === '}') data = false
    const location = (column: number): Location => ({ file, line: number, column, source: line })
    const said =
      registryValue(line, inImage(key, image), location) ?? (data ? sysctlValue(owners, line, location) : undefined)
    if (said === undefined) continue
    any = true
    yield said
  }
  if (!any) yield problem('script/no-values', {}, { location: { file } })
}

function keyOf(line: string): string | undefined {
  return /^(?:\$registryKey = '|set "KEY=)(HKEY_[A-Za-z0-9_\\-]+)['"]$/.exec(line)?.[1]
}

/** The hive that a script for images loads. */
function imageOf(line: string): string | undefined {
  return /^set "AT=(HKEY_LOCAL_MACHINE\\[A-Za-z0-9_-]+\\ControlSet)%SET:/.exec(line)?.[1]
}

/** The same key in an image. The image, not the script, decides which control set it uses: 001 stands for any. */
function inImage(key: string, image: string): string {
  return image === '' ? key : key.replace(/^HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet/, `${image}001`)
}

function registryValue(line: string, key: string, at: (column: number) => Location): Statement | undefined {
  const [, name, decimal] = /^ {4}@\{ Name = '([A-Za-z0-9]+)'; Wanted = \[uint32\] ([0-9]{1,10}) \}$/.exec(line) ?? []
  const [, cmdName, hex] = /^set "WANTED_([A-Za-z0-9]+)=dword:([0-9a-f]{8})"$/.exec(line) ?? []
  const [value, written] = [decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal), decimal ?? hex]
  const called = name ?? cmdName
  if (called === undefined || written === undefined || Number.isNaN(value)) return undefined
  const location = at(line.indexOf(written) + 1)
  return { store: 'registry', key, name: called, value: { kind: 'number', number: value }, written, location }
}

function sysctlValue(
  owners: ReadonlyMap<string, string>,
  line: string,
  at: (column: number) => Location,
): Statement | undefined {
  const [, name, written] = /^([a-z0-9_.]+) ?= ?([0-9]{1,10})$/.exec(line) ?? []
  const store = name === undefined ? undefined : owners.get(name)
  if (name === undefined || written === undefined || store === undefined) return undefined
  const location = at(line.lastIndexOf(written) + 1)
  return { store, key: '', name, value: { kind: 'number', number: Number(written) }, written, location }
}
