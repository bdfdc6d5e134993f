import { canonicalProfile, type Profile } from './profile.ts'

const NO_SETTINGS: ReadonlySet<string> = new Set(['name', 'title', 'targets', 'overrides', 'options'])

/** The settings of a profile for the top of README.txt: `Settings: idle 20s, interval 5s`, and a line for each target with its own. */
export function settingsLines(profile: Profile): readonly string[] {
  const canonical = canonicalProfile(profile)
  const all = Object.fromEntries(Object.entries(canonical).filter(([key]) => !NO_SETTINGS.has(key)))
  const own = profile.targets.flatMap((target) => {
    const text = listText({ ...groupOf(canonical['overrides'], target), ...groupOf(canonical['options'], target) })
    return text === '' ? [] : [`  ${target}: ${text}`]
  })
  return [`Settings: ${listText(all)}`.trimEnd(), ...own]
}

type Group = Readonly<Record<string, unknown>>

function groupOf(groups: unknown, target: string): Group | undefined {
  return (groups as Readonly<Record<string, Group>> | undefined)?.[target]
}

function listText(group: Group): string {
  return Object.entries(group)
    .map(([key, value]) => `${key} ${Array.isArray(value) ? value.map(itemText).join(' and ') : String(value)}`)
    .join(', ')
}

/** A middlebox by its name, or by its name and limit. */
function itemText(item: unknown): string {
  if (typeof item === 'string') return item
  const { name, 'idle-limit': limit } = item as { readonly name: string; readonly 'idle-limit': string }
  return `${name} (${limit})`
}
