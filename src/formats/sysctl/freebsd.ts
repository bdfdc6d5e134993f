import type { Stated, Statement } from '../../core/capture.ts'
import { problem, type DataOf, type Diagnostic } from '../../core/diagnostic.ts'
import type { Registry, Setting } from '../../core/target.ts'
import { C_SPACES, note, placeOf, severityOf, skip, trimEnd, type SourceLine } from './line.ts'
import { sysctlNames, type SysctlNames } from './names.ts'
import { readInteger } from './number.ts'
import { decode, linesOf } from '../text.ts'

const system = 'FreeBSD'
const INT_MAX = 2_147_483_647
/** BUFSIZ is said to be 1024, and the last byte is a NUL; the effect of a longer line is not measured. */
const LINE_BUFFER = 1_023
/** An OID of FreeBSD: it begins with no blank, quote or sign, as in `dev.cpu.0.%desc`. */
const OID = /^[A-Za-z0-9_%][!-~]*$/

/**
 * Reads /etc/sysctl.conf and /etc/sysctl.conf.local as `sysctl -f` of FreeBSD does (sbin/sysctl/sysctl.c: parsefile,
 * parse, parse_numeric). Keep-alive settings are whole numbers: the value that the kernel is given, in milliseconds for
 * times, before it rounds to its clock. Any other OID is kept as text, as written, without its quotes. A diagnostic is
 * an error where the machine skips a line or misreads its number, a warning elsewhere.
 */
export function* readFreebsdConf(
  bytes: Uint8Array,
  file: string,
  registry: Registry,
): Generator<Statement | Diagnostic, void, undefined> {
  const { text, encoding, bom } = decode(bytes)
  if (encoding.startsWith('utf-16')) {
    yield problem('sysctl/utf-16', { system }, { location: { file } })
    return
  }
  const known: Known = { own: sysctlNames(registry, 'freebsd'), others: sysctlNames(registry, 'linux') }
  for (const { number, text: source } of linesOf(text)) {
    const line: SourceLine = { file, number, text: source }
    if (bom && number === 1) yield markBefore(line)
    else yield* readLine(known, line)
  }
}

/**
 * Whether a text is a sysctl.conf of FreeBSD: its first lines other than comments assign, and at least one name belongs
 * to FreeBSD. Output of `sysctl` in the form `name: value` passes too, and is read alike.
 */
export function isFreebsdConf(text: string): boolean {
  let owned = false
  let seen = 0
  for (const { text: line } of linesOf(text)) {
    const code = withoutComment(line).trim()
    if (code === '') continue
    if (!/^[\w%][\w.%-]*\s*[=:]/.test(code)) return false
    owned ||= /^(?:net\.(?:inet6?|link|local|isr)|kern|hw|vfs|security|machdep|dev\.\w+\.\d+)\./.test(code)
    if ((seen += 1) === FIRST_LINES) break
  }
  return owned
}
const FIRST_LINES = 50

/** The settings of FreeBSD, and settings that only other systems have. */
interface Known {
  readonly own: SysctlNames
  readonly others: SysctlNames
}

function* readLine({ own, others }: Known, line: SourceLine): Generator<Statement | Diagnostic, void, undefined> {
  const { text: source } = line
  if (source.length > LINE_BUFFER) yield note(line, 'sysctl/long-line', { length: source.length, most: LINE_BUFFER }, 0)
  const nul = source.indexOf('\0')
  if (nul !== -1) yield note(line, 'sysctl/nul', {}, nul)
  const code = withoutComment(nul === -1 ? source : source.slice(0, nul))
  const start = skip(code, C_SPACES, 0)
  if (start === code.length) return
  const separator = code.search(/[=:]/)
  const name = trimEnd(code.slice(start, separator === -1 ? code.length : separator), C_SPACES)
  if (!OID.test(name)) yield badName(own, line, name, start, separator)
  else if (separator === -1) yield note(line, 'sysctl/only-prints', { name }, start, severityOf(own, name))
  else if (others.settings.has(name))
    yield note(line, 'sysctl/of-another-system', { system, name, owner: 'Linux' }, start)
  else {
    const at = skip(code, C_SPACES, separator + 1)
    yield* readValue(line, name, own.settings.get(name), trimEnd(code.slice(at), C_SPACES), at)
  }
}

