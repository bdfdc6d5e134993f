import { targetNames } from '../../src/core/target.ts'
import { TARGETS } from '../../src/targets/index.ts'

/** Profiles of people and attackers, each with all its messages: `line:column: severity: message [code]`. */
export interface BadProfile {
  readonly what: string
  readonly text: string | Uint8Array
  readonly says: readonly string[]
}

const GOOD = 'name: line4\nidle: 20s\ninterval: 5s\n'
const TOP_KEYS =
  'name, title, extends, detect, path, tolerate, idle, interval, probes, init, always, targets, overrides, options'
const TARGET_NAMES = targetNames(TARGETS).join(', ')
const lineFour = (line: string) => `${GOOD}${line}\n`
const idle = (value: string) => `name: line4\nidle: ${value}\ninterval: 5s\n`

export const BAD_PROFILES: readonly BadProfile[] = [
  {
    what: 'an empty file',
    text: '',
    says: [
      '1:1: error: the file is empty; a profile needs name, idle and interval (keepalive-kit init writes one) [document/empty]',
    ],
  },
  {
    what: 'comments only',
    text: '# nothing yet\n',
    says: [
      '1:1: error: the file is empty; a profile needs name, idle and interval (keepalive-kit init writes one) [document/empty]',
    ],
  },
  {
    what: 'a list',
    text: '- a\n',
    says: ['1:1: error: a profile must be a group of keys, not a list [profile/wrong-type]'],
  },
  {
    what: 'a word',
    text: 'hello\n',
    says: ['1:1: error: a profile must be a group of keys, not text [profile/wrong-type]'],
  },
  {
    what: 'null',
    text: 'null\n',
    says: ['1:1: error: a profile must be a group of keys, not empty [profile/wrong-type]'],
  },
  {
    what: 'missing keys',
    text: 'title: x\n',
    says: [
      '1:1: error: name is missing; write for example name: packaging-line-4 [profile/missing-key]',
      '1:1: error: idle is missing; write for example idle: 20s, or what you want, such as detect: 60s [profile/missing-key]',
      '1:1: error: interval is missing; write for example interval: 5s [profile/missing-key]',
    ],
  },
  {
    what: 'a mistyped key',
    text: lineFour('prbes: 9'),
    says: [`4:1: error: there is no key "prbes"; did you mean probes? Keys here: ${TOP_KEYS} [profile/unknown-key]`],
  },
  {
    what: 'a key that is nothing like one',
    text: lineFour('colour: red'),
    says: [`4:1: error: there is no key "colour"; keys here: ${TOP_KEYS} [profile/unknown-key]`],
  },
  {
    what: 'the key __proto__',
    text: lineFour('__proto__: { idle: 1s }'),
    says: [`4:1: error: there is no key "__proto__"; keys here: ${TOP_KEYS} [profile/unknown-key]`],
  },
  {
    what: 'a mistyped key in an override',
    text: lineFour('overrides: { tcbsd: { idel: 4s } }'),
    says: [
      '4:23: error: there is no key "idel"; did you mean idle? Keys here: idle, interval, probes, init, always [profile/unknown-key]',
    ],
  },
  {
    what: 'a mistyped target',
    text: lineFour('targets: [linux, windoze]'),
    says: [
      `4:18: error: there is no target "windoze"; did you mean windows? Targets: ${TARGET_NAMES} [profile/unknown-target]`,
    ],
  },
  {
    what: 'a mistyped target in an override',
    text: lineFour('overrides: { tcbds: { idle: 4s } }'),
    says: [
      `4:14: error: there is no target "tcbds"; did you mean tcbsd? Targets: ${TARGET_NAMES} [profile/unknown-target]`,
    ],
  },
  {
    what: 'targets by names of systems',
    text: lineFour('targets: [win10, Windows-XP, "TC/BSD", CE 6]'),
    says: [
      '4:11: error: there is no target "win10"; write windows (Windows Vista and later: Embedded Standard 7, 7, 8, 10/11 IoT, Server) [profile/unknown-target]',
      '4:18: error: there is no target "Windows-XP"; write windows-xp (Windows 2000, XP, Server 2003, XP Embedded, Embedded Standard 2009) [profile/unknown-target]',
      '4:30: error: there is no target "TC/BSD"; write tcbsd (TC/BSD, FreeBSD) [profile/unknown-target]',
      '4:40: error: there is no target "CE 6"; write windows-ce (Windows CE, Windows Embedded Compact) [profile/unknown-target]',
    ],
  },
  {
    what: 'an override and options by names of systems',
    text: lineFour('overrides: { Debian 12: { idle: 4s } }\noptions: { win7: {}, ubuntu: {} }'),
    says: [
      '4:14: error: there is no target "Debian 12"; write linux (Beckhoff RT Linux, Debian, any Linux) [profile/unknown-target]',
      '5:12: error: there is no target "win7"; write windows (Windows Vista and later: Embedded Standard 7, 7, 8, 10/11 IoT, Server) [profile/unknown-target]',
      '5:22: error: linux has no options; targets that have some: windows, windows-ce [profile/no-options]',
    ],
  },
  {
    what: 'names that Windows has for its settings, and numbers in its unit',
    text: 'name: line4\nKeepAliveTime: 20000\nkeepaliveinterval: 5s\n',
    says: [
      '2:1: error: "KeepAliveTime" is called idle in a profile; Windows counts it in milliseconds, so write idle: 20000ms [profile/unknown-key]',
      '3:1: error: "keepaliveinterval" is called interval in a profile; write interval: 5s [profile/unknown-key]',
    ],
  },
  {
    what: 'names that FreeBSD has for its settings',
    text: 'name: line4\nnet.inet.tcp.keepidle: "4000"\nKEEPINTVL: 4000\nkeepcnt: 8\nkeepinit: 0\nalways_keepalive: 1\n',
    says: [
      '2:1: error: "net.inet.tcp.keepidle" is called idle in a profile; FreeBSD counts it in milliseconds, so write idle: 4000ms [profile/unknown-key]',
      '3:1: error: "KEEPINTVL" is called interval in a profile; FreeBSD counts it in milliseconds, so write interval: 4000ms [profile/unknown-key]',
      '4:1: error: "keepcnt" is called probes in a profile; write probes: 8 [profile/unknown-key]',
      '5:1: error: "keepinit" is called init in a profile; write for example init: 75s [profile/unknown-key]',
      '6:1: error: "always_keepalive" is called always in a profile; write always: true [profile/unknown-key]',
    ],
  },
  {
    what: 'names that Linux has for its settings, one in an override',
    text: lineFour('/proc/sys/net/ipv4/tcp_keepalive_probes: 9\noverrides: { linux: { tcp_keepalive_time: 60 } }'),
    says: [
      '4:1: error: "/proc/sys/net/ipv4/tcp_keepalive_probes" is called probes in a profile; write probes: 9 [profile/unknown-key]',
      '5:23: error: "tcp_keepalive_time" is called idle in a profile; Linux counts it in seconds, so write idle: 60s [profile/unknown-key]',
    ],
  },
  {
    what: 'names that are nearly those of a system, of which none says the unit',
    text: 'name: line4\nTCP_KEEPIDLE: 20\nkeep-alive-intervall: 0x1388\n',
    says: [
      '2:1: error: "TCP_KEEPIDLE" is called idle in a profile; write idle: 20s or idle: 20ms [profile/unknown-key]',
      '3:1: error: "keep-alive-intervall" is called interval in a profile; write for example interval: 5s [profile/unknown-key]',
    ],
  },
  {
    what: 'targets as keys',
    text: lineFour('windows: { idle: 5s }\nDebian:\n  idle: 4s\ntcbsd.idle: 4s\nwindows-ce: { ipv6: true }'),
    says: [
      '4:1: error: "windows" is for one target only; write overrides: { windows: { ... } } [profile/unknown-key]',
      '5:1: error: "Debian" is for one target only; write overrides: { linux: { ... } } [profile/unknown-key]',
      '7:1: error: "tcbsd.idle" is for one target only; write overrides: { tcbsd: { idle: 4s } } [profile/unknown-key]',
      '8:1: error: "windows-ce" is for one target only; write options: { windows-ce: { ... } } [profile/unknown-key]',
    ],
  },
  {
    what: 'no targets',
    text: lineFour('targets: []'),
    says: [
      '4:10: error: targets is empty; name at least one, or leave the line out for all of them [profile/no-targets]',
    ],
  },
  {
    what: 'a target twice',
    text: lineFour('targets: [linux, linux]'),
    says: ['4:18: error: target linux is named twice [profile/duplicate-target]'],
  },
  {
    what: 'a target under two names',
    text: lineFour('targets: [tcbsd, freebsd]'),
    says: ['4:18: error: freebsd is another name of tcbsd, which is named already [profile/duplicate-target]'],
  },
  {
    what: 'overrides under two names',
    text: lineFour('overrides: { tcbsd: {}, freebsd: {} }'),
    says: ['4:34: error: freebsd is another name of tcbsd, which is named already [profile/duplicate-target]'],
  },
  {
    what: 'an override without its target',
    text: lineFour('targets: [linux]\noverrides: { tcbsd: { idle: 4s } }'),
    says: [
      '5:21: warning: overrides for tcbsd have no effect, since targets does not name it [profile/override-without-target]',
    ],
  },
  {
    what: 'overrides without content',
    text: lineFour('overrides:'),
    says: ['4:1: error: overrides must be a group of keys, not empty [profile/wrong-type]'],
  },
  {
    what: 'a mistyped target in options',
    text: lineFour('options: { windos: { hive: A } }'),
    says: [
      '4:12: error: there is no target "windos"; did you mean windows? Targets: windows, windows-ce [profile/unknown-target]',
    ],
  },
  {
    what: 'options of a target that has none',
    text: lineFour('options: { freebsd: { ipv6: true } }'),
    says: ['4:12: error: tcbsd has no options; targets that have some: windows, windows-ce [profile/no-options]'],
  },
  {
    what: 'a mistyped option',
    text: lineFour('options: { windows-ce: { ipv5: true } }'),
    says: ['4:26: error: there is no key "ipv5"; did you mean ipv6? Keys here: ipv6 [profile/unknown-key]'],
  },
  {
    what: 'a switch among the options that is a word',
    text: lineFour('options: { windows-ce: { ipv6: yes } }'),
    says: ['4:32: error: options.windows-ce.ipv6 must be true or false, not text [profile/wrong-type]'],
  },
  {
    what: 'a control set that is no number of one',
    text: lineFour('options: { windows: { control-set: 1000 } }'),
    says: [
      '4:36: error: control-set cannot be "1000": write a whole number from 1 to 999, such as 1 [profile/bad-option]',
    ],
  },
  {
    what: 'a control set that is half of one',
    text: lineFour('options: { windows: { control-set: 1.5 } }'),
    says: [
      '4:36: error: control-set cannot be "1.5": write a whole number from 1 to 999, such as 1 [profile/bad-option]',
    ],
  },
  {
    what: 'a hive with a backslash',
    text: lineFour('options: { windows: { hive: "A\\\\B" } }'),
    says: [
      '4:29: error: hive cannot be "A\\B": write letters, digits, _ and -, first a letter, at most 31, such as OFFLINE [profile/bad-option]',
    ],
  },
  {
    what: 'the hive of the machine itself',
    text: lineFour('options: { windows: { hive: System } }'),
    says: [
      '4:29: error: hive cannot be "System": that is a part of the registry of the machine itself; write another, such as OFFLINE [profile/bad-option]',
    ],
  },
  {
    what: 'options without their target',
    text: lineFour('targets: [linux]\noptions: { windows-ce: { ipv6: true } }'),
    says: [
      '5:24: warning: options for windows-ce have no effect, since targets does not name it [profile/override-without-target]',
    ],
  },
  {
    what: 'options without content',
    text: lineFour('options:'),
    says: ['4:1: error: options must be a group of keys, not empty [profile/wrong-type]'],
  },
  {
    what: 'a duplicate key',
    text: lineFour('idle: 30s'),
    says: ['4:1: error: "idle" is set twice; the first is in line 2 [document/duplicate-key]'],
  },
  {
    what: 'a duplicate key in JSON',
    text: '{"name":"a","idle":"20s","idle":"30s","interval":"5s"}',
    says: ['1:26: error: "idle" is set twice; the first is in line 1 [document/duplicate-key]'],
  },
  {
    what: 'an alias bomb',
    text: `a: &a [x, x]\n${Array.from({ length: 3 }, (_, i) => `b${i}: [*a, *a]`).join('\n')}\n${GOOD}`,
    says: [
      `1:1: error: there is no key "a"; keys here: ${TOP_KEYS} [profile/unknown-key]`,
      '1:4: error: anchors and aliases (& and *) are not allowed; write the value out [document/alias]',
      ...[0, 1, 2].flatMap((i) => [
        `${i + 2}:1: error: there is no key "b${i}"; keys here: ${TOP_KEYS} [profile/unknown-key]`,
        `${i + 2}:6: error: anchors and aliases (& and *) are not allowed; write the value out [document/alias]`,
        `${i + 2}:10: error: anchors and aliases (& and *) are not allowed; write the value out [document/alias]`,
      ]),
    ],
  },
  {
    what: 'a tag',
    text: idle('!!str 20s'),
    says: ['2:7: error: tags (!) are not allowed; write the plain value [document/tag]'],
  },
  {
    what: 'thousands of nested brackets',
    text: '['.repeat(5_000),
    says: ['1:20: error: brackets or lists are nested more than 20 levels deep [document/too-deep]'],
  },
  {
    what: 'thousands of nested brackets, again in the same process',
    text: '['.repeat(5_000),
    says: ['1:20: error: brackets or lists are nested more than 20 levels deep [document/too-deep]'],
  },
  {
    what: 'a second document',
    text: `${GOOD}---\nname: other\n`,
    says: [
      '5:1: error: a second document begins here; a file holds one profile, so remove the line --- or split the file [document/second-document]',
    ],
  },
  {
    what: 'text that is no YAML',
    text: 'name: "line4\nidle: 20s\n',
    says: ['2:1: error: this is not YAML: deficient indentation [document/syntax]'],
  },
  {
    what: 'a line without a colon',
    text: 'name: line4\nidle 20s\ninterval: 5s\n',
    says: ['2:1: error: the colon after idle is missing; write "idle: 20s" [document/missing-colon]'],
  },
  {
    what: 'a first line without a colon',
    text: 'name line4\nidle: 20s\ninterval: 5s\n',
    says: ['1:1: error: the colon after name is missing; write "name: line4" [document/missing-colon]'],
  },
  {
    what: 'the last lines without a colon, with CRLF, tabs and comments',
    text: 'name: line4\r\nidle\t20s # quiet: time\r\ninterval 5s\r\n',
    says: [
      '2:1: error: the colon after idle is missing; write "idle: 20s" [document/missing-colon]',
      '3:1: error: the colon after interval is missing; write "interval: 5s" [document/missing-colon]',
    ],
  },
  {
    what: 'no line with a colon',
    text: 'idle 20s\ninterval 5s\n',
    says: ['1:1: error: the colon after idle is missing; write "idle: 20s" [document/missing-colon]'],
  },
  {
    what: 'signs of other formats instead of a colon, and a colon without a blank',
    text: 'name: line4\nidle = 20s\n"interval"=5s\nprobes:9\n',
    says: [
      '2:1: error: a colon belongs after idle, not =; write "idle: 20s" [document/missing-colon]',
      '3:1: error: a colon belongs after interval, not =; write "interval: 5s" [document/missing-colon]',
      '4:1: error: a blank is missing after the colon of probes; write "probes: 9" [document/missing-colon]',
    ],
  },
  {
    what: 'a line without a colon in an override, the only one there',
    text: lineFour('overrides:\n  linux:\n    idle 4s'),
    says: ['6:5: error: the colon after idle is missing; write "idle: 4s" [document/missing-colon]'],
  },
  {
    what: 'a line without a colon in an override, and a target without one',
    text: lineFour('overrides:\n  linux\n    idle 4s\n    interval: 3s'),
    says: [
      '5:3: error: the colon after linux is missing; write "linux:" [document/missing-colon]',
      '6:5: error: the colon after idle is missing; write "idle: 4s" [document/missing-colon]',
    ],
  },
  {
    what: 'a line without a colon, and an error that a colon does not help',
    text: 'name: line4\nidle 20s\ninterval: "5s\n',
    says: [
      '3:9: error: this is not YAML: can not read a block mapping entry; a multiline key may not be an implicit key [document/syntax]',
    ],
  },
  {
    what: 'bytes that are no UTF-8',
    text: Buffer.from('name: caf\xe9\n', 'latin1'),
    says: ['1:1: error: byte 9 is not UTF-8 text; save the profile as UTF-8 [document/not-text]'],
  },
  {
    what: 'UTF-16, as Notepad once saved it',
    text: Buffer.from(`\ufeff${GOOD}`, 'utf16le'),
    says: ['1:1: error: this is UTF-16; save the profile as UTF-8 [document/not-text]'],
  },
  {
    what: 'a 5 MB file',
    text: `# ${'x'.repeat(5 * 1024 * 1024)}\n${GOOD}`,
    says: ['1:1: error: the file has more than 65536 bytes; a profile is a page of text [document/too-large]'],
  },
  {
    what: 'a number without a unit',
    text: idle('20'),
    says: ['2:7: error: idle has no unit; write 20s for seconds or 20ms for milliseconds [profile/unit-missing]'],
  },
  {
    what: 'a number without a unit, quoted',
    text: idle("'20'"),
    says: ['2:7: error: idle has no unit; write 20s for seconds or 20ms for milliseconds [profile/unit-missing]'],
  },
  {
    what: 'a number that looks octal',
    text: idle('020'),
    says: [
      '2:7: error: some programs read "020" as octal, others as decimal; write it without leading zeros [document/ambiguous-number]',
    ],
  },
  {
    what: 'an exponent',
    text: idle('1e3s'),
    says: [
      '2:7: error: idle cannot be "1e3s": write the number out in digits, without an exponent [profile/bad-duration]',
    ],
  },
  {
    what: 'a blank before the unit',
    text: idle('20 s'),
    says: [
      '2:7: error: idle cannot be "20 s": write number and unit without a blank between them, such as 20s [profile/bad-duration]',
    ],
  },
  {
    what: 'a negative time',
    text: idle('-5s'),
    says: ['2:7: error: idle cannot be "-5s": write it without a sign [profile/bad-duration]'],
  },
  {
    what: 'a fraction',
    text: idle('1.5s'),
    says: [
      '2:7: error: idle cannot be "1.5s": fractions are not allowed; write it in the next smaller unit, such as 1500ms for 1.5s [profile/bad-duration]',
    ],
  },
  {
    what: 'a huge time',
    text: idle('99999999999999999999h'),
    says: [
      '2:7: error: idle cannot be "99999999999999999999h": no system can hold a time that long [profile/duration-too-long]',
    ],
  },
  {
    what: 'NaN',
    text: lineFour('probes: .nan'),
    says: ['4:9: error: probes must be a whole number, not .nan [profile/wrong-type]'],
  },
  {
    what: 'infinity',
    text: lineFour('probes: .inf'),
    says: ['4:9: error: probes must be a whole number, not .inf [profile/wrong-type]'],
  },
  {
    what: 'half a probe',
    text: lineFour('probes: 1.5'),
    says: ['4:9: error: probes cannot be "1.5"; write a whole number of at least 1, such as 9 [profile/bad-probes]'],
  },
  {
    what: 'fewer than no probes',
    text: lineFour('probes: -1'),
    says: ['4:9: error: probes cannot be "-1"; write a whole number of at least 1, such as 9 [profile/bad-probes]'],
  },
  {
    what: 'probes in quotes',
    text: lineFour('probes: "9"'),
    says: ['4:9: error: probes must be a whole number, not text [profile/wrong-type]'],
  },
  {
    what: 'no probes',
    text: lineFour('probes: 0'),
    says: [
      '4:9: error: probes cannot be 0: Linux and FreeBSD would drop a healthy connection without sending a single probe; the minimum is 1 [profile/zero]',
    ],
  },
  {
    what: 'no idle time',
    text: idle('0s'),
    says: [
      '2:7: error: idle cannot be 0: Linux would probe without a pause, FreeBSD refuses 0 and Windows documents 1 as the minimum; the minimum is 1ms [profile/zero]',
    ],
  },
  {
    what: 'no interval',
    text: 'name: line4\nidle: 20s\ninterval: 0ms\n',
    says: [
      '3:11: error: interval cannot be 0: Linux would leave a peer no time to answer, FreeBSD refuses 0 and Windows documents 1 as the minimum; the minimum is 1ms [profile/zero]',
    ],
  },
  {
    what: 'yes for true',
    text: lineFour('always: yes'),
    says: ['4:9: error: always must be true or false, not text [profile/wrong-type]'],
  },
  {
    what: 'a device as name',
    text: 'name: con\nidle: 20s\ninterval: 5s\n',
    says: [
      '1:7: error: the name "con" is a device on Windows, so no file can have it; choose another [profile/bad-name]',
    ],
  },
  {
    what: 'a name with a path in it',
    text: 'name: ../etc\nidle: 20s\ninterval: 5s\n',
    says: [
      '1:7: error: the name "../etc" may hold only small letters a-z, digits and -; other text belongs in title; write name: etc [profile/bad-name]',
    ],
  },
  {
    what: 'a name with a new line and a setting in it',
    text: 'name: "x\\nnet.inet.ip.forwarding=1"\nidle: 20s\ninterval: 5s\n',
    says: [
      '1:7: error: the name "x\\u000anet.inet.ip.forwarding=1" may hold only small letters a-z, digits and -; other text belongs in title; write name: x-net-inet-ip-forwarding-1 [profile/bad-name]',
    ],
  },
  ...[
    ['Packaging Line 4', 'packaging-line-4'],
    ['packaging_line_4', 'packaging-line-4'],
    ['Línea 4 (Süd)', 'linea-4-sud'],
    ['Halle.Straße', 'halle-strasse'],
  ].map(([name = '', instead = '']) => ({
    what: `the name ${name}, which is one for people`,
    text: `name: ${name}\nidle: 20s\ninterval: 5s\n`,
    says: [
      `1:7: error: the name "${name}" may hold only small letters a-z, digits and -; other text belongs in title; write name: ${instead} [profile/bad-name]`,
    ],
  })),
  {
    what: 'a name that is no name without its digits',
    text: 'name: "4"\nidle: 20s\ninterval: 5s\n',
    says: ['1:7: error: the name "4" must begin with a letter [profile/bad-name]'],
  },
  {
    what: 'a name of which nothing is left',
    text: 'name: "линия 4"\nidle: 20s\ninterval: 5s\n',
    says: [
      '1:7: error: the name "линия 4" may hold only small letters a-z, digits and -; other text belongs in title [profile/bad-name]',
    ],
  },
  {
    what: 'a name that is too long',
    text: `name: ${'a'.repeat(64)}\nidle: 20s\ninterval: 5s\n`,
    says: [`1:7: error: the name "${'a'.repeat(57)}..." has 64 characters; at most 63 are possible [profile/bad-name]`],
  },
  {
    what: 'half of a character in the title',
    text: lineFour('title: "\\ud800"'),
    says: ['4:8: error: the title holds half of a character (an unpaired surrogate) [profile/bad-title]'],
  },
  {
    what: 'a title that is too long',
    text: lineFour(`title: ${'x'.repeat(4097)}`),
    says: ['4:8: error: the title has 4097 characters; at most 4096 [profile/bad-title]'],
  },
  {
    what: 'a key that is a list',
    text: `${GOOD}? [a, b]\n: 1\n`,
    says: ['4:3: error: a key must be plain text, such as idle [document/key-not-text]'],
  },
  {
    what: 'trouble in every stage at once',
    text: 'name: LINE\nidle: 1500ms\ninterval: 5\nprobes: 300\nidle: 2s\n',
    says: [
      '1:7: error: the name "LINE" may hold only small letters a-z, digits and -; other text belongs in title; write name: line [profile/bad-name]',
      '3:11: error: interval has no unit; write 5s for seconds or 5ms for milliseconds [profile/unit-missing]',
      '5:1: error: "idle" is set twice; the first is in line 2 [document/duplicate-key]',
    ],
  },
  {
    what: 'a wrong name, and values that a system cannot hold',
    text: 'name: LINE\nidle: 1500ms\ninterval: 5s\ntargets: [linux]\n',
    says: [
      '1:7: error: the name "LINE" may hold only small letters a-z, digits and -; other text belongs in title; write name: line [profile/bad-name]',
      '2:7: error: linux: net.ipv4.tcp_keepalive_time cannot hold 1500ms exactly; it counts in steps of 1s (the kernel reads whole seconds). Write 1s or 2s [setting/not-representable]',
    ],
  },
  {
    what: 'more than a DWORD',
    text: lineFour('targets: [windows]\noverrides: { windows: { idle: 4294968s } }'),
    says: [
      '5:31: error: windows: KeepAliveTime cannot be 4294968000 ms (1193 h 2 min 48 s); it takes 1 ms to 4294967295 ms (1193 h 2 min 47 s 295 ms) [setting/out-of-range]',
    ],
  },
  {
    what: '40 000 keys',
    text: `${GOOD}${Array.from({ length: 40_000 }, (_, i) => `key${i}: 1`).join('\n')}\n`,
    says: ['1:1: error: the file has more than 65536 bytes; a profile is a page of text [document/too-large]'],
  },
  {
    what: 'a byte that is no UTF-8 after a replacement character that is',
    text: Buffer.concat([Buffer.from('# \ufffd\n'), Buffer.from([0xff])]),
    says: ['1:1: error: byte 6 is not UTF-8 text; save the profile as UTF-8 [document/not-text]'],
  },
  {
    what: 'a key that is missing because it is mistyped',
    text: 'name: line4\nidle: 20s\nintervall: 5s\n',
    says: [
      `3:1: error: there is no key "intervall"; did you mean interval? Keys here: ${TOP_KEYS} [profile/unknown-key]`,
    ],
  },
  {
    what: 'a target that is not a list',
    text: lineFour('targets: windows'),
    says: ['4:10: error: targets must be a list, such as [linux, tcbsd], not text [profile/wrong-type]'],
  },
  {
    what: 'an unknown target and one named twice',
    text: lineFour('targets: [linux, linux, foo]'),
    says: [
      '4:18: error: target linux is named twice [profile/duplicate-target]',
      `4:25: error: there is no target "foo"; targets: ${TARGET_NAMES} [profile/unknown-target]`,
    ],
  },
  {
    what: 'an override by another name, with a value that its target cannot hold',
    text: lineFour('overrides:\n  linux: { idle: 5s }\n  freebsd:\n    idle: 15ms'),
    says: [
      '7:11: error: tcbsd: net.inet.tcp.keepidle cannot hold 15ms exactly; it counts in steps of 10ms (the clock of a 100 Hz system). Write 10ms or 20ms [setting/not-representable]',
    ],
  },
  {
    what: 'no value',
    text: idle(''),
    says: ['2:1: error: idle must be a time, such as 20s, not empty [profile/wrong-type]'],
  },
  {
    what: 'a time in hexadecimal',
    text: idle('0x14'),
    says: ['2:7: error: idle cannot be "0x14": write the number in decimal, without 0x [profile/bad-duration]'],
  },
  {
    what: 'a negative time without a unit',
    text: idle('-5'),
    says: ['2:7: error: idle cannot be "-5": write it without a sign [profile/bad-duration]'],
  },
  {
    what: 'a unit in words',
    text: idle('20 seconds'),
    says: [
      '2:7: error: idle cannot be "20 seconds": units are written ms, s, min and h, without a blank, such as 20s [profile/bad-duration]',
    ],
  },
  ...['0x10', '9.0', '1e1', '+9', '9.00000000000000001', '9007199254740993'].map((count) => ({
    what: `a count written as ${count}`,
    text: lineFour(`probes: ${count}`),
    says: [
      `4:9: error: probes cannot be "${count}"; write a whole number of at least 1, such as 9 [profile/bad-probes]`,
    ],
  })),
  {
    what: 'more probes than any system takes',
    text: lineFour('probes: 400\ntargets: [linux, tcbsd]\noverrides: { tcbsd: { probes: 2147483648, idle: 20s } }'),
    says: [
      '4:9: error: linux: net.ipv4.tcp_keepalive_probes cannot be 400; it takes 1 to 255 [setting/out-of-range]',
      '6:31: error: probes cannot be "2147483648"; write a whole number of at least 1, such as 9 [profile/bad-probes]',
    ],
  },
  {
    what: 'two limits of one rule',
    text: `name: line4\nidle: 32768s\ninterval: 32768s\ntargets: [linux]\n`,
    says: [
      '2:7: warning: linux: idle is more than a program may set on its own socket (32767 s) [linux/above-socket-limit]',
      '3:11: warning: linux: interval is more than a program may set on its own socket (32767 s) [linux/above-socket-limit]',
    ],
  },
  {
    what: 'a tag name that would move the cursor',
    text: idle('!<\u009b31mRED> x'),
    says: ['2:17: error: this is not YAML: tag name cannot contain such characters: \\u009b31mRED [document/syntax]'],
  },
  {
    what: 'a key that the target has no setting for',
    text: lineFour('probes: 9\ntargets: [windows]'),
    says: ['4:9: warning: windows has no setting for probes: it always sends 10 probes [setting/unsupported]'],
  },
]
