/**
 * The right end of any sequence of installers, as docs/record.md describes it. Contents are opaque names: a version of a
 * profile such as `A1`, `defaults`, `edit`, or the content that was there at the beginning.
 */
export type Way = 'beginning' | 'previous' | 'defaults'
export type Step =
  | { readonly do: 'edit'; readonly part: string }
  | { readonly do: 'install'; readonly kit: string; readonly untouched?: readonly string[] }
  | {
      readonly do: 'uninstall'
      readonly kit: string
      readonly way: Way
      readonly force: boolean
      readonly untouched?: readonly string[]
    }

/** The contents of the parts of a machine: its file and its running values on Unix, its registry on Windows. */
export type Contents = Readonly<Record<string, string>>
export interface Machine {
  readonly now: Contents
  readonly record?: {
    readonly beginning: Contents
    readonly installed: string
    readonly previous?: string
    readonly known: readonly string[]
  }
}

/** `A` of `A1`: its versions can uninstall each other. */
const profileOf = (kit: string): string => kit.slice(0, 1)

/** The machine after a step, and whether the step was refused; parts in `untouched` keep their content (--no-apply). */
export function after({ now, record }: Machine, step: Step): { readonly machine: Machine; readonly refused: boolean } {
  const refuse = { machine: { now, ...(record && { record }) }, refused: true }
  if (step.do === 'edit')
    return { machine: { ...refuse.machine, now: { ...now, [step.part]: 'edit' } }, refused: false }
  const all = (goal: (part: string) => string): Contents =>
    Object.fromEntries(
      Object.entries(now).map(([part, is]) => [part, step.untouched?.includes(part) ? is : goal(part)]),
    )
  if (step.do === 'uninstall' && record === undefined && step.way !== 'defaults')
    return { ...refuse, refused: step.way === 'previous' }
  if (step.do === 'uninstall' && record !== undefined && !step.force) {
    const other = record.installed !== 'defaults' && profileOf(record.installed) !== profileOf(step.kit)
    const edited = Object.entries(now).some(
      ([part, is]) => !step.untouched?.includes(part) && is !== record.beginning[part] && !record.known.includes(is),
    )
    if (other || edited) return refuse
  }
  if (step.do === 'uninstall' && step.way === 'previous' && record?.previous === undefined) return refuse
  if (step.do === 'uninstall' && step.way === 'beginning' && record !== undefined)
    return { machine: { now: all((part) => record.beginning[part] ?? '') }, refused: false }
  const goal = step.do === 'install' ? step.kit : step.way === 'defaults' ? 'defaults' : (record?.previous ?? '')
  if (record === undefined && Object.values(now).every((is) => is === goal)) return { ...refuse, refused: false }
  const { installed, previous, beginning = now, known = [] } = record ?? {}
  const back = step.do === 'uninstall' && step.way === 'previous'
  const before = back ? undefined : goal === installed ? previous : installed
  return {
    machine: {
      now: all(() => goal),
      record: {
        beginning,
        installed: goal,
        ...(before !== undefined && { previous: before }),
        known: [...new Set([...known, goal])],
      },
    },
    refused: false,
  }
}
