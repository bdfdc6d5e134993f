import type { Diagnostic } from '../../../core/diagnostic.ts'
import type { Setting } from '../../../core/target.ts'
import { note, type SourceLine } from '../line.ts'
import { readInteger } from '../number.ts'

const system = 'Linux'
const INT_MAX = 2_147_483_647
/** The kernel multiplies a time by its ticks per second, 100 to 1000, and refuses a product beyond an int. */
const MOST_ANYWHERE = Math.floor(INT_MAX / 1_000)
const MOST_SOMEWHERE = Math.floor(INT_MAX / 100)
/** tcp_keepalive_probes is a byte, net/ipv4/sysctl_net_ipv4.c. */
const MOST_PROBES = 255
/** TMPBUFLEN of kernel/sysctl.c is 22: the kernel refuses longer numbers, counting leading zeros and sign. */
const MOST_CHARACTERS = 20

/** The effect of writing a text to one of the kernel's keep-alive settings. */
export type KernelReading =
  | { readonly takes: true; readonly number: number; readonly rest: string; readonly octal: boolean }
  | { readonly takes: false; readonly why: 'empty' | 'not-a-number' | 'out-of-range' }

/**
 * Reads a value as proc_dointvec_jiffies and proc_dou8vec_minmax of kernel/sysctl.c do: the prefix decides the base, a
 * plus sign is refused, a blank or tab ends the number and hides the rest. A time that only a kernel with a slow clock
 * takes counts as taken.
 */
export function readKernelValue(setting: Setting, written: string): KernelReading {
  const text = written.replace(/^[ \t-\r]+/, '')
  if (text === '') return { takes: false, why: 'empty' }
  const read = text.startsWith('+') ? undefined : readInteger(text)
  const rest = read === undefined ? '' : text.slice(read.length)
  if (read === undefined || !/^(?:[ \t]|$)/.test(rest)) return { takes: false, why: 'not-a-number' }
  const [min, max] = isCount(setting) ? [0, MOST_PROBES] : [-MOST_SOMEWHERE, MOST_SOMEWHERE]
  const number = Number(read.number ?? Number.NaN)
  const negativeCount = isCount(setting) && text.startsWith('-')
  if (read.length > MOST_CHARACTERS || negativeCount || !(number >= min && number <= max))
    return { takes: false, why: 'out-of-range' }
  return { takes: true, number: number === 0 ? 0 : number, rest: rest.trim(), octal: read.octal }
}

/**
 * The diagnostics of a value: an error if the kernel refuses it, a warning if the kernel reads it in an unexpected way.
 */
export function* noteValue(
  line: SourceLine,
  at: number,
  setting: Setting,
  text: string,
): Generator<Diagnostic, void, undefined> {
  const { key: name } = setting
  const read = readKernelValue(setting, text)
  if (!read.takes) yield refusal(line, at, setting, text, read.why)
  else {
    if (read.rest !== '') yield note(line, 'sysctl/rest-ignored', { number: read.number, rest: read.rest }, at)
    if (read.octal) {
      const written = text.slice(0, text.length - read.rest.length).trim()
      const decimal = written.replace(/^(-?)0+/, '$1')
      yield note(line, 'sysctl/octal', { system, text: written, number: read.number, decimal }, at)
    }
    if (!isCount(setting) && Math.abs(read.number) > MOST_ANYWHERE)
      yield note(line, 'sysctl/depends-on-clock', { name, number: read.number, most: MOST_ANYWHERE }, at)
  }
}

function refusal(
  line: SourceLine,
  at: number,
  setting: Setting,
  text: string,
  why: 'empty' | 'not-a-number' | 'out-of-range',
): Diagnostic {
  const { key: name } = setting
  if (why === 'empty') return note(line, 'sysctl/empty-value', { system, name }, at)
  if (why === 'not-a-number')
    return note(line, 'sysctl/not-an-integer', { system, name, text, hint: hintFor(setting, text) }, at)
  const max = isCount(setting) ? MOST_PROBES : MOST_ANYWHERE
  return note(line, 'sysctl/out-of-range', { system, name, text, min: 1, max }, at)
}

function hintFor(setting: Setting, text: string): string {
  if (/^["']/.test(text)) return 'write it without quotes'
  if (/^\d+s$/i.test(text)) return `write ${text.slice(0, -1)}`
  return isCount(setting) ? 'write digits alone' : 'write digits alone, in seconds'
}

const isCount = ({ kind }: Setting): boolean => kind === 'count'
