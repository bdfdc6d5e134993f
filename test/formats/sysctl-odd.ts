/**
 * Odd settings files, the same in every run: they combine parts that machines and people write with parts that they
 * should not.
 */

/** Returns a generator of numbers below `count`, by linear congruence; the same seed gives the same sequence. */
export function dice(seed: number): (count: number) => number {
  let state = seed >>> 0
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
}

const pick = <T>(roll: (count: number) => number, choices: readonly T[]): T => choices[roll(choices.length)] as T

const short = ['time', 'intvl', 'probes'] as const

const plainNumbers = '60 10 5 0 255 75 7200 1'.split(' ')
const oddNumbers = [
  '010|08|0x10|0X1f|0x|00|-1|-010|-0|-|+5|--5|256|2147483|99999999999|4294967356|18446744073709551676|1.5|60s|1e4|6_0',
  '00000000000000000017|000000000000000000017|60 70|60 # comment|60 ; x|60#|60;|60,70|60\t70|60 bad|"60"|\'60\'|=60',
  '60=70||60 = 70|bad|\\|60 \\|60\u000b|\u000b60|60\f|6\u00000|60\r|6\r0|٣|5 6',
].flatMap((row) => row.split('|'))

/** A name of a keep-alive setting of Linux, or a pattern; most are right. */
function linuxName(roll: (count: number) => number): string {
  const last = pick(roll, short)
  const dotted = `net.ipv4.tcp_keepalive_${last}`
  return pick(roll, [
    ...Array.from({ length: 9 }, () => dotted),
    dotted.replaceAll('.', '/'),
    `net/ipv4.tcp_keepalive_${last}`,
    `net.ipv4/tcp_keepalive_${last}`,
    `-${dotted}`,
    `-net/ipv4/tcp_keepalive_${last}`,
    `--${dotted}`,
    pick(roll, ['--', '---', '- ', '-\t', '.', '/', '//', './', '/proc/sys/', ';', '# ', '"', '\u000b', '@']) + dotted,
    dotted + pick(roll, ['.', '/', 'x', ' ', '\t', ' x', '\u000b', ':', '"']),
    `net.ipv4..tcp_keepalive_${last}`,
    `net/ipv4/./tcp_keepalive_${last}`,
    dotted.toUpperCase(),
    ...patterns.map((end) => `net.ipv4.tcp_keepalive_${end}`),
    ...patterns.slice(0, 6).map((end) => `-net.ipv4.tcp_keepalive_${end}`),
    pick(roll, [`net.*.tcp_keepalive_${last}`, `n*.ipv4.tcp_keepalive_${last}`, `net.ipv4*.tcp_keepalive_${last}`]),
    pick(roll, [`net/ipv?/tcp_keepalive[._]${last}`, `net.ipv4.*keepalive_${last}`, `net/ipv4/tcp_keep*_${last}`]),
  ])
}
const patterns = [
  '* t* tim? [ti]* probe[rst] t[e-j]me i* [!p]* [^t]* [[:alpha:]]* []t]* [!]p]* t[ x* *s ????? \\t* t\\* [\\t]* [a-k]*',
  '{time,intvl} t**e *.',
].flatMap((row) => row.split(' '))

function linuxLine(roll: (count: number) => number): string {
  const name = linuxName(roll)
  if (roll(12) === 0)
    return pick(roll, ['', ' ', '# comment', '; comment', '#', name, `-${name}`, `${name} 60`, `${name}: 60`, '=', 'a'])
  if (roll(14) === 0) return `-net.ipv4.tcp_keepalive_${pick(roll, short)}${pick(roll, ['', ' ', ' # x', '\u000b'])}`
  const separator = pick(roll, [' = ', ' = ', '=', '\t=\t', '= ', ' =', '  =  '])
  const value = roll(3) === 0 ? pick(roll, oddNumbers) : pick(roll, plainNumbers)
  return `${pick(roll, ['', '', '', '', ' ', '\t'])}${name}${separator}${value}${pick(roll, ['', '', '', ' ', '\t'])}`
}

