import { matchesGlob } from '../../../core/glob.ts'

/** A name as the tools of Linux read it. */
export interface LinuxName {
  /**
   * The name with dots, as in sysctl.d(5): a dot within a part becomes a slash, as in
   * `net.ipv4.conf.eth0/100.rp_filter`.
   */
  readonly name: string
  /** Whether the name is a shell pattern, which stands for every setting that it matches. */
  readonly pattern: boolean
  /** Whether single separators divide the parts, with none at either end. */
  readonly plain: boolean
  /** Whether the name ends with a separator, for which procps looks for a folder. */
  readonly endsWithSeparator: boolean
}

/**
 * Reads a name by the rule of sysctl.d(5): the first separator decides. If it is a slash, slashes separate and dots are
 * dots; if it is a dot, dots separate and slashes stand for dots. Repeated separators count as one, leading ones do not
 * count.
 */
export function readName(written: string): LinuxName {
  if (PLAIN.test(written)) return { name: written, pattern: false, plain: true, endsWithSeparator: false }
  const first = written.search(/[./]/)
  const dotted = first === -1 || written[first] === '/' ? swapped(written) : written
  const parts = dotted.split('.')
  const kept = parts.filter((part) => part !== '' && part !== '/')
  return {
    name: kept.join('.'),
    pattern: /[*?[]/.test(written),
    plain: kept.length === parts.length,
    endsWithSeparator: dotted.endsWith('.'),
  }
}

/** Most names: words with dots between them. */
const PLAIN = /^\w+(?:\.\w+)+$/

/** The text with dots for slashes and slashes for dots. */
function swapped(text: string): string {
  return text.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'))
}

/** Whether a pattern with dots matches a name, by the rules of glob(3): no wildcard matches a separator. */
export function matchesName(pattern: string, name: string): boolean {
  const wanted = pattern.split('.')
  const parts = name.split('.')
  return wanted.length === parts.length && parts.every((part, index) => matchesGlob(wanted[index] ?? '', part))
}
