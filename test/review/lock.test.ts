import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { difference } from '../../src/review/compare/difference.ts'
import type { Entry } from '../../src/review/entry.ts'
import { isLock, lockText, readLock } from '../../src/review/lock.ts'
import { TARGETS } from '../../src/targets/index.ts'

const DIGEST = 'a'.repeat(64)
const lineOf = (entry: string) => `{\n  "keepalive-kit-lock": 1,\n  "entries": {\n    ${entry}\n  }\n}\n`

describe('the text of a lock', () => {
  it('has one line for each profile and target, sorted by code unit, the same on every machine', () => {
    const entries = new Map<string, Entry>([
      ['line-10/linux', { idle: '20s', interval: '5s', probes: 9, sha256: DIGEST }],
      ['line-1/windows', { idle: '20s', interval: '5s', sha256: DIGEST }],
      ['line-1/tcbsd', { idle: '4s', always: true, sha256: DIGEST }],
    ])
    const wanted = [
      '{',
      '  "keepalive-kit-lock": 1,',
      '  "entries": {',
      `    "line-1/tcbsd": {"idle":"4s","always":true,"sha256":"${DIGEST}"},`,
      `    "line-1/windows": {"idle":"20s","interval":"5s","sha256":"${DIGEST}"},`,
      `    "line-10/linux": {"idle":"20s","interval":"5s","probes":9,"sha256":"${DIGEST}"}`,
      '  }',
      '}',
      '',
    ].join('\n')
    expect(lockText(entries)).toBe(wanted)
    expect(lockText(new Map([...entries].toReversed()))).toBe(wanted)
  })

  it('is JSON even without entries', () => {
    const text = lockText(new Map())
    expect(isLock(text)).toBe(true)
    expect(readLock(text, 'x').entries).toEqual(new Map())
  })

  const time = fc
    .tuple(fc.integer({ min: 0, max: 4_294_967_295 }), fc.constantFrom('ms', 's', 'min'))
    .map(([number, unit]) => `${number}${unit}`)
  const entry: fc.Arbitrary<Entry> = fc.record(
    {
      idle: time,
      interval: time,
      probes: fc.nat(),
      init: time,
      always: fc.boolean(),
      sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    },
    { requiredKeys: [] },
  )
  const key = fc
    .tuple(fc.stringMatching(/^[a-z][a-z0-9-]{0,62}$/), fc.constantFrom(...TARGETS.keys()))
    .map(([profile, target]) => `${profile}/${target}`)

  it('is read back unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, entry)), (pairs) => {
        const entries = new Map(pairs)
        const text = lockText(entries)
        const reading = readLock(text, 'x')
        expect(isLock(text)).toBe(true)
        expect(reading.diagnostics).toEqual([])
        expect(reading.entries).toEqual(entries)
        expect(lockText(reading.entries ?? new Map())).toBe(text)
        expect(text.split('\n').filter((line) => line.startsWith('    '))).toHaveLength(entries.size)
      }),
      { numRuns: 300 },
    )
  })

  it('is also read with the line ends of Windows', () => {
    expect(readLock(lineOf('"a/linux": {"idle":"20s"}').replaceAll('\n', '\r\n'), 'x').entries?.size).toBe(1)
  })
})

