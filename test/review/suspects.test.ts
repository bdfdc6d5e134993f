import { describe, expect, it } from 'vitest'
import { CODES } from '../../src/core/diagnostic.ts'
import { loadPresets } from '../../src/io/assets.ts'
import { buildBundle } from '../support/build.ts'
import { dword, importFrom, placed, reg, regAt, TCPIP, type Captures } from '../support/captures.ts'

const PARMS = 'HKEY_LOCAL_MACHINE\\Comm\\TcpIp\\Parms'
const SERVICES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services'

function suspectsOf(files: Captures, targets: readonly string[] = []): readonly string[] {
  return placed(importFrom(files, targets).diagnostics.filter(({ code }) => code.startsWith('suspect/')))
}

/** The suspicious files with their place, and the same files as they were meant, which nobody must suspect. */
const SHOWN: readonly (readonly [code: string, what: string, content: string, place: string, nearMiss: string])[] = [
  [
    'suspect/decimal-as-hex',
    '30000, in decimal',
    reg('"KeepAliveTime"=dword:30000'),
    '4:17',
    reg('"KeepAliveTime"=dword:00007530'),
  ],
  [
    'suspect/decimal-as-hex',
    '300000, in eight digits',
    reg('"KeepAliveTime"=dword:00300000'),
    '4:17',
    // 204800 ms is a whole number of tenths of a second; the other value is 5 s.
    reg('"KeepAliveTime"=dword:00032000', '"KeepAliveInterval"=dword:00001388'),
  ],
  [
    'suspect/decimal-as-hex',
    '1000, on Windows CE',
    regAt(PARMS, '"KeepAliveInterval"=dword:1000'),
    '4:21',
    regAt(PARMS, '"KeepAliveInterval"=dword:3e8'),
  ],
  [
    'suspect/seconds',
    '20 where milliseconds are read',
    reg(dword('KeepAliveTime', 20)),
    '4:17',
    reg(dword('KeepAliveTime', 1_000)),
  ],
  [
    'suspect/seconds',
    '7200, the default of Linux, on FreeBSD',
    'net.inet.tcp.keepidle=7200\n',
    '1:23',
    'net.inet.tcp.keepidle=7210\n',
  ],
  [
    'suspect/seconds',
    '75, the default of Linux, on FreeBSD',
    'net.inet.tcp.keepintvl=75\n',
    '1:24',
    'net.inet.tcp.keepintvl=100\n',
  ],
  [
    'suspect/milliseconds',
    '60000 where seconds are read',
    'net.ipv4.tcp_keepalive_time = 60000\n',
    '1:31',
    'net.ipv4.tcp_keepalive_time = 86400\n',
  ],
  [
    'suspect/milliseconds',
    '7200000, the default of others, on Linux',
    '# x\nnet.ipv4.tcp_keepalive_time=7200000\n',
    '2:29',
    '# x\nnet.ipv4.tcp_keepalive_time=72000\n',
  ],
  [
    'suspect/milliseconds',
    '5000 between probes, on Linux',
    'net.ipv4.tcp_keepalive_intvl = 5000\n',
    '1:32',
    'net.ipv4.tcp_keepalive_intvl = 600\n',
  ],
  [
    'suspect/half-seconds',
    '14400, the default of AIX',
    reg(dword('KeepAliveTime', 14_400)),
    '4:17',
    reg(dword('KeepAliveTime', 14_000)),
  ],
  [
    'suspect/half-seconds',
    '150 between probes',
    'net.inet.tcp.keepintvl=150\n',
    '1:24',
    'net.inet.tcp.keepintvl=1500\n',
  ],
  [
    'suspect/wrong-type',
    'a REG_SZ',
    reg('"KeepAliveTime"="30000"'),
    '4:17',
    reg('"KeepAliveTime"=dword:00007530', '"Domain"="30000"'),
  ],
  [
    'suspect/wrong-type',
    'a REG_QWORD of reg query',
    `${TCPIP}\r\n    KeepAliveTime    REG_QWORD    0x7530\r\n`,
    '2:35',
    `${TCPIP}\r\n    KeepAliveTime    REG_DWORD    0x7530\r\n`,
  ],
  [
    'suspect/no-effect',
    'below the driver for sockets',
    regAt(`${SERVICES}\\AFD\\Parameters`, dword('KeepAliveInterval', 5_000)),
    '4:21',
    // Remote Desktop counts minutes there.
    regAt('HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server', dword('KeepAliveInterval', 1)),
  ],
  [
    'suspect/no-effect',
    'below one adapter',
    regAt(`${TCPIP}\\Interfaces\\{0}`, dword('KeepAliveTime', 20_000)),
    '4:17',
    regAt(`${SERVICES}\\SomeServer\\Parameters`, dword('KeepAliveTime', 20_000)),
  ],
  [
    'suspect/no-effect',
    'one key too high on Windows CE',
    regAt('HKEY_LOCAL_MACHINE\\Comm\\TcpIp', dword('KeepAliveTime', 20_000)),
    '4:17',
    regAt('HKEY_LOCAL_MACHINE\\Comm\\PPP\\Parms', dword('KeepAliveTime', 20_000)),
  ],
  [
    'suspect/deletes-key',
    'with all of TCP/IP',
    `REGEDIT4\r\n\r\n[-${TCPIP}]\r\n`,
    '3:1',
    `REGEDIT4\r\n\r\n[-${TCPIP}\\Interfaces\\{0}]\r\n`,
  ],
  [
    'suspect/interval-above-idle',
    'on Windows',
    reg(dword('KeepAliveTime', 5_000), dword('KeepAliveInterval', 20_000)),
    '5:21',
    reg(dword('KeepAliveTime', 300_000), dword('KeepAliveInterval', 300_000)),
  ],
  [
    'suspect/interval-above-idle',
    'on Linux',
    'net.ipv4.tcp_keepalive_time = 60\nnet.ipv4.tcp_keepalive_intvl = 80\n',
    '2:32',
    // A list of all settings shows the default interval.
    'net.ipv4.tcp_keepalive_time = 60\nnet.ipv4.tcp_keepalive_intvl = 75\n',
  ],
  [
    'suspect/misspelt',
    'a letter too many',
    reg(dword('KeepAliveTime', 20_000), dword('KeepAliveIntervall', 5_000)),
    '5:22',
    reg(dword('KeepAliveTime', 20_000), dword('KeepAliveInterval', 5_000), dword('KeepAlivePolicyOfOurs', 1)),
  ],
  [
    'suspect/misspelt',
    'a word written out',
    'net.ipv4.tcp_keepalive_time = 60\nnet.ipv4.tcp_keepalive_interval = 10\n',
    '2:35',
    'net.ipv4.tcp_keepalive_time = 60\nnet.ipv4.tcp_keepalive_intvl = 10\nnet.ipv4.tcp_keepalive_of_ours = 1\n',
  ],
  [
    'suspect/duplicate',
    'in one key',
    reg(dword('KeepAliveTime', 20_000), dword('KeepAliveTime', 30_000)),
    '4:17',
    `${reg(dword('KeepAliveTime', 20_000))}\r\n[${TCPIP}\\Winsock]\r\n${dword('Other', 30_000)}\r\n`,
  ],
  [
    'suspect/duplicate',
    'in a file of FreeBSD',
    'net.inet.tcp.keepidle=60000\nnet.inet.tcp.keepidle=70000\n',
    '1:23',
    'net.inet.tcp.keepidle=60000\n#net.inet.tcp.keepidle=70000\n',
  ],
  [
    'suspect/offline-current',
    'in a loaded hive',
    regAt(
      'HKEY_LOCAL_MACHINE\\OFFLINE\\CurrentControlSet\\Services\\Tcpip\\Parameters',
      dword('KeepAliveTime', 20_000),
    ),
    '4:17',
    regAt('HKEY_LOCAL_MACHINE\\OFFLINE\\ControlSet001\\Services\\Tcpip\\Parameters', dword('KeepAliveTime', 20_000)),
  ],
]

