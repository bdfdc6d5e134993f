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

/** The place of a target's setting, as a file names it. */
export interface SettingPlace {
  /** The same for all spellings of the same place. */
  readonly id: string
  /** 0 for the place that the running system reads; higher for copies and second stacks. */
  readonly rank: number
  readonly options: OptionValues
  /** Whether it belongs to a second stack: it then says nothing about the first, which decides. */
  readonly second: boolean
}

/** A statement about a setting of a target, with its place. */
export interface Matched {
  readonly statement: Statement
  readonly target: Target
  readonly field: Field
  readonly setting: Setting
  readonly place: SettingPlace
}

/** Looks up statements one by one; a registry of hundreds of megabytes has millions of them. */
export interface SettingIndex {
  /** The targets that have the statement's name and place as a setting. */
  readonly find: (statement: Statement) => readonly Matched[]
  /** Whether a statement, at any place, has the name of a setting of the same kind of system. */
  readonly isNamed: (statement: Statement) => boolean
  /** Whether a statement is beside a target's settings: in the same key, or among the sysctls about keep-alive. */
  readonly isBeside: (statement: Statement) => boolean
  /** The name of the setting that a misspelt statement probably means; `undefined` if no name is similar enough. */
  readonly meant: (statement: Statement) => string | undefined
}

/**
 * The most letters that are wrong, missing or added in a slip: `tcp_keepalive_interval`. Names have a dozen letters or
 * more.
 */
const SLIP = 3

interface Known {
  readonly target: Target
  readonly named: ReadonlyMap<string, { readonly field: Field; readonly setting: Setting }>
  readonly locate: (key: string) => SettingPlace | undefined
  /** Whether the last part of a sysctl's name is that of such a setting, even if misspelt. */
  readonly isAbout: (part: string) => boolean
}

/** An index of the settings of these targets, for looking up statements. */
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

/** Names in a registry ignore case, names of sysctls do not. */
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
 * The option that a part of a path stands for; `undefined` if no place has that part. A name that running machines use
 * gives no option: there, or in an export of an image under that name, the key is a copy of the place.
 */
function optionOf(name: string, options: Target['options'], text: string): OptionValues | undefined {
  const option = options[name]
  if (option === undefined) throw new Error(`bug: a key of the registry names the option ${name}, which is not there`)
  if (option.kind === 'name') return option.taken.includes(text.toUpperCase()) ? {} : { [name]: text }
  if (option.kind !== 'number' || !/^[0-9]{3}$/.test(text)) return undefined
  const number = Number(text)
  return number >= option.range.min && number <= option.range.max ? { [name]: number } : undefined
}

/** `{hive}` in a path stands for the option's value; names in a registry ignore case. */
function patternOf({ path }: RegistryKey): { readonly pattern: RegExp; readonly names: readonly string[] } {
  const names = [...path.matchAll(/\{([a-z-]+)\}/g)].map(([, name]) => String(name))
  const source = path
    .split(/\{[a-z-]+\}/)
    .map((part) => part.replace(/[\\.]/g, '\\$&'))
    .join('([A-Za-z0-9_-]{1,31})')
  return { pattern: new RegExp(`^${source}$`, 'i'), names }
}
