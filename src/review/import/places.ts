import { distance } from 'fastest-levenshtein'
import type { Statement } from '../../core/capture.ts'
import {
  FIELDS,
  type Field,
  type OptionValues,
  type RegistryKey,
  type Setting,
  type Target,
} from '../../core/target.ts'

/** A place of a target's settings, as a file names it. */
export interface SettingPlace {
  /** The same for all spellings of the same place. */
  readonly id: string
  /** 0 for the place that the running system reads; higher for copies and second stacks. */
  readonly rank: number
  readonly options: OptionValues
  /** A second stack's: it says nothing about the first, which decides. */
  readonly second: boolean
}

/** A statement about a setting of a target, and where it stands. */
export interface Matched {
  readonly statement: Statement
  readonly target: Target
  readonly field: Field
  readonly setting: Setting
  readonly place: SettingPlace
}

/** Answers for statements in turn; a registry of hundreds of megabytes has millions of them. */
export interface SettingIndex {
  /** The targets that have this as a setting. */
  readonly find: (statement: Statement) => readonly Matched[]
  /** Whether it has the name of a setting of the same kind of system, wherever it stands. */
  readonly isNamed: (statement: Statement) => boolean
  /** Whether it stands beside the settings of a target: in the same key, or among the sysctls about keep-alive. */
  readonly isBeside: (statement: Statement) => boolean
  /** The name of a setting that one of these almost has; `undefined` where it is none of a slip's length away. */
  readonly meant: (statement: Statement) => string | undefined
}

/** Letters that are wrong, missing or too many in a slip: `tcp_keepalive_interval`. Names of settings have a dozen and more. */
const SLIP = 3

interface Known {
  readonly target: Target
  readonly named: ReadonlyMap<string, { readonly field: Field; readonly setting: Setting }>
  readonly locate: (key: string) => SettingPlace | undefined
  /** Whether the last part of a sysctl's name is that of such a setting, be it misspelt. */
  readonly isAbout: (part: string) => boolean
}

export function settingIndex(targets: readonly Target[]): SettingIndex {
  const known = targets.map(knowledgeOf)
  const of = ({ store }: Statement) => known.filter(({ target }) => target.store.kind === store)
  return {
    find: (statement) =>
      of(statement).flatMap(({ target, named, locate }) => {
        const hit = named.get(nameOf(statement))
        const place = hit && locate(statement.key)
        return hit === undefined || place === undefined ? [] : [{ statement, target, place, ...hit }]
      }),
    isNamed: (statement) => of(statement).some(({ named }) => named.has(nameOf(statement))),
    meant: (statement) => {
      const keys = of(statement).flatMap(({ target }) => keysOf(target))
      const name = nameOf(statement)
      return keys.find((key) => distance(name, nameOf({ ...statement, name: key })) <= SLIP)
    },
    isBeside: (statement) =>
      statement.store === 'registry'
        ? of(statement).some(({ locate }) => locate(statement.key) !== undefined)
        : of(statement).some(({ isAbout }) => isAbout(lastPart(statement.name ?? ''))),
  }
}

function knowledgeOf(target: Target): Known {
  const named = FIELDS.flatMap((field) => {
    const setting = target.settings[field]
    const { kind: store } = target.store
    return setting.kind === 'unsupported' ? [] : [[nameOf({ store, name: setting.key }), { field, setting }] as const]
  })
  const isAbout = (part: string) => target.store.words?.some((word) => part.includes(word)) ?? false
  return { target, named: new Map(named), locate: locator(target), isAbout }
}

function keysOf({ settings }: Target): readonly string[] {
  return FIELDS.flatMap((field) => {
    const setting = settings[field]
    return setting.kind === 'unsupported' ? [] : [setting.key]
  })
}

/** Names of a registry have no case, those of sysctls have. */
function nameOf({ store, name = '' }: { readonly store: string; readonly name: string | undefined }): string {
  return store === 'registry' ? name.toLowerCase() : name
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

const SYSCTL: SettingPlace = { id: 'sysctl', rank: 0, options: {}, second: false }

function locator({ store, options }: Target): (key: string) => SettingPlace | undefined {
  if (store.keys === undefined) return () => SYSCTL
  const patterns = store.keys.map((place, rank) => ({ ...patternOf(place), rank, fixed: place.options }))
  const answers = new Map<string, SettingPlace | undefined>()
  const locate = (key: string): SettingPlace | undefined => {
    for (const { pattern, names, rank, fixed } of patterns) {
      const match = pattern.exec(key)
      if (match === null) continue
      const said = names.map((name, index) => optionOf(name, options, String(match[index + 1])))
      if (said.includes(undefined)) continue
      return {
        id: key.toLowerCase(),
        rank,
        options: Object.assign({}, ...said, fixed) as OptionValues,
        second: fixed !== undefined,
      }
    }
    return undefined
  }
  // The values of one key follow each other.
  return (key) => {
    if (!answers.has(key)) {
      answers.clear()
      answers.set(key, locate(key))
    }
    return answers.get(key)
  }
}

/**
 * What a part of a path says about an option; `undefined` where no place has it. A name that a running machine has says
 * nothing: there, or in an export of an image that calls itself so, stands a copy of the place.
 */
function optionOf(name: string, options: Target['options'], text: string): OptionValues | undefined {
  const option = options[name]
  if (option === undefined) throw new Error(`bug: a key of the registry names the option ${name}, which is not there`)
  if (option.kind === 'name') return option.taken.includes(text.toUpperCase()) ? {} : { [name]: text }
  if (option.kind !== 'number' || !/^[0-9]{3}$/.test(text)) return undefined
  const number = Number(text)
  return number >= option.range.min && number <= option.range.max ? { [name]: number } : undefined
}

/** `{hive}` in a path stands for what the option takes; the names of a registry have no case. */
function patternOf({ path }: RegistryKey): { readonly pattern: RegExp; readonly names: readonly string[] } {
  const names = [...path.matchAll(/\{([a-z-]+)\}/g)].map(([, name]) => String(name))
  const source = path
    .split(/\{[a-z-]+\}/)
    .map((part) => part.replace(/[\\.]/g, '\\$&'))
    .join('([A-Za-z0-9_-]{1,31})')
  return { pattern: new RegExp(`^${source}$`, 'i'), names }
}