describe('a suspect is reported at its line, and its near miss is not:', () => {
  it.each(SHOWN)('%s, %s', (code, _what, content, place, nearMiss) => {
    expect(suspectsOf({ f: content })).toEqual([`${code} f:${place}`])
    expect(suspectsOf({ f: nearMiss })).toEqual([])
  })

  it('suspect/overridden, in another file', () => {
    const [first, second] = ['net.ipv4.tcp_keepalive_time = 60\n', 'net.ipv4.tcp_keepalive_time = 70\n']
    expect(suspectsOf({ 'a.conf': first, 'b.conf': second })).toEqual(['suspect/overridden a.conf:1:31'])
    expect(suspectsOf({ 'a.conf': first, 'b.conf': 'net.inet.tcp.keepidle=60000\n' })).toEqual([])
  })

  it('for each code', () => {
    const all = CODES.filter((code) => code.startsWith('suspect/'))
    expect(new Set([...SHOWN.map(([code]) => code), 'suspect/overridden'])).toEqual(new Set(all))
  })

  it('once for a line that two targets read', () => {
    const files = { f: reg('"KeepAliveTime"=dword:30000') }
    expect(suspectsOf(files, ['windows', 'windows-xp'])).toEqual(suspectsOf(files))
  })
})

describe('a suspect names the value that the machine reads, the probable meaning and the correction', () => {
  it.each([
    [
      reg('"KeepAliveTime"=dword:30000'),
      [
        'dword:30000 is hexadecimal',
        'reads 196608 ms (3 min 16 s 608 ms)',
        '30000 ms (30 s) was probably meant',
        'Write dword:00007530',
      ],
    ],
    [reg(dword('KeepAliveTime', 20)), ['reads 20 ms', '20000 ms (20 s) was probably meant', 'Write dword:00004e20']],
    [reg(dword('KeepAliveTime', 14_400)), ['7200000 ms (2 h) was probably meant', 'Write dword:006ddd00']],
    [
      'net.ipv4.tcp_keepalive_time = 60000\n',
      ['reads 60000 s (16 h 40 min)', '60 s (1 min) was probably meant', 'Write 60'],
    ],
    [reg('"KeepAliveTime"="30000"'), ['REG_SZ (30000)', 'Write dword:00007530']],
    [regAt('HKEY_LOCAL_MACHINE\\Comm\\AFD', dword('KeepAliveTime', 20_000)), [`the system reads ${PARMS}`]],
    [regAt(`${SERVICES}\\AFD\\Parameters`, dword('KeepAliveTime', 20_000)), [`the system reads ${TCPIP}`]],
    [
      regAt('HKEY_LOCAL_MACHINE\\X\\CurrentControlSet\\Services\\Tcpip\\Parameters', dword('KeepAliveTime', 20_000)),
      ['Write HKEY_LOCAL_MACHINE\\X\\ControlSet001\\Services\\Tcpip\\Parameters'],
    ],
  ])('%#', (content, parts) => {
    const suspect = importFrom({ f: content }).diagnostics.find(({ code }) => code.startsWith('suspect/'))
    for (const part of parts) expect(suspect?.message).toContain(part)
  })
})

