import { byLocation, type Diagnostic } from '../../src/core/diagnostic.ts'
import { readerOf } from '../../src/formats/capture-file.ts'
import { profileOf } from '../../src/review/import/import.ts'
import { interpret, merged, type CaptureReading, type Wanted } from '../../src/review/import/reading.ts'
import { suspects } from '../../src/review/import/suspects.ts'
import { TARGETS } from '../../src/targets/index.ts'

/** Files of settings by name. */
export type Captures = Readonly<Record<string, string | Uint8Array>>

export interface Told {
  /** YAML, if the import produces a profile. */
  readonly profile: string | undefined
  readonly findings: CaptureReading
  /** The diagnostics of the readers, the suspects and the import, by location. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The result of `import` without the command line. A file that no reader knows throws: it is an error of the test. */
export function importFrom(files: Captures, targets: readonly string[] = [], name = 'beckhoff'): Told {
  const wanted: Wanted = targets.length > 0 ? { named: targets } : { possible: [...TARGETS.keys()] }
  const all = Object.entries(files).map(([file, content]) => {
    const bytes = Buffer.from(content)
    const read = readerOf(bytes, file)
    if (read === undefined) throw new Error(`no reader knows ${file}`)
    return interpret(TARGETS, read(bytes, file, TARGETS), wanted)
  })
  const findings = merged(all, wanted)
  const { text, diagnostics } = profileOf(TARGETS, name, undefined, findings)
  const told = [...findings.diagnostics, ...suspects(TARGETS, findings), ...diagnostics]
  return { profile: text, findings, diagnostics: told.toSorted(byLocation) }
}

/** `code file:line:column` of each, in the given order. */
export function placed(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, location }) =>
    [code, location && [location.file, location.line, location.column].filter((part) => part !== undefined).join(':')]
      .filter((part) => part !== undefined)
      .join(' '),
  )
}

export const TCPIP = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'

/** A .reg file with one key. */
export function reg(...lines: readonly string[]): string {
  return regAt(TCPIP, ...lines)
}

export function regAt(key: string, ...lines: readonly string[]): string {
  return ['Windows Registry Editor Version 5.00', '', `[${key}]`, ...lines, ''].join('\r\n')
}

/** The line of a .reg file for a REG_DWORD. */
export function dword(name: string, value: number): string {
  return `"${name}"=dword:${value.toString(16).padStart(8, '0')}`
}
