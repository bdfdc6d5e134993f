import type { Diagnostic, Location } from './diagnostic.ts'
import type { Registry } from './target.ts'

/**
 * One setting as a file of a machine or a vendor states it, in the order of the file. A line that the system would skip
 * is a diagnostic, and no statement.
 */
export interface Statement {
  /** The kind of the {@link Store} of the targets that it may be for. */
  readonly store: string
  /** The full path of a registry key as it is written, without a backslash at its end; empty for a sysctl. */
  readonly key: string
  /** The name of a registry value ('' is the default value), or of a sysctl with dots; `undefined` for a registry key that goes with all that is in it. */
  readonly name: string | undefined
  readonly value: Stated
  /** The value as it is written: `dword:00004e20`, `0x10`, `60`. */
  readonly written: string
  /** The place of the value, with its line for an excerpt. */
  readonly location: Location
}

/** A value as the system reads it. */
export type Stated =
  /** A REG_DWORD, or a sysctl that is a whole number to its kernel. */
  | { readonly kind: 'number'; readonly number: number }
  /** Data that no keep-alive setting can use: `type` is REG_SZ or the like, `text` the data for people. */
  | { readonly kind: 'other'; readonly type: string; readonly text: string }
  /** The file takes the value away. */
  | { readonly kind: 'absent' }

/**
 * Reads the bytes of one file. It never throws, takes time and memory in proportion to its input, and goes on after what
 * it cannot read, as the system would; all that the system would skip without a word is a diagnostic with its place.
 */
export type CaptureReader = (bytes: Uint8Array, file: string, registry: Registry) => Iterable<Statement | Diagnostic>

export function isStatement(found: Statement | Diagnostic): found is Statement {
  return 'store' in found
}
