import { dump } from 'js-yaml'
import { utf8Bytes } from '../../core/bytes.ts'
import { isError, movedTo, problem, type Diagnostic, type Severity } from '../../core/diagnostic.ts'
import { formatDuration } from '../../core/duration.ts'
import { valueText } from '../../core/profile.ts'
import { resolve } from '../../core/resolve.ts'
import { defaultText, defaultValue, profileValue } from '../../core/setting.ts'
import { FIELDS, type Field, type Registry, type Target } from '../../core/target.ts'
import { readProfile } from '../../source/profile.ts'
import type { CaptureReading, TargetReading } from './reading.ts'

/** A profile that generates the values that were read, or the reasons why it could not be made. */
export interface Imported {
  /** The profile as YAML; left out if the diagnostics have an error. */
  readonly text: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** A value as a profile writes it. */
type Written = string | number | boolean
type WrittenValues = Partial<Record<Field, Written>>

/**
 * Turns readings into a profile that generates the same values. A value that a profile cannot hold exactly is an error
 * at its line. If only one of the two times is set, the profile gets the default of the other, which holds on such a
 * machine, and a diagnostic names it.
 */
export function profileOf(
  registry: Registry,
  name: string,
  title: string | undefined,
  findings: CaptureReading,
): Imported {
  const readings = findings.readings.filter(({ settings }) => settings.length > 0)
  const removed = findings.readings.flatMap((one) => removal(one, readings.length === 0 ? 'error' : 'warning'))
  if (readings.length === 0) return { text: undefined, diagnostics: removed }
  const inOrder = [...registry.values()].flatMap(({ id }) => readings.filter(({ target }) => target.id === id))
  const written = inOrder.map((reading) => ({ reading, values: writtenValues(reading) }))
  const common = commonValues(written)
  const text = yaml(name, title, common, written)
  const { read, diagnostics } = readProfile(registry, utf8Bytes(text), name)
  const wrong = [
    ...diagnostics.map((one) => atStatement(one, readingAt(one, common, written))),
    ...(read === undefined
      ? []
      : inOrder.flatMap((reading) =>
          resolve(read.profile, reading.target).diagnostics.map((one) => atStatement(one, reading)),
        )),
  ]
  const found = [...wrong, ...inOrder.flatMap(defaultsTaken), ...inOrder.flatMap(oddSwitches), ...removed]
  const sound = !found.some(isError)
  return { text: sound ? text : undefined, diagnostics: found }
}

function writtenValues({ target, settings }: TargetReading): WrittenValues {
  const read = settings.map(
    ({ field, setting, value }) => [field, valueText(field, profileValue(setting, value))] as const,
  )
  const defaults = (['idle', 'interval'] as const).map((field) => [field, defaultTime(target, field)] as const)
  return Object.fromEntries([...defaults, ...read])
}

function defaultTime({ settings }: Target, field: 'idle' | 'interval'): string {
  return formatDuration(Number(defaultValue(settings[field])))
}

interface Part {
  readonly reading: TargetReading
  readonly values: WrittenValues
}

/** The values that all targets have, and the times that most of them have. */
function commonValues(parts: readonly Part[]): WrittenValues {
  return Object.fromEntries(
    FIELDS.flatMap((field) => {
      const all = parts.map(({ values }) => values[field])
      const count = (value: Written | undefined) => all.filter((one) => one === value).length
      const [most] = all.toSorted((a, b) => count(b) - count(a))
      const needed = field === 'idle' || field === 'interval'
      return most !== undefined && (needed || count(most) === all.length) ? [[field, most]] : []
    }),
  )
}

/** Common values come first; values of single targets become overrides. */
function yaml(name: string, title: string | undefined, common: WrittenValues, parts: readonly Part[]): string {
  const overrides = parts.flatMap(({ reading, values }) => {
    const own = Object.entries(values).filter(([field, value]) => common[field as Field] !== value)
    return own.length === 0 ? [] : [[reading.target.id, Object.fromEntries(own)] as const]
  })
  const options = parts.flatMap(({ reading: { target, options: read } }) => {
    const own = Object.entries(read).filter(([option, value]) => target.options[option]?.default !== value)
    return own.length === 0 ? [] : [[target.id, Object.fromEntries(own)] as const]
  })
  return dump(
    {
      name,
      ...(title === undefined ? {} : { title }),
      ...common,
      targets: parts.map(({ reading }) => reading.target.id),
      ...(overrides.length === 0 ? {} : { overrides: Object.fromEntries(overrides) }),
      ...(options.length === 0 ? {} : { options: Object.fromEntries(options) }),
    },
    { lineWidth: -1 },
  )
}

/**
 * The reading behind a diagnostic of the profile: the target of an override or option, else the first that has the
 * common values.
 */
function readingAt({ path }: Diagnostic, common: WrittenValues, parts: readonly Part[]): TargetReading | undefined {
  const field = path.at(-1) as Field
  return path[0] === 'overrides' || path[0] === 'options'
    ? parts.find(({ reading }) => reading.target.id === path[1])?.reading
    : parts.find(
        ({ reading, values }) => values[field] === common[field] && reading.settings.some((one) => one.field === field),
      )?.reading
}

/** Points at the line with the value, since the profile is not written yet. */
function atStatement(one: Diagnostic, reading: TargetReading | undefined): Diagnostic {
  const said = reading?.settings.find(({ field }) => one.path[0] === 'options' || field === one.path.at(-1))
  return movedTo(one, said?.statement.location)
}

function defaultsTaken({ target, settings }: TargetReading): readonly Diagnostic[] {
  return (['idle', 'interval'] as const)
    .filter((field) => !settings.some((one) => one.field === field))
    .map((field) => {
      const { key } = target.settings[field]
      const data = { field, target: target.id, value: defaultText(target.settings[field]), key }
      return problem('import/default-taken', data, { path: [field] })
    })
}

/** Any number other than 0 means on; the kit writes 1. */
function oddSwitches({ target, settings }: TargetReading): readonly Diagnostic[] {
  return settings
    .filter(({ setting, value }) => setting.kind === 'switch' && value !== 0 && value !== 1)
    .map(({ setting, value, statement: { location } }) =>
      problem('import/odd-switch', { target: target.id, key: setting.key, value }, { location }),
    )
}

/** A file that only removes settings gives no profile. */
function removal({ target, removed }: TargetReading, severity: Severity): readonly Diagnostic[] {
  const location = removed[0]?.statement.location
  if (location === undefined) return []
  const data = { target: target.id, keys: removed.map(({ setting }) => setting.key) }
  return [problem('import/removes', data, { severity, location })]
}