describe('a lock that cannot be used', () => {
  const entry = (text: string, key = '"a/linux"') => lineOf(`${key}: ${text}`)
  const notOurs = (key: string) => `its entry "${key}" is not one that the kit writes`
  it.each([
    ['nothing', '', 'it is not JSON ('],
    ['half of it', entry('{}').slice(0, 40), 'it is not JSON ('],
    ['a list', '[]', 'it has no entries'],
    ['no entries', '{"keepalive-kit-lock": 1}', 'it has no entries'],
    ['entries as a list', '{"keepalive-kit-lock": 1, "entries": []}', 'it has no entries'],
    [
      'a later format',
      '{"keepalive-kit-lock": 2, "entries": {}}',
      'its format is 2, and this version of the kit knows 1',
    ],
    ['a format in quotes', '{"keepalive-kit-lock": "1", "entries": {}}', 'its format is "1", and this version'],
    ['a key without target', entry('{}', '"a"'), notOurs('a')],
    ['a target in capitals', entry('{}', '"a/Linux"'), notOurs('a/Linux')],
    ['a name that no device may have', entry('{}', '"a b/linux"'), notOurs('a b/linux')],
    ['an empty name', entry('{}', '"/linux"'), notOurs('/linux')],
    ['a name that is too long', entry('{}', `"${'a'.repeat(64)}/linux"`), notOurs(`${'a'.repeat(64)}/linux`)],
    ['an entry that is text', entry('"20s"'), notOurs('a/linux')],
    ['an entry that is nothing', entry('null'), notOurs('a/linux')],
    ['a field that no profile has', entry('{"idel":"20s"}'), notOurs('a/linux')],
    ['a time without unit', entry('{"idle":"20"}'), notOurs('a/linux')],
    ['a time as a number', entry('{"idle":20}'), notOurs('a/linux')],
    ['a time that is null', entry('{"idle":null}'), notOurs('a/linux')],
    ['probes in quotes', entry('{"probes":"9"}'), notOurs('a/linux')],
    ['half a probe', entry('{"probes":2.5}'), notOurs('a/linux')],
    ['a switch as a number', entry('{"always":1}'), notOurs('a/linux')],
    ['a digest that is too short', entry(`{"sha256":"${DIGEST.slice(1)}"}`), notOurs('a/linux')],
    ['a digest in capitals', entry(`{"sha256":"${DIGEST.toUpperCase()}"}`), notOurs('a/linux')],
    ['a digest that is a number', entry('{"sha256":1}'), notOurs('a/linux')],
    [
      'an unfinished merge',
      lineOf(
        '<<<<<<< ours\n    "a/linux": {"idle":"20s"}\n=======\n    "a/linux": {"idle":"30s"}\n>>>>>>> theirs',
      ).replaceAll(/^ +(?=[<=>]{7})/gm, ''),
      'it has the conflict marks of an unfinished merge',
    ],
    [
      'a merge that kept both lines',
      lineOf('"a/linux": {"idle":"20s"},\n    "a/linux": {"idle":"30s"}'),
      'it has an entry twice',
    ],
  ])('%s', (_what, text, why) => {
    const { entries, diagnostics } = readLock(text, 'keepalive.lock.json')
    expect(entries).toBeUndefined()
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]).toMatchObject({ code: 'lock/unusable', location: { file: 'keepalive.lock.json' } })
    expect(diagnostics[0]?.message).toContain(`this lock cannot be used: ${why}`)
    expect(diagnostics[0]?.message).toMatch(/; write it again with keepalive-kit lock, or restore it$/)
  })

  it('gives a reason for any text, and never throws', () => {
    const near = fc.constantFrom(
      '{',
      '}',
      '"keepalive-kit-lock"',
      ':',
      '1',
      ',',
      '"entries"',
      '"a/linux"',
      '"idle"',
      '"20s"',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.array(near).map((parts) => parts.join('')),
        ),
        (text) => {
          const { entries, diagnostics } = readLock(text, 'x')
          expect(entries === undefined).toBe(diagnostics.length > 0)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

it('two locks of 100 000 devices with three kinds of change differ in three groups', () => {
  const lock = (of: (index: number) => Entry): string =>
    lockText(new Map(Array.from({ length: 100_000 }, (_, index) => [`device-${index}/linux`, of(index)])))
  const same: Entry = { idle: '20s', interval: '5s', probes: 9, sha256: DIGEST }
  const changes: readonly Entry[] = [
    { ...same, idle: '30s' },
    { ...same, probes: 4 },
    { ...same, sha256: 'b'.repeat(64) },
  ]
  const [before, after] = [lock(() => same), lock((index) => (index < 60_000 ? changes[index % 3] : undefined) ?? same)]
  const [old, now] = [readLock(before, 'before').entries, readLock(after, 'after').entries]
  const found = difference(TARGETS, old ?? new Map(), now ?? new Map())
  expect(found.groups.map(({ kind, profiles }) => [kind, profiles.length])).toEqual([
    ['changed', 20_000],
    ['changed', 20_000],
    ['files', 20_000],
  ])
  expect(found.same).toBe(40_000)
})