/** Seconds that people set before the first probe, and between probes. */
const IDLE = [1, 2, 5, 7, 10, 15, 20, 25, 30, 45, 60, 62, 90, 100, 120, 150, 180, 200, 240, 300, 540, 600, 900, 1_000]
const LONG = [1_200, 1_440, 1_800, 2_700, 3_600, 5_400, 7_200, 10_800, 14_400, 21_600, 28_800, 43_200, 86_400]
const INTERVAL = [1, 2, 5, 10, 30, 60]
const pairs = [...IDLE, ...LONG].flatMap((idle) =>
  INTERVAL.filter((interval) => interval <= idle).map((interval) => ({ idle, interval })),
)

/** Other values in an export of TCP/IP and of Remote Desktop. */
const FOREIGN = [
  '"DataBasePath"=hex(2):25,00,53,00,00,00',
  '"Domain"=""',
  '"ForwardBroadcasts"=dword:00000000',
  '"TcpMaxDataRetransmissions"=dword:00000005',
  '"TcpTimedWaitDelay"=dword:0000001e',
]
const REMOTE_DESKTOP = `\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server]\r\n"KeepAliveEnable"=dword:00000001\r\n"KeepAliveInterval"=dword:00000001\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services]\r\n"KeepAliveInterval"=dword:00000005\r\n`

