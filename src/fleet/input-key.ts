import { sha256 } from '#checksums'
import type { Result } from '../core/result.ts'
import type { Device } from './device.ts'
import type { Named } from './effective.ts'

/**
 * One digest of all that the zip of a device depends on: the kit itself, the profile that the device refers to, and its
 * own line. Equal keys mean equal zips and equal problems.
 */
export function inputKey(kit: string): (device: Device, named: Result<Named>) => string {
  // A profile that devices refer to is one object for all of them.
  const texts = new WeakMap<object, string>()
  const textOf = (named: Named): string => {
    const known = texts.get(named)
    if (known !== undefined) return known
    const text = JSON.stringify([named.name, named.document.value])
    texts.set(named, text)
    return text
  }
  return ({ own }, named) => {
    const profile = named.ok ? textOf(named.value) : ''
    return sha256(`${kit}\n${profile}\n${JSON.stringify(own.value)}`)
  }
}
