import { didYouMean, show } from '../words.ts'

/** What can be wrong with a profile: its text, what it says, and what a target makes of it. */
export const PROFILE_MESSAGES = {
  'document/too-large': (d: { max: number }) => `the file has more than ${d.max} bytes; a profile is a page of text`,
  'document/not-text': (d: { offset: number; utf16: boolean }) =>
    `${d.utf16 ? 'this is UTF-16' : `byte ${d.offset} is not UTF-8 text`}; save the profile as UTF-8`,
  'document/syntax': (d: { reason: string }) => `this is not YAML: ${d.reason}`,
  'document/too-deep': (d: { max: number }) => `brackets or lists are nested more than ${d.max} deep`,
  'document/empty': (_: object) =>
    'the file is empty; a profile needs name, idle and interval (keepalive-kit init writes one)',
  'document/second-document': (_: object) =>
    'a second document begins here; a file holds one profile, so remove the line --- or split the file',
  'document/duplicate-key': (d: { key: string; line: number }) =>
    `${show(d.key)} is set twice; the first is in line ${d.line}`,
  'document/alias': (_: object) => 'anchors and aliases (& and *) are not taken; write the value out',
  'document/tag': (_: object) => 'tags (!) are not taken; write the plain value',
  'document/key-not-text': (_: object) => 'a key must be plain text',
  'document/ambiguous-number': (d: { text: string }) =>
    `some programs read ${show(d.text)} as octal, others as decimal; write it without leading zeros`,

  'profile/wrong-type': (d: { key: string; expected: string; found: string }) =>
    `${d.key} must be ${d.expected}, not ${d.found}`,
  'profile/missing-key': (d: { key: string; example: string }) => `${d.key} is missing; write for example ${d.example}`,
  'profile/unknown-key': (d: { key: string; known: readonly string[] }) =>
    `there is no ${show(d.key)}${didYouMean(d.key, d.known)}; possible here: ${d.known.join(', ')}`,
  'profile/unknown-target': (d: { target: string; known: readonly string[] }) =>
    `there is no target ${show(d.target)}${didYouMean(d.target, d.known)}; targets: ${d.known.join(', ')}`,
  'profile/no-targets': (_: object) => 'targets is empty; name at least one, or leave the line out for all of them',
  'profile/duplicate-target': (d: { target: string; first: string }) =>
    d.target === d.first
      ? `target ${d.target} is named twice`
      : `${d.target} is another name of ${d.first}, which is named already`,
  'profile/override-without-target': (d: { key: string; target: string }) =>
    `${d.key} for ${d.target} have no effect: it is not among the targets`,
  'extends/missing': (d: { why: string }) => `what this extends cannot be read: ${d.why}`,
  'extends/cycle': (d: { files: readonly string[] }) =>
    `${d.files.join(' extends ')}: a profile cannot extend itself; take the line out of one of them`,
  'extends/not-here': (_: object) => 'what this extends cannot be looked up here; write its values out',

  'profile/no-options': (d: { target: string; known: readonly string[] }) =>
    `${d.target} has no options; targets that have some: ${d.known.join(', ')}`,
  'profile/bad-option': (d: { key: string; text: string; why: string }) =>
    `${d.key} cannot be ${show(d.text)}: ${d.why}`,
  'profile/bad-name': (d: { name: string; why: string }) => `the name ${show(d.name)} ${d.why}`,
  'profile/bad-title': (d: { why: string }) => `the title ${d.why}`,
  'profile/unit-missing': (d: { key: string; text: string }) =>
    `${d.key} has no unit; write ${d.text}s for seconds or ${d.text}ms for milliseconds`,
  'profile/bad-duration': (d: { key: string; text: string; hint: string }) =>
    `${d.key} cannot be ${show(d.text)}: ${d.hint}`,
  'profile/duration-too-long': (d: { key: string; text: string }) =>
    `${d.key} cannot be ${show(d.text)}: no system can hold a time that long`,
  'profile/zero': (d: { key: string; why: string; least: string }) =>
    `${d.key} cannot be 0: ${d.why}; the least is ${d.least}`,
  'profile/bad-probes': (d: { text: string }) =>
    `probes cannot be ${show(d.text)}; write a whole number of at least 1, such as 9`,
  'profile/duplicate-name': (d: { name: string; first: string }) =>
    `the name ${d.name} is taken by ${d.first}; their output would overwrite each other`,
  'profile/no-such-target-selected': (d: { name: string; targets: readonly string[]; has: readonly string[] }) =>
    `profile ${d.name} is not for ${d.targets.join(' or ')}; it is for ${d.has.join(', ')}`,

  'setting/not-representable': (d: {
    target: string
    key: string
    value: string
    step: string
    why: string
    instead: readonly string[]
  }) =>
    `${d.target}: ${d.key} cannot hold ${d.value} exactly; it counts in steps of ${d.step} (${d.why}). Write ${d.instead.join(' or ')}`,
  'setting/out-of-range': (d: { target: string; key: string; value: string; min: string; max: string }) =>
    `${d.target}: ${d.key} cannot be ${d.value}; it takes ${d.min} to ${d.max}`,
  'setting/unsupported': (d: { target: string; field: string; instead: string }) =>
    `${d.target} has no setting for ${d.field}: ${d.instead}`,
} as const
