import { isStatement, type CaptureReader, type Statement } from '../../src/core/capture.ts'
import type { Diagnostic } from '../../src/core/diagnostic.ts'
import { TARGETS } from '../../src/targets/index.ts'

const bytesOf = (text: string | Uint8Array): Uint8Array => (typeof text === 'string' ? Buffer.from(text) : text)

/** The findings of a reader in a text, in short: `NAME VALUE` for a statement, the code for a diagnostic. */
export function found(reader: CaptureReader, text: string | Uint8Array): readonly string[] {
  return [...reader(bytesOf(text), 'f', TARGETS)].map((one) => {
    if (!isStatement(one)) return one.code
    const { value } = one
    return `${one.name} ${value.kind === 'number' ? value.number : value.kind === 'other' ? value.text : value.kind}`
  })
}

/** Only the statements. */
export function stated(reader: CaptureReader, text: string): readonly Statement[] {
  return [...reader(bytesOf(text), 'f', TARGETS)].filter(isStatement)
}

/** Only the diagnostics. */
export function told(reader: CaptureReader, text: string): readonly Diagnostic[] {
  return [...reader(bytesOf(text), 'f', TARGETS)].filter((one): one is Diagnostic => !isStatement(one))
}

/** The diagnostics with severity, line and column. */
export function places(reader: CaptureReader, text: string): readonly string[] {
  return told(reader, text).map(
    ({ severity, location, code }) => `${severity} ${location?.line}:${location?.column} ${code}`,
  )
}