function badName(names: SysctlNames, line: SourceLine, name: string, start: number, separator: number): Diagnostic {
  if (name === '') return note(line, 'sysctl/no-name', { system }, start)
  const hint =
    separator === -1
      ? 'write name=value'
      : name.startsWith(';')
        ? 'begin a comment with #, not with ;'
        : name.startsWith('-')
          ? 'write the name without the -, which only Linux knows'
          : 'write the bare name, such as net.inet.tcp.keepidle=60000'
  return note(line, 'sysctl/bad-name', { system, name, hint }, start, severityOf(names, name))
}

function* readValue(
  line: SourceLine,
  name: string,
  setting: Setting | undefined,
  written: string,
  at: number,
): Generator<Statement | Diagnostic, void, undefined> {
  const bare = unquoted(written)
  const state = (value: Stated): Statement => ({
    store: 'freebsd',
    key: '',
    name,
    value,
    written,
    location: placeOf(line, at),
  })
  if (setting === undefined) {
    yield state({ kind: 'other', type: 'text', text: bare })
    return
  }
  const read = readInteger(bare)
  if (bare === '') yield note(line, 'sysctl/empty-value', { system, name }, at)
  else if (/[ ,]/.test(bare)) yield note(line, 'sysctl/several-numbers', { name, text: bare }, at)
  else if (read?.length !== bare.length)
    yield note(line, 'sysctl/not-an-integer', { system, name, text: bare, hint: hintFor(bare) }, at)
  else if (read.number === undefined) yield note(line, 'sysctl/out-of-range', rangeOf(name, setting, bare), at)
  else {
    const number = Number(BigInt.asIntN(32, read.number))
    // The kernel holds times in ticks of its clock and refuses less than one tick.
    const refused = setting.kind === 'duration' && number < 1
    if (BigInt(number) !== read.number)
      yield note(line, 'sysctl/wraps-around', { name, text: bare, number, refused }, at)
    else if (refused) yield note(line, 'sysctl/out-of-range', rangeOf(name, setting, bare), at)
    else if (read.octal) yield note(line, 'sysctl/octal', { system, text: bare, number, decimal: decimalOf(bare) }, at)
    if (!refused) yield state({ kind: 'number', number })
  }
}

const rangeOf = (name: string, setting: Setting, text: string): DataOf<'sysctl/out-of-range'> => ({
  system,
  name,
  text,
  min: setting.kind === 'switch' ? 0 : 1,
  max: INT_MAX,
})

/** The advice for a text that is not a number. */
function hintFor(text: string): string {
  if (/^[+-]?\d+ms$/i.test(text)) return `write ${text.slice(0, -2)}`
  return 'write digits alone, and times in milliseconds'
}

const decimalOf = (text: string): string => text.replace(/^([+-]?)0+/, '$1')

/** The first line of a file with a byte order mark: the mark becomes part of the name, and no OID begins with it. */
function markBefore(line: SourceLine): Diagnostic {
  const lost = /[=:]/.test(withoutComment(line.text))
  return note(line, 'sysctl/byte-order-mark', { system, lost }, 0, lost ? 'error' : 'warning')
}

/** Cuts at the first # outside quotes and not after a backslash. */
function withoutComment(line: string): string {
  let quote: string | undefined
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]
    if (quote !== undefined) quote = character === quote ? undefined : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '#' && line[at - 1] !== '\\') return line.slice(0, at)
  }
  return line
}

const unquoted = (value: string): string =>
  value.length > 1 && (value.startsWith('"') || value.startsWith("'")) && value.endsWith(value.charAt(0))
    ? value.slice(1, -1)
    : value
