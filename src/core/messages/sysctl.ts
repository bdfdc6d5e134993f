import { messagesAbout } from '../message.ts'
import { show, some } from '../words.ts'

const { error, warning } = messagesAbout('capture')

/** Lines that FreeBSD or Linux would skip in a file of settings, or read in another way. */
export const SYSCTL_MESSAGES = {
  'sysctl/several-containers': error(
    (d: { first: number }) =>
      `more than one container has keep-alive values of its own here (the first from line ${d.first} on); leave one of them in the file`,
  ),
  'sysctl/utf-16': error(
    (d: { system: string }) =>
      `the file is UTF-16, in which ${d.system} finds no setting; save it as ASCII or UTF-8 without a byte order mark`,
  ),
  'sysctl/byte-order-mark': error(
    (d: { system: string; lost: boolean }) =>
      `a byte order mark comes before the first line, ${d.lost ? `so ${d.system} does not know the name there and skips the line` : `which ${d.system} takes for a part of that line`}; save the file without it`,
  ),
  'sysctl/not-an-assignment': error(
    (d: { text: string }) => `Linux skips this line: ${show(d.text)} has no =; write name=value`,
  ),
  'sysctl/only-prints': error(
    (d: { name: string }) =>
      `this line has no = and no :, so FreeBSD prints ${d.name} and changes nothing; write ${d.name}=value`,
  ),
  'sysctl/no-name': warning((d: { system: string }) => `${d.system} skips this line: there is no name before the =`),
  'sysctl/bad-name': error(
    (d: { system: string; name: string; hint: string }) =>
      `${d.system} has no setting ${show(d.name)} and skips the line; ${d.hint}`,
  ),
  'sysctl/of-another-system': error(
    (d: { system: string; name: string; owner: string }) =>
      `${d.name} is a setting of ${d.owner}; ${d.system} does not know it and skips the line`,
  ),
  'sysctl/long-line': warning(
    (d: { length: number; most: number }) =>
      `this line has ${d.length} characters; sysctl may read so long a line as two, so keep it below ${d.most}`,
  ),
  'sysctl/nul': warning('this line contains a NUL character, and FreeBSD ignores everything after it; remove it'),

  'sysctl/empty-value': error(
    (d: { system: string; name: string }) =>
      `${d.system} skips this line: ${d.name} has no value; write a whole number`,
  ),
  'sysctl/not-an-integer': error(
    (d: { system: string; name: string; text: string; hint: string }) =>
      `${d.system} skips this line: ${show(d.text)} is not a whole number for ${d.name}; ${d.hint}`,
  ),
  'sysctl/several-numbers': error(
    (d: { name: string; text: string }) =>
      `FreeBSD takes ${show(d.text)} for several numbers, and ${d.name} has one; write the number without blanks and commas`,
  ),
  'sysctl/out-of-range': error(
    (d: { system: string; name: string; text: string; min: number; max: number }) =>
      `${d.system} refuses ${show(d.text)} for ${d.name}; write a whole number from ${d.min} to ${d.max}`,
  ),
  'sysctl/wraps-around': error(
    (d: { name: string; text: string; number: number; refused: boolean }) =>
      `FreeBSD keeps the last 32 bits of ${show(d.text)}, which are ${d.number}${d.refused ? `, and refuses that for ${d.name}` : ''}; write at most 2147483647`,
  ),
  'sysctl/octal': warning(
    (d: { system: string; text: string; number: number; decimal: string }) =>
      `${d.system} reads ${show(d.text)} as octal, which is ${d.number}; write ${d.number}, or ${d.decimal} if that is meant`,
  ),
  'sysctl/rest-ignored': warning(
    (d: { number: number; rest: string }) =>
      `Linux takes ${d.number} and drops ${show(d.rest)}; write the number alone, and comments on lines of their own`,
  ),
  'sysctl/depends-on-clock': warning(
    (d: { name: string; number: number; most: number }) =>
      `a kernel whose clock runs at 1000 Hz refuses ${d.number} for ${d.name}, slower ones take it; write at most ${d.most}`,
  ),

  'sysctl/tools-differ': error(
    (d: { subject: string; procps: string; systemd: string; instead: string }) =>
      `${d.subject}: sysctl of procps ${d.procps}, systemd-sysctl ${d.systemd}; ${d.instead}`,
  ),
  'sysctl/not-for-busybox': warning(
    (d: { names: readonly string[]; what: string }) =>
      `busybox does not know ${d.what} and does not set ${some(d.names)} here; procps and systemd do`,
  ),
  'sysctl/pattern-yields': warning(
    (d: { name: string; pattern: string; line: number }) =>
      `${show(d.pattern)} does not set ${d.name}: line ${d.line} names it in full, and that wins over a pattern`,
  ),
  'sysctl/starts-differ': warning(
    (d: { name: string; systemd: string; procps: string }) =>
      `${d.name} depends on what starts the machine: with systemd ${d.systemd}, with procps (sysctl --system) ${d.procps}`,
  ),

  'sysctl/unreadable-value': error(
    (d: { name: string; text: string }) =>
      `${show(d.text)} is not what a system prints for ${d.name}; a whole number is expected`,
  ),
  'sysctl/not-shown': warning(
    (d: { name: string; text: string }) => `the value of ${d.name} is not in this capture: ${show(d.text)}`,
  ),
  'sysctl/descriptions': error(
    (d: { name: string }) =>
      `this is what sysctl -d prints, descriptions and no values; run sysctl ${d.name} without -d`,
  ),
  'sysctl/no-names': error(
    'these are values without names, as sysctl -n prints them, so nobody can tell what they belong to; run sysctl without -n',
  ),
  'sysctl/foreign-output': error(
    (d: { system: string }) =>
      `this comes from ${d.system}, whose keep-alive settings keepalive-kit has no target for; nothing is read from it`,
  ),
} as const
