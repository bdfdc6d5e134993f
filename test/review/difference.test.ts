import { describe, expect, it } from 'vitest'
import { consequences, nativeText } from '../../src/review/compare/consequences.ts'
import { difference } from '../../src/review/compare/difference.ts'
import { differenceData } from '../../src/review/compare/difference-data.ts'
import { differenceSummary, differenceText, filesText } from '../../src/review/compare/difference-text.ts'
import { entryOf, entryValues, filesDigest, type Entry } from '../../src/review/entry.ts'
import type { Setting, Target } from '../../src/core/target.ts'
import { TARGETS } from '../../src/targets/index.ts'

type Side = Readonly<Record<string, Entry>>

const compare = (before: Side, after: Side) =>
  difference(TARGETS, new Map(Object.entries(before)), new Map(Object.entries(after)))

/** Each group in one line: names, target, changes. */
const told = (before: Side, after: Side) =>
  compare(before, after).groups.map(
    ({ profiles, target, kind, changes }) =>
      `${kind} ${profiles.join('+')} ${target.id}: ${changes.map(({ field, before: was, after: is }) => `${field} ${was} ${is}`).join(', ')}`,
  )

const T20: Entry = { idle: '20s', interval: '5s' }
const T30: Entry = { idle: '30s', interval: '5s' }
const FILES = (digit: string) => ({ sha256: digit.repeat(64) })

describe('what differs', () => {
  it.each<readonly [string, Side, Side, readonly string[]]>([
    ['nothing', { 'a/linux': T20 }, { 'a/linux': T20 }, []],
    ['nothing on both sides', {}, {}, []],
    ['a value', { 'a/linux': T20 }, { 'a/linux': T30 }, ['changed a linux: idle 20000 30000']],
    [
      'a value that is no longer set, and a newly set one',
      { 'a/linux': { ...T20, probes: 9 } },
      { 'a/linux': { interval: '5s', probes: 4 } },
      ['changed a linux: idle 20000 undefined, probes 9 4'],
    ],
    [
      'a switch',
      { 'a/tcbsd': { always: true } },
      { 'a/tcbsd': { always: false } },
      ['changed a tcbsd: always true false'],
    ],
    ['a new profile', {}, { 'a/linux': T20 }, ['added a linux: idle undefined 20000, interval undefined 5000']],
    [
      'a profile that is gone',
      { 'a/linux': T20 },
      {},
      ['removed a linux: idle 20000 undefined, interval 5000 undefined'],
    ],
    [
      'a target that is new for a profile',
      { 'a/linux': T20 },
      { 'a/linux': T20, 'a/windows': T20 },
      ['added a windows: idle undefined 20000, interval undefined 5000'],
    ],
    [
      'files only',
      { 'a/linux': { ...T20, ...FILES('1') } },
      { 'a/linux': { ...T20, ...FILES('2') } },
      ['files a linux: '],
    ],
    ['files that one side does not have', { 'a/linux': { ...T20, ...FILES('1') } }, { 'a/linux': T20 }, []],
    ['the unit of an equal time', { 'a/linux': { idle: '60s' } }, { 'a/linux': { idle: '1min' } }, []],
    ['an unknown system', { 'a/plan9': T20 }, { 'a/plan9': T30 }, []],
  ])('%s', (_what, before, after, wanted) => {
    expect(told(before, after)).toEqual(wanted)
  })

  it('counts the equal pairs of profile and target, and the profiles that are equal on every target', () => {
    const before = { 'a/linux': T20, 'a/windows': T20, 'b/linux': T20, 'c/linux': T20 }
    const { same, untouched } = compare(before, { ...before, 'a/windows': T30 })
    expect({ same, untouched }).toEqual({ same: 3, untouched: 2 })
  })
})

