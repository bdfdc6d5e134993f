import { messagesAbout } from '../message.ts'
import type { BadName } from '../file-name.ts'
import { listed, show, suggestion } from '../words.ts'

const { error, warning } = messagesAbout('input')

/** The probable meaning of a key that a profile cannot have, and the text to write instead. */
export type MeantKey = { readonly write: readonly string[] } & (
  | {
      /** The name that an operating system has for a field. */
      readonly kind: 'native'
      readonly field: string
      /** The unit that these systems count in, where the value is a number without one. */
      readonly families: readonly string[]
      readonly unit?: string
      /** The value cannot be carried over, so another one is written in its place. */
      readonly example: boolean
    }
  /** A target, whose values belong in a group: overrides or options. */
  | { readonly kind: 'target'; readonly target: string; readonly group: string }
)

const UNITS: Readonly<Record<string, string>> = { ms: 'milliseconds', s: 'seconds' }

function insteadOfKey(key: string, meant: MeantKey): string {
  const write = `write ${meant.write.join(' or ')}`
  if (meant.kind === 'target') return `${show(key)} is for one target only; ${write}`
  const called = `${show(key)} is called ${meant.field} in a profile`
  if (meant.unit !== undefined)
    return `${called}; ${listed(meant.families)} counts it in ${UNITS[meant.unit]}, so ${write}`
  return meant.example ? `${called}; write for example ${meant.write.join(' or ')}` : `${called}; ${write}`
}

