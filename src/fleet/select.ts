import { problem } from '../core/diagnostic.ts'
import { allOf, failure, success, type Result } from '../core/result.ts'
import { matchesGlob } from '../core/glob.ts'
import type { Registry } from '../core/target.ts'
import { targetIds } from '../core/target-words.ts'
import type { Device } from './device.ts'

/** A way to choose devices; `targets` returns those of the device, `undefined` if they are not known: then it fits. */
export interface Alternative {
  readonly text: string
  readonly fits: (device: Device, targets: () => readonly string[] | undefined) => boolean
}

/** A `--select`: it chooses the devices that fit one of its alternatives. */
export type Select = readonly Alternative[]

/** Whether a `--select` chooses a device. */
export function isChosenBy(select: Select, device: Device, targets: () => readonly string[] | undefined): boolean {
  return select.some(({ fits }) => fits(device, targets))
}

/**
 * Reads a `--select`: `tag:WORD` (a site is a tag too), `site:TEXT`, `target:ID`, or a name with `*` for any characters and
 * `?` for one; several with commas between are alternatives. An unknown target is a `profile/unknown-target`, nothing to
 * choose a `usage`.
 */
export function parseSelect(registry: Registry, text: string): Result<Select> {
  const parts = allOf(partsOf(text).map((part) => selectOne(registry, part)))
  if (!parts.ok) return parts
  if (parts.value.length === 0) return failure(problem('usage', { message: nothingChosen(registry, text) }))
  return success(parts.value)
}

function nothingChosen(registry: Registry, text: string): string {
  const ids = [...registry.keys()].join(', ')
  return `--select ${JSON.stringify(text)} chooses nothing; write tag:WORD, site:TEXT, target:ID (${ids}) or a name with * in it`
}

function partsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function selectOne(registry: Registry, text: string): Result<Alternative> {
  const alternative = (fits: Alternative['fits']) => success({ text, fits })
  const [kind = '', ...rest] = text.split(':')
  const word = rest.join(':').trim()
  if ((kind === 'tag' || kind === 'site') && word === '')
    return failure(problem('usage', { message: nothingChosen(registry, text) }))
  if (kind === 'tag') return alternative(({ tags, site }) => tags.includes(word) || site === word)
  if (kind === 'site') return alternative(({ site }) => site === word)
  if (kind === 'target') {
    const ids = targetIds(registry, [word])
    if (!ids.ok) return ids
    return alternative((_, targets) => {
      const own = targets()
      return own === undefined || ids.value.some((id) => own.includes(id))
    })
  }
  const pattern = text.toLowerCase()
  return alternative(({ name }) => matchesGlob(pattern, name.toLowerCase()))
}