describe('groups', () => {
  const before: Side = { 'b/linux': T20, 'a/linux': T20, 'c/linux': T20, 'd/linux': T30, 'a/windows': T20 }

  it('have all profiles with the same change on the same target, by name', () => {
    expect(told(before, { 'b/linux': T30, 'a/linux': T30, 'c/linux': T30, 'd/linux': T30, 'a/windows': T30 })).toEqual([
      'changed a+b+c linux: idle 20000 30000',
      'changed a windows: idle 20000 30000',
    ])
  })

  it('differ if the old values differ', () => {
    const now = { idle: '40s', interval: '5s' }
    expect(told({ 'a/linux': T20, 'b/linux': T30 }, { 'a/linux': now, 'b/linux': now })).toHaveLength(2)
  })

  it('separate a new profile from one that had no value', () => {
    expect(told({ 'a/linux': {} }, { 'a/linux': T20, 'b/linux': T20 })).toEqual([
      'changed a linux: idle undefined 20000, interval undefined 5000',
      'added b linux: idle undefined 20000, interval undefined 5000',
    ])
  })

  it('with differing files only are one, whatever the digests', () => {
    const side = (digits: string) =>
      Object.fromEntries(digits.split('').map((digit, i) => [`p${i}/linux`, { ...T20, ...FILES(digit) }]))
    expect(told(side('1234'), side('5678'))).toEqual(['files p0+p1+p2+p3 linux: '])
  })

  it('are sorted by size, then by the first name, then by target', () => {
    const were: Side = { 'z/linux': T20, 'y/linux': T20, 'a/windows': T20, 'a/linux': T20, 'b/linux': { idle: '1s' } }
    const are: Side = { 'z/linux': T30, 'y/linux': T30, 'a/windows': T30, 'a/linux': {}, 'b/linux': T20 }
    const wanted = ['y+z linux', 'a linux', 'a windows', 'b linux']
    const order = (groups: readonly string[]) => groups.map((line) => line.replace(/^\w+ (.*?):.*/, '$1'))
    expect(order(told(were, are))).toEqual(wanted)
    const reversed = (side: Side): Side => Object.fromEntries(Object.entries(side).toReversed())
    expect(order(told(reversed(were), reversed(are)))).toEqual(wanted)
  })
})

describe('a value', () => {
  const setting = (target: string, field: keyof Target['settings']) =>
    (TARGETS.get(target) as Target).settings[field] as Setting
  it.each<readonly [string, Setting, number | boolean | undefined, string]>([
    ['in milliseconds', setting('windows', 'idle'), 300_000, '300000 ms (5 min, 0x493e0)'],
    ['that is no whole number of seconds', setting('windows', 'interval'), 1_500, '1500 ms (1 s 500 ms, 0x5dc)'],
    ['in seconds', setting('linux', 'idle'), 300_000, '300 s (5 min)'],
    ['that people write in seconds too', setting('linux', 'idle'), 20_000, '20 s'],
    ['of FreeBSD', setting('tcbsd', 'idle'), 20_000, '20000 ms (20 s, 0x4e20)'],
    ['that is a count', setting('linux', 'probes'), 9, '9'],
    ['that is on', setting('tcbsd', 'always'), true, '1 (on)'],
    ['that is off', setting('tcbsd', 'always'), false, '0 (off)'],
    ['that is not set', setting('windows', 'idle'), undefined, 'not set (default 7200000 ms (2 h, 0x6ddd00))'],
    ['that is a count and not set', setting('linux', 'probes'), undefined, 'not set (default 9)'],
  ])('%s', (_what, of, value, wanted) => {
    expect(nativeText(of, value)).toBe(wanted)
  })
})

