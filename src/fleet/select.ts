import { findTarget, type Registry } from '../core/target.ts'
import type { Device } from './device.ts'

/** Whether a device is chosen; `targets` returns the device's targets. */
export type Select = (device: Device, targets: () => readonly string[]) => boolean

/**
 * A `--select`: `tag:WORD` (a site is a tag too), `target:ID`, or a name with `*` for any characters and `?` for one; several
 * with commas between are alternatives. `undefined` if it names an unknown target.
 */
export function parseSelect(registry: Registry, text: string): Select | undefined {
  const parts = partsOf(text).map((part) => selectOne(registry, part))
  if (parts.length === 0 || parts.includes(undefined)) return undefined
  return (device, targets) => parts.some((part) => part?.(device, targets))
}

/** The targets that a `--select` names, whether there are such targets or not. */
export function targetNamesIn(text: string): readonly string[] {
  return partsOf(text).flatMap((part) => (part.startsWith(TARGET) ? [part.slice(TARGET.length)] : []))
}

const TARGET = 'target:'

function partsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function selectOne(registry: Registry, part: string): Select | undefined {
  if (part.startsWith('tag:')) return ({ tags }) => tags.includes(part.slice(4))
  if (part.startsWith(TARGET)) {
    const id = findTarget(registry, part.slice(TARGET.length))?.id
    return id === undefined ? undefined : (_, targets) => targets().includes(id)
  }
  const pattern = new RegExp(
    `^${part
      .replace(/[^A-Za-z0-9*?]/g, (sign) => `\\${sign}`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  )
  return ({ name }) => pattern.test(name)
}
