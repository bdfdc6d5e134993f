import { isStatement, type Statement } from '../../core/capture.ts'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import type { Registry } from '../../core/target.ts'
import { note, placeOf, type SourceLine } from './line.ts'
import { sysctlOwners, type SysctlKind } from './names.ts'
import { decode, linesOf } from '../text.ts'

/** Systems whose `sysctl` prints the same names in other units, or that the kit knows too little about. */
const FOREIGN = ['OpenBSD', 'NetBSD', 'DragonFly', 'Darwin']
/** `name: value` of FreeBSD, `name=value` of its -e, `name = value` of Linux; a name has at least two parts. */
const NAMED = /^[ \t]*([A-Za-z_][\w%*/@+-]*(?:\.[\w%*/@:+-]+)+)(?:: ?| = |=)/
const FIRST_LINES = 50

/**
 * Reads output of `sysctl -a`, `sysctl -e` or `sysctl NAME` from FreeBSD or Linux; the names tell which. Keep-alive
 * settings become numbers in the system's own unit, all others are kept as text. A line without a name continues the
 * value above and is skipped. In `name: old -> new`, which sysctl prints when it sets a value, the new value counts.
 * Any encoding is accepted, since a person saved the text and no machine reads it.
 */
export function* readSysctlOutput(
  bytes: Uint8Array,
  file: string,
  registry: Registry,
): Generator<Statement | Diagnostic, void, undefined> {
  const { text } = decode(bytes)
  const foreign = foreignSystem(text)
  if (foreign !== undefined) {
    yield problem('sysctl/foreign-output', { system: foreign }, { location: { file } })
    return
  }
  const known: Known = { store: storeOf(text), owners: sysctlOwners(registry) }
  let named = false
  let described = false
  let unnamed: SourceLine | undefined
  for (const { number, text: source } of linesOf(text)) {
    const line: SourceLine = { file, number, text: source }
    for (const found of readLine(line, known)) {
      const description = !isStatement(found) && found.code === 'sysctl/descriptions'
      if (!description || !described) yield found
      described ||= description
    }
    named ||= NAMED.test(source)
    if (!named && /^\s*-?\d+\s*$/.test(source)) unnamed ??= line
  }
  if (!named && unnamed !== undefined) yield note(unnamed, 'sysctl/no-names', {}, 0)
}

/**
 * Whether a text is output of `sysctl`: it has no comments, and at least one of its first names belongs to FreeBSD or
 * Linux. Plain settings files without a comment pass too, and are read alike here.
 */
export function isSysctlOutput(text: string): boolean {
  let known = false
  let seen = 0
  for (const { text: line } of linesOf(text)) {
    if (/^\s*[#;]/.test(line)) return false
    known ||= NAMED.test(line) && (isOfFreebsd(line) || isOfLinux(line))
    if (line.trim() !== '' && (seen += 1) === FIRST_LINES) break
  }
  return known
}

/** The other system that names itself in kern.ostype. */
function foreignSystem(text: string): string | undefined {
  const [, system] = /^[ \t]*kern\.ostype(?:: ?|=)([A-Za-z]+)/m.exec(text) ?? []
  return FOREIGN.find((foreign) => foreign === system)
}

/** The system whose names come first; Linux has no keep-alive setting below net.inet, FreeBSD none below net.ipv4. */
function storeOf(text: string): SysctlKind {
  for (const { text: line } of linesOf(text)) {
    if (!NAMED.test(line)) continue
    if (isOfFreebsd(line)) return 'freebsd'
    if (isOfLinux(line)) return 'linux'
  }
  return 'linux'
}

function isOfFreebsd(line: string): boolean {
  return /^[ \t]*(?:net\.(?:inet6?|link|local|isr)|kern|hw|vfs|security|machdep|p1003_1b|kstat|compat)\./.test(line)
}

function isOfLinux(line: string): boolean {
  return /^[ \t]*(?:net\.(?:ipv[46]|core|netfilter|unix|mptcp)|kernel|fs|abi|user|crypto|sunrpc)\./.test(line)
}

/** The systems of names that no target has, and the owner of each setting by its name. */
interface Known {
  readonly store: SysctlKind
  readonly owners: ReadonlyMap<string, SysctlKind>
}

function* readLine(line: SourceLine, { store, owners }: Known): Generator<Statement | Diagnostic, void, undefined> {
  const { text } = line
  const [prefix, name] = NAMED.exec(text) ?? []
  if (prefix === undefined || name === undefined) {
    yield* notShown(line, [...owners.keys()])
    return
  }
  const at = prefix.length
  const written = text.slice(at).trim()
  const owner = owners.get(name)
  const said = { store: owner ?? store, key: '', name, written, location: placeOf(line, at) }
  if (owner === undefined) {
    yield { ...said, value: { kind: 'other', type: 'text', text: written } }
    return
  }
  const [, number] = /^(?:-?\d+ -> )?(-?\d{1,15})$/.exec(written) ?? []
  if (number !== undefined) yield { ...said, value: { kind: 'number', number: Number(number) } }
  else if (/^[A-Za-z]/.test(written)) yield note(line, 'sysctl/descriptions', { name }, at)
  else yield note(line, 'sysctl/unreadable-value', { name, text: written }, at)
}

/** Messages that sysctl prints in place of a value: no permission, no such setting. */
function* notShown(line: SourceLine, names: readonly string[]): Generator<Diagnostic, void, undefined> {
  if (!line.text.includes('sysctl: ')) return
  const dotted = line.text.replaceAll('/', '.')
  const name = names.find((known) => dotted.includes(known))
  if (name !== undefined) yield note(line, 'sysctl/not-shown', { name, text: line.text.trim() }, line.text.search(/\S/))
}