describe('what follows', () => {
  const RESTART = 'The settings take effect when the machine restarts.'
  const TIMERS = 'The settings take effect at once for new connections; existing connections keep their old timer.'
  it.each<readonly [string, string, Entry | undefined, Entry | undefined, readonly string[]]>([
    [
      'windows, whose ten probes are fixed',
      'windows',
      T20,
      T30,
      ['A dead peer is noticed after 80 s instead of 70 s.', RESTART],
    ],
    [
      'windows, from nothing set',
      'windows',
      {},
      T20,
      ['A dead peer is noticed after 70 s instead of 2 h 10 s.', RESTART],
    ],
    [
      'windows-xp, whose five probes are fixed',
      'windows-xp',
      T20,
      {},
      ['A dead peer is noticed after 2 h 5 s instead of 45 s.', RESTART],
    ],
    [
      'linux, with probes',
      'linux',
      { ...T20, probes: 10 },
      { ...T20, probes: 4 },
      ['A dead peer is noticed after 40 s instead of 70 s.', TIMERS],
    ],
    ['linux, with its own probes', 'linux', T20, T30, ['A dead peer is noticed after 75 s instead of 65 s.', TIMERS]],
    [
      'tcbsd, with the same detection time',
      'tcbsd',
      { idle: '60s', interval: '10s', probes: 4 },
      { idle: '40s', interval: '10s', probes: 6 },
      ['A dead peer is noticed after 1 min 40 s, as before.', TIMERS],
    ],
    [
      'windows-ce, with an unknown number of probes',
      'windows-ce',
      T20,
      T30,
      [
        'The detection time is not known: no source says how many probes this system sends.',
        'The settings take effect when the device restarts, because the stack reads them at its start.',
      ],
    ],
    [
      'a new profile',
      'linux',
      undefined,
      T20,
      ['A dead peer is noticed after 65 s instead of 2 h 11 min 15 s.', TIMERS],
    ],
    [
      'a profile that is gone',
      'linux',
      T20,
      undefined,
      ['The kit no longer makes files for this target; machines keep the settings until these are uninstalled.'],
    ],
    [
      'files only',
      'linux',
      { ...T20, ...FILES('1') },
      { ...T20, ...FILES('2') },
      ['The settings are the same; the files that set them differ.'],
    ],
  ])('%s', (_what, target, was, is, wanted) => {
    const side = (entry: Entry | undefined): Side => (entry === undefined ? {} : { [`a/${target}`]: entry })
    expect(compare(side(was), side(is)).groups.map(consequences)).toEqual([wanted])
  })
})

