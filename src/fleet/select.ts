import { problem } from '../core/diagnostic.ts'
import { allOf, failure, success, type Result } from '../core/result.ts'
import type { Registry } from '../core/target.ts'
import { targetIds } from '../core/target-words.ts'
import type { Device } from './device.ts'

/** Whether a device is chosen; `targets` returns the device's targets. */
export type Select = (device: Device, targets: () => readonly string[]) => boolean

/**
 * A `--select`: `tag:WORD` (a site is a tag too), `target:ID`, or a name with `*` for any characters and `?` for one; several
 * with commas between are alternatives. An unknown target is a `profile/unknown-target`, nothing to choose a `usage`.
 */
export function parseSelect(registry: Registry, text: string): Result<Select> {
  const parts = allOf(partsOf(text).map((part) => selectOne(registry, part)))
  if (!parts.ok) return parts
  if (parts.value.length === 0) return failure(problem('usage', { message: nothingChosen(registry, text) }))
  return success((device, targets) => parts.value.some((part) => part(device, targets)))
}

function nothingChosen(registry: Registry, text: string): string {
  const ids = [...registry.keys()].join(', ')
  return `--select ${JSON.stringify(text)} chooses nothing; write tag:WORD, target:ID (${ids}) or a name with * in it`
}

const TARGET = 'target:'

function partsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function selectOne(registry: Registry, part: string): Result<Select> {
  if (part.startsWith('tag:')) return success(({ tags }) => tags.includes(part.slice(4)))
  if (part.startsWith(TARGET)) {
    const ids = targetIds(registry, [part.slice(TARGET.length)])
    return ids.ok ? success((_, targets) => ids.value.some((id) => targets().includes(id))) : ids
  }
  const pattern = new RegExp(
    `^${part
      .replace(/[^A-Za-z0-9*?]/g, (sign) => `\\${sign}`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  )
  return success(({ name }) => pattern.test(name))
}