/** Files of sysctl.d, of one line and of several; all names that they set belong to the network. */
export function oddLinuxFiles(count: number, seed = 1): readonly string[] {
  const roll = dice(seed)
  return Array.from({ length: count }, () => {
    const lines = Array.from({ length: 1 + roll(4) }, () => linuxLine(roll))
    const text = lines.join(pick(roll, ['\n', '\n', '\n', '\r\n'])) + pick(roll, ['\n', '\n', ''])
    return roll(30) === 0 ? `\ufeff${text}` : text
  })
}

const freebsdNames = ['keepidle', 'keepintvl', 'keepcnt', 'keepinit', 'always_keepalive'].map(
  (n) => `net.inet.tcp.${n}`,
)
const freebsdNumbers = [
  '60000|10000|5|1|0|-1|060000|010|08|0x10|0X1F|0x|+5|4294967297|2147483647|2147483648|4294967296|9223372036854775807',
  '9223372036854775808|-9223372036854775809|60_000|60000ms|1e4|60000;|60,000|60 000|60\t000||"60000"|\'60000\'|"60000',
  '60000"|"|""|\'"5"\'|60000 # c|60000# don\'t|"60000 # c"|"60000" # c|60000\\# c|60000 \\# c|60.5|60000\r|60000\u000b|٣',
  '" 60000"|=60000|:60000|5=6|00|-0|-010|0x100000001',
].flatMap((row) => row.split('|'))

function freebsdLine(roll: (count: number) => number): string {
  const name = pick(roll, freebsdNames)
  const odd = pick(roll, [
    `;${name}`,
    `-${name}`,
    `#${name}`,
    `"${name}"`,
    `${name}x`,
    `${name} x`,
    '',
    name.toUpperCase(),
  ])
  if (roll(10) === 0) return pick(roll, ['', ' ', '# comment', "# don't", '; comment', name, `${name} 60000`, '=', ':'])
  const separator = pick(roll, ['=', '=', '=', ' = ', ': ', ':', ' : ', '\t=\t', ' =', '= '])
  const value = roll(2) === 0 ? pick(roll, freebsdNumbers) : String(roll(100_000))
  return `${pick(roll, ['', '', '', ' ', '\t'])}${roll(8) === 0 ? odd : name}${separator}${value}${pick(roll, ['', '', ' ', '\t'])}`
}

/** Files like /etc/sysctl.conf of FreeBSD. */
export function oddFreebsdFiles(count: number, seed = 1): readonly string[] {
  const roll = dice(seed)
  return Array.from({ length: count }, () => {
    const lines = Array.from({ length: 1 + roll(4) }, () => freebsdLine(roll))
    const text = lines.join(pick(roll, ['\n', '\n', '\n', '\r\n'])) + pick(roll, ['\n', '\n', ''])
    return roll(30) === 0 ? `\ufeff${text}` : text
  })
}

/** Trees of `/etc` and `/usr/lib` of Linux: paths below the root with their content. */
export function oddLinuxTrees(count: number, seed = 1): readonly Readonly<Record<string, string>>[] {
  const roll = dice(seed)
  const folders = ['etc/sysctl.d', 'run/sysctl.d', 'usr/local/lib/sysctl.d', 'usr/lib/sysctl.d']
  const names = ['10-a.conf', '60-keepalive.conf', '99-z.conf', '99-sysctl.conf', 'A.conf', 'readme.txt', '60-a.CONF']
  return Array.from({ length: count }, () => {
    const paths = Array.from({ length: 1 + roll(5) }, () => `${pick(roll, folders)}/${pick(roll, names)}`)
    if (roll(2) === 0) paths.push('etc/sysctl.conf')
    return Object.fromEntries(
      paths.map((path) => [
        path,
        Array.from({ length: roll(4) }, () =>
          roll(5) === 0 ? linuxLine(roll) : `${linuxName(roll)} = ${1 + roll(200)}`,
        ).join('\n') + pick(roll, ['\n', '']),
      ]),
    )
  })
}
