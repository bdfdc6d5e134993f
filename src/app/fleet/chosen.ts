import { problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import type { Device } from '../../fleet/device.ts'
import type { Fleet } from '../../fleet/fleet.ts'
import { isChosenBy, type Alternative, type Select } from '../../fleet/select.ts'
import { isIn } from '../../fleet/shard.ts'
import type { Choice } from './request.ts'
import type { FleetWork } from './work.ts'

/** The targets of a device; `undefined` if it has problems, which it must be chosen for to report. */
type TargetsOf = (device: Device, location: Location) => readonly string[] | undefined

/** The targets of devices, by a check of their profiles. */
export function targetsBy(check: FleetWork['check']): TargetsOf {
  return (device, location) => {
    const found = check(device, location)
    return found.ok ? found.value.profile.targets : undefined
  }
}

/** Whether a run makes the zip of a device. */
export function isChosen(
  { shard, selects }: Choice,
  targetsOf: TargetsOf,
  device: Device,
  location: Location,
): boolean {
  if (shard !== undefined && !isIn(shard, device.name)) return false
  return selects.every((select) => isChosenBy(select, device, () => targetsOf(device, location)))
}

/**
 * Reports each alternative of a `--select` that no device of the fleet fits, such as a mistyped tag, and several that no
 * device fits together. A line that cannot be read may hold the device, and is an error of its own.
 */
export function choiceProblems(fleet: Fleet, selects: readonly Select[], targetsOf: TargetsOf): readonly Diagnostic[] {
  if (selects.length === 0) return []
  const unmatched = new Set(selects.flat())
  const words = { tags: new Set<string>(), sites: new Set<string>() }
  let together = false
  for (const one of fleet.list()) {
    if (!one.ok) return []
    const { device, location } = one.value
    const targets = () => targetsOf(device, location)
    for (const alternative of unmatched) if (alternative.fits(device, targets)) unmatched.delete(alternative)
    together ||= selects.every((select) => isChosenBy(select, device, targets))
    if (together && unmatched.size === 0) return []
    for (const tag of device.tags) words.tags.add(tag)
    if (device.site !== undefined) words.sites.add(device.site)
  }
  if (unmatched.size === 0) return [problem('fleet/nothing-chosen', { texts: selects.map(textOf) })]
  return [...unmatched].map(({ text }) => unmatchedProblem(text, [...words.tags], [...words.sites]))
}

const textOf = (select: Select) => select.map(({ text }: Alternative) => text).join(',')

function unmatchedProblem(text: string, tags: readonly string[], sites: readonly string[]): Diagnostic {
  return problem('fleet/unmatched', { text, tags: tags.toSorted(), sites: sites.toSorted() })
}
