import { isDevice } from '../core/file-name.ts'
import type { Document } from '../source/document.ts'

/** A device as the fleet's file has it, not yet checked. */
export interface Device {
  readonly name: string
  /** The profile that it has: a name in the fleet's file, a file, or `preset:NAME`; `undefined` where all is its own. */
  readonly profile: string | undefined
  /** Words to choose it by. */
  readonly tags: readonly string[]
  /** The place where it is; it may hold blanks. */
  readonly site: string | undefined
  /** Its own values, as a profile would have them, with their places. */
  readonly own: Document
}

const DEVICE_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9_-])?$/

/** Why a device, and so its zip, cannot have a name: every system must accept it as a file's. `undefined` if it can. */
export function deviceNameProblem(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (name.length > 63) return `has ${name.length} characters; at most 63`
  if (isDevice(name)) return 'is a device on Windows; choose another'
  if (DEVICE_NAME.test(name)) return undefined
  if (!/^[A-Za-z0-9]/.test(name)) return 'must begin with a letter a-z or a digit'
  return name.endsWith('.') ? 'must not end with a dot' : 'may only hold letters a-z, digits, and . _ -'
}

/** The same for all names that are one file where case does not count. */
export function deviceKey(name: string): string {
  return name.toLowerCase()
}