const both = (idle: number, interval: number) => [dword('KeepAliveTime', idle), dword('KeepAliveInterval', interval)]

/** Correct files, none of which may be suspected. */
function ordinaryFiles(): readonly Captures[] {
  const sets = pairs.map(({ idle, interval }): readonly Captures[] => [
    { 'a.reg': reg(...both(idle * 1_000, interval * 1_000)) },
    { 'ce.reg': regAt(PARMS, ...both(idle * 1_000, interval * 1_000)) },
    { 'export.reg': `${reg(...FOREIGN, ...both(idle * 1_000, interval * 1_000))}${REMOTE_DESKTOP}` },
    {
      'sysctl.conf': `# tuning\nkern.ipc.somaxconn=1024\nnet.inet.tcp.keepidle=${idle * 1_000}\nnet.inet.tcp.keepintvl=${interval * 1_000}\nnet.inet.tcp.keepcnt=8\n`,
    },
    {
      '60-net.conf': `vm.swappiness = 10\nnet.ipv4.tcp_keepalive_time = ${idle}\nnet.ipv4.tcp_keepalive_intvl = ${interval}\nnet.ipv4.tcp_keepalive_probes = 9\n`,
    },
    {
      'sysctl-a.txt': `kernel.ostype = Linux\nnet.ipv4.tcp_keepalive_intvl = 75\nnet.ipv4.tcp_keepalive_probes = 9\nnet.ipv4.tcp_keepalive_time = ${idle}\n`,
    },
  ])
  const policies = [300_000, 900_000, 1_800_000].flatMap((idle): readonly Captures[] => [
    { 'policy.reg': reg(dword('KeepAliveTime', idle)) },
    { 'policy.reg': reg(...both(idle, 1_000)) },
    { 'policy.reg': reg(...both(idle, 300_000)) },
    { 'query.txt': `${TCPIP}\r\n    KeepAliveTime    REG_DWORD    0x${idle.toString(16)}\r\n` },
  ])
  const defaults: readonly Captures[] = [
    { 'a.reg': reg(...both(7_200_000, 1_000)) },
    { 'a.conf': 'net.inet.tcp.keepidle=7200000\nnet.inet.tcp.keepintvl=75000\nnet.inet.tcp.keepinit=75000\n' },
    { 'a.conf': 'net.ipv4.tcp_keepalive_time = 7200\nnet.ipv4.tcp_keepalive_intvl = 75\n' },
  ]
  const presets = [...loadPresets().values()].flatMap((text) =>
    buildBundle(text)
      .filter(({ path }) => /(?<!remove)\.(?:reg|conf|yaml)$/.test(path) && path.includes('/'))
      .map(({ path, bytes }): Captures => ({ [path]: bytes })),
  )
  const shorter: readonly Captures[] = [100, 250, 500, 1_500, 2_500].flatMap((interval) => [
    { 'a.reg': reg(...both(20_000, interval)) },
    { 'a.conf': `net.inet.tcp.keepidle=${interval * 10}\nnet.inet.tcp.keepintvl=${interval}\n` },
  ])
  return [...sets.flat(), ...policies, ...defaults, ...shorter, ...presets]
}

describe('among ordinary files', () => {
  it('at most one in a hundred is suspected', () => {
    const files = ordinaryFiles()
    const wrong = files.flatMap((one) => suspectsOf(one).slice(0, 1))
    console.log(`${files.length} ordinary files, ${wrong.length} false alarms`)
    expect(files.length).toBeGreaterThan(200)
    expect(wrong.length / files.length, wrong.join('\n')).toBeLessThanOrEqual(0.01)
  })
})