describe('for a terminal', () => {
  it('a group is a paragraph: heading, settings in columns, consequences', () => {
    expect(differenceText(compare({ 'a/linux': T20 }, { 'a/linux': { ...T30, probes: 4 } }))).toBe(
      [
        'a on linux:',
        '  net.ipv4.tcp_keepalive_time    20 s -> 30 s',
        '  net.ipv4.tcp_keepalive_probes  not set (default 9) -> 4',
        '  A dead peer is noticed after 50 s instead of 65 s.',
        '  The settings take effect at once for new connections; existing connections keep their old timer.',
        '',
      ].join('\n'),
    )
  })

  it.each<readonly [string, number, Side | undefined, string]>([
    ['one', 1, undefined, 'p0 on linux, new:'],
    ['three by name', 3, undefined, 'p0, p1, p2 on linux, new:'],
    ['more with a count', 10, undefined, '10 profiles (p0, p1, p2 and 7 more) on linux, new:'],
    ['one that is gone', 0, { 'old/linux': T20 }, 'old on linux, no longer there:'],
  ])('a heading names profiles: %s', (_what, count, before = {}, wanted) => {
    const after = Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}/linux`, T20]))
    expect(differenceText(compare(before, after)).split('\n')[0]).toBe(wanted)
  })

  it('names and paths cannot send control characters to a terminal', () => {
    const text = differenceText(compare({}, { 'x\u001b[2J/y/linux': T20 }))
    expect(text.split('\n')[0]).toBe('x\\u001b[2J/y on linux, new:')
    expect(filesText([{ profiles: ['\u001bc'], files: [{ path: 'a\u0007', how: ['new'] }] }])).toBe(
      'files of \\u001bc:\n  a\\u0007: new\n',
    )
  })

  it.each<readonly [Side, Side, string]>([
    [{ 'a/linux': T20 }, { 'a/linux': T20 }, 'no difference (1 pair of profile and target compared)'],
    [{ 'a/linux': T20 }, { 'a/linux': T30 }, '1 kind of change in 1 pair of profile and target; 0 the same'],
    [
      { 'a/linux': T20, 'b/linux': T20, 'c/linux': T20, 'd/linux': T20 },
      { 'a/linux': T30, 'b/linux': T30, 'c/linux': {}, 'd/linux': T20 },
      '2 kinds of change in 3 pairs of profile and target; 1 the same',
    ],
  ])('the last line: %j, %j', (before, after, wanted) => {
    expect(differenceSummary(compare(before, after), [])).toBe(wanted)
  })

  it('the last line mentions differing files', () => {
    const files = [{ profiles: ['a'], files: [{ path: 'README.txt', how: ['new'] }] }]
    expect(differenceSummary(compare({ 'a/linux': T20 }, { 'a/linux': T20 }), files)).toBe(
      'no difference in what is set (1 pair of profile and target compared), but files differ',
    )
  })
})

describe('for programs', () => {
  it('values are in the own unit of the system, and null if not set', () => {
    const found = compare(
      { 'a/windows': {}, 'b/tcbsd': T20 },
      { 'a/windows': { idle: '20s' }, 'b/tcbsd': { ...T20, always: true } },
    )
    expect(differenceData(found)).toMatchObject({
      same: 0,
      groups: [
        {
          target: 'windows',
          kind: 'changed',
          profiles: ['a'],
          changes: [{ field: 'idle', key: 'KeepAliveTime', unit: 'ms', before: null, after: 20_000 }],
          detectionMs: { before: 7_210_000, after: 30_000 },
        },
        {
          target: 'tcbsd',
          changes: [{ field: 'always', key: 'net.inet.tcp.always_keepalive', before: null, after: 1 }],
        },
      ],
    })
  })

  it('an unknown detection time is null', () => {
    const found = compare({ 'a/windows-ce': T20 }, { 'a/windows-ce': T30 })
    expect(differenceData(found)).toMatchObject({ groups: [{ detectionMs: { before: null, after: null } }] })
  })
})

describe('an entry', () => {
  it('has the words of a profile, and gives back its values', () => {
    const { idle, probes, always } = (TARGETS.get('tcbsd') as Target).settings
    const entry = entryOf([
      { field: 'idle', setting: idle, value: 90_000 },
      { field: 'probes', setting: probes as Setting, value: 8 },
      { field: 'always', setting: always as Setting, value: 1 },
    ])
    expect(entry).toEqual({ idle: '90s', probes: 8, always: true })
    expect(entryValues(entry)).toEqual({ idle: 90_000, probes: 8, always: true })
  })

  it('has a switch that is on for any number but 0', () => {
    const { always } = (TARGETS.get('tcbsd') as Target).settings
    const of = (value: number) => entryOf([{ field: 'always', setting: always as Setting, value }])
    expect([of(0), of(1), of(2)]).toEqual([{ always: false }, { always: true }, { always: true }])
  })

  it('has a digest of its target’s files by path and content, in any order', () => {
    const file = (path: string, text: string) => ({ path, bytes: Buffer.from(text) })
    const files = [file('linux/a', '1'), file('linux/b', '2'), file('windows/a', '3'), file('README.txt', '4')]
    const digest = filesDigest('linux', files)
    expect(filesDigest('linux', files.toReversed())).toBe(digest)
    expect(filesDigest('linux', files.slice(0, 2))).toBe(digest)
    expect(filesDigest('linux', [file('linux/a', '2'), file('linux/b', '1')])).not.toBe(digest)
    expect(filesDigest('linux', [file('linux/c', '1'), file('linux/b', '2')])).not.toBe(digest)
  })
})
