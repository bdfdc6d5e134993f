import { utf16Text } from '../../core/bytes.ts'
import type { Stated } from '../../core/capture.ts'

/** Value types by number, https://learn.microsoft.com/windows/win32/sysinfo/registry-value-types. */
const TYPES = [
  'REG_NONE',
  'REG_SZ',
  'REG_EXPAND_SZ',
  'REG_BINARY',
  'REG_DWORD',
  'REG_DWORD_BIG_ENDIAN',
  'REG_LINK',
  'REG_MULTI_SZ',
  'REG_RESOURCE_LIST',
  'REG_FULL_RESOURCE_DESCRIPTOR',
  'REG_RESOURCE_REQUIREMENTS_LIST',
  'REG_QWORD',
] as const

/** The most of a value's data that messages show: bytes, or characters of a text. */
const SHOWN = { bytes: 32, characters: 200 }

/** The data of a value: a number for a REG_DWORD of four bytes, otherwise a text for people. */
export function describeData(type: number, bytes: Uint8Array): Stated {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 4 && bytes.length === 4) return { kind: 'number', number: view.getUint32(0, true) }
  const name = TYPES[type] ?? `type 0x${type.toString(16)}`
  if (type === 1 || type === 2) return { kind: 'other', type: name, text: textOf(bytes, '') }
  if (type === 7) return { kind: 'other', type: name, text: textOf(bytes, ', ') }
  if (type === 11 && bytes.length === 8) return { kind: 'other', type: name, text: String(view.getBigUint64(0, true)) }
  return { kind: 'other', type: name, text: hexOf(bytes) }
}

/** The text up to its final NUL, with `instead` in place of each NUL within. */
function textOf(bytes: Uint8Array, instead: string): string {
  const shown = utf16Text(bytes.subarray(0, SHOWN.characters * 2), 'little')
  return shown.replace(/\0+$/, '').replaceAll('\0', instead)
}

function hexOf(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, SHOWN.bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return bytes.length > SHOWN.bytes ? `${shown} ...` : shown
}