/** Problems with a profile: its text, its values, and the settings of a target. */
export const PROFILE_MESSAGES = {
  'document/too-large': error(
    (d: { max: number }) => `the file has more than ${d.max} bytes; a profile is a page of text`,
  ),
  'document/not-text': error(
    (d: { offset: number; utf16: boolean }) =>
      `${d.utf16 ? 'this is UTF-16' : `byte ${d.offset} is not UTF-8 text`}; save the profile as UTF-8`,
  ),
  'document/syntax': error((d: { reason: string }) => `this is not YAML: ${d.reason}`),
  'document/missing-colon': error(
    (d: { key: string; between: string; write: string }) =>
      `${d.between === '' ? `the colon after ${d.key} is missing` : d.between === ':' ? `a blank is missing after the colon of ${d.key}` : `a colon belongs after ${d.key}, not ${d.between}`}; write ${show(d.write)}`,
  ),
  'document/too-deep': error((d: { max: number }) => `brackets or lists are nested more than ${d.max} levels deep`),
  'document/empty': error('the file is empty; a profile needs name, idle and interval (keepalive-kit init writes one)'),
  'document/second-document': error(
    'a second document begins here; a file holds one profile, so remove the line --- or split the file',
  ),
  'document/duplicate-key': error(
    (d: { key: string; line: number }) => `${show(d.key)} is set twice; the first is in line ${d.line}`,
  ),
  'document/alias': error('anchors and aliases (& and *) are not allowed; write the value out'),
  'document/tag': error('tags (!) are not allowed; write the plain value'),
  'document/key-not-text': error('a key must be plain text, such as idle'),
  'document/ambiguous-number': error(
    (d: { text: string }) =>
      `some programs read ${show(d.text)} as octal, others as decimal; write it without leading zeros`,
  ),

  'profile/wrong-type': error(
    (d: { key: string; expected: string; found: string }) => `${d.key} must be ${d.expected}, not ${d.found}`,
  ),
  'profile/missing-key': error(
    (d: { key: string; example: string }) => `${d.key} is missing; write for example ${d.example}`,
  ),
  'profile/unknown-key': error((d: { key: string; known: readonly string[]; meant?: MeantKey }) =>
    d.meant === undefined
      ? `there is no key ${show(d.key)}${suggestion(d.key, 'keys here', d.known)}`
      : insteadOfKey(d.key, d.meant),
  ),
  'profile/unknown-target': error(
    (d: {
      target: string
      known: readonly string[]
      instead?: { readonly target: string; readonly systems: string }
    }) =>
      d.instead === undefined
        ? `there is no target ${show(d.target)}${suggestion(d.target, 'targets', d.known)}`
        : `there is no target ${show(d.target)}; write ${d.instead.target} (${d.instead.systems})`,
  ),
  'profile/no-targets': error('targets is empty; name at least one, or leave the line out for all of them'),
  'profile/duplicate-target': error((d: { target: string; first: string }) =>
    d.target === d.first
      ? `target ${d.target} is named twice`
      : `${d.target} is another name of ${d.first}, which is named already`,
  ),
  'profile/override-without-target': warning(
    (d: { key: string; target: string }) => `${d.key} for ${d.target} have no effect, since targets does not name it`,
  ),
  'extends/not-a-profile': error(
    (d: { file: string }) => `${show(d.file)} is no profile: it has no key of one, such as idle; name a profile`,
  ),
  'extends/too-many': error(
    (d: { most: number }) => `more than ${d.most} profiles extend each other in a row; join some of them in one file`,
  ),
  'extends/missing': error((d: { why: string; instead?: string }) => `the profile to extend cannot be read: ${d.why}`),
  'extends/cycle': error(
    (d: { files: readonly string[] }) =>
      `${d.files.join(' extends ')}: a profile cannot extend itself; take the line out of one of them`,
  ),
  'extends/not-here': error('the profile to extend cannot be looked up here; write its values out instead'),

  'profile/no-options': error(
    (d: { target: string; known: readonly string[] }) =>
      `${d.target} has no options; targets that have some: ${d.known.join(', ')}`,
  ),
  'profile/bad-option': error(
    (d: { key: string; text: string; why: string }) => `${d.key} cannot be ${show(d.text)}: ${d.why}`,
  ),
  'profile/bad-name': error(
    (d: BadName) => `the name ${show(d.name)} ${d.why}${d.instead === undefined ? '' : `; write name: ${d.instead}`}`,
  ),
  'profile/bad-title': error((d: { why: string }) => `the title ${d.why}`),
  'profile/unit-missing': error(
    (d: { key: string; text: string }) =>
      `${d.key} has no unit; write ${d.text}s for seconds or ${d.text}ms for milliseconds`,
  ),
  'profile/bad-duration': error(
    (d: { key: string; text: string; hint: string }) => `${d.key} cannot be ${show(d.text)}: ${d.hint}`,
  ),
  'profile/duration-too-long': error(
    (d: { key: string; text: string }) => `${d.key} cannot be ${show(d.text)}: no system can hold a time that long`,
  ),
  'profile/zero': error(
    (d: { key: string; why: string; least: string }) => `${d.key} cannot be 0: ${d.why}; the minimum is ${d.least}`,
  ),
  'profile/bad-probes': error(
    (d: { text: string }) => `probes cannot be ${show(d.text)}; write a whole number of at least 1, such as 9`,
  ),
  'profile/duplicate-name': error(
    (d: { name: string; first: string }) =>
      `the name ${d.name} is taken by ${d.first}; their output would overwrite each other`,
  ),
  'profile/no-such-target-selected': error(
    (d: { name: string; targets: readonly string[]; has: readonly string[] }) =>
      `profile ${d.name} is not for ${d.targets.join(' or ')}; it is for ${d.has.join(', ')}`,
  ),

  'setting/not-representable': error(
    (d: { target: string; key: string; value: string; step: string; why: string; instead: readonly string[] }) =>
      `${d.target}: ${d.key} cannot hold ${d.value} exactly; it counts in steps of ${d.step} (${d.why}). Write ${d.instead.join(' or ')}`,
  ),
  'setting/out-of-range': error(
    (d: { target: string; key: string; value: string; min: string; max: string }) =>
      `${d.target}: ${d.key} cannot be ${d.value}; it takes ${d.min} to ${d.max}`,
  ),
  'setting/unsupported': warning(
    (d: { target: string; field: string; instead: string }) =>
      `${d.target} has no setting for ${d.field}: ${d.instead}`,
  ),
} as const
