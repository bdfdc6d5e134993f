import { parseDuration } from '../core/duration.ts'
import { FIELDS, findTarget, type Field, type Registry, type Setting } from '../core/target.ts'
import { meantTarget } from '../core/target-words.ts'
import { nearest } from '../core/words.ts'
import type { MeantKey } from '../core/messages/profile.ts'
import { isGroup } from './group.ts'

/** A key that a profile does not have, with its value; `text` is the value as it was typed, where it is one word. */
export interface StrayKey {
  readonly key: string
  readonly value: unknown
  readonly text: string | undefined
}

/** Example values, for a typed value that cannot be used as it is. */
const EXAMPLES: Readonly<Record<Field, string>> = {
  idle: '20s',
  interval: '5s',
  probes: '9',
  init: '75s',
  always: 'true',
}

/** Setting names of at least this length are recognised although a letter or two are wrong. */
const LONG_NAME = 10

interface Native {
  readonly field: Field
  readonly family: string
  readonly setting: Setting
}

/** The field that a key names as an operating system does: `KeepAliveTime`, `net.inet.tcp.keepidle`, `tcp_keepalive_time`. */
export function nativeKey(registry: Registry, { key, text }: StrayKey): MeantKey | undefined {
  const natives = nativeSettings(registry)
  const exact = natives.filter(({ setting }) => ownName(setting.key) === ownName(key))
  const found = exact.length > 0 ? exact : alike(natives, loose(key))
  const [first] = found
  if (first === undefined) return undefined
  const { field } = first
  // Only the exact name says which system is meant, and so the unit.
  const units = new Set(exact.flatMap(({ setting }) => (setting.kind === 'duration' ? [setting.unit] : [])))
  const [unit] = units.size === 1 && isNumber(text) ? units : []
  const families = unit === undefined ? [] : [...new Set(exact.map(({ family }) => family))]
  const values = valuesFor(first.setting, text, unit)
  const write = (values.length > 0 ? values : [EXAMPLES[field]]).map((value) => `${field}: ${value}`)
  const example = values.length === 0
  return { kind: 'native', field, families, ...(unit === undefined ? {} : { unit }), example, write }
}

/** The target that a key at the top names, `windows: { idle: 5s }`, alone or before a field, `windows.idle: 5s`. */
export function targetKey(registry: Registry, { key, value, text }: StrayKey): MeantKey | undefined {
  const [, name = key, field] = /^(.+)\.([a-z]+)$/.exec(key) ?? []
  const target = findTarget(registry, name) ?? meantTarget(registry, name)
  if (target === undefined) return undefined
  const isOption = (one: string) => Object.hasOwn(target.options, one)
  const keys = field === undefined ? (isGroup(value) ? Object.keys(value) : []) : [field]
  const group = keys.length > 0 && keys.every(isOption) ? 'options' : 'overrides'
  const values = field === undefined ? '{ ... }' : `{ ${field}: ${text ?? '...'} }`
  return { kind: 'target', target: target.id, group, write: [`${group}: { ${target.id}: ${values} }`] }
}

function nativeSettings(registry: Registry): readonly Native[] {
  return [...registry.values()].flatMap(({ family, settings }) =>
    FIELDS.flatMap((field): readonly Native[] => {
      const setting = settings[field]
      return setting.kind === 'unsupported' ? [] : [{ field, family, setting }]
    }),
  )
}

/** The last part of a path of names, without its case: `keepidle` of `net.inet.tcp.keepidle`. */
function ownName(key: string): string {
  return String(key.split(/[./\\]/).at(-1)).toLowerCase()
}

/** Without punctuation and `tcp` before it, as in the names of socket options: `keepidle` of `TCP_KEEPIDLE`. */
function loose(key: string): string {
  return ownName(key)
    .replace(/[^a-z0-9]/g, '')
    .replace(/^tcp/, '')
}

function alike(natives: readonly Native[], name: string): readonly Native[] {
  const same = natives.filter(({ setting }) => loose(setting.key) === name)
  if (same.length > 0) return same
  const near = nearest(
    name,
    natives.map(({ setting }) => loose(setting.key)).filter((one) => one.length >= LONG_NAME),
  )
  return natives.filter(({ setting }) => loose(setting.key) === near)
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^[1-9][0-9]{0,15}$/.test(text)
}

/** The value as a profile writes it, once for each unit that it may have; empty if it is no value of such a setting. */
function valuesFor({ kind }: Setting, text: string | undefined, unit: 'ms' | 's' | undefined): readonly string[] {
  if (text === undefined) return []
  if (kind === 'switch')
    return /^(?:1|true|yes|on)$/i.test(text) ? ['true'] : /^(?:0|false|no|off)$/i.test(text) ? ['false'] : []
  if (kind === 'count') return /^[1-9][0-9]{0,8}$/.test(text) ? [text] : []
  if (isNumber(text)) return (unit === undefined ? ['s', 'ms'] : [unit]).map((one) => `${text}${one}`)
  const ms = parseDuration(text)
  return typeof ms === 'number' && ms > 0 ? [text] : []
}
