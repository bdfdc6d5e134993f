import { describe, expect, it } from 'vitest'
import { difference } from '../../src/review/compare/difference.ts'
import { differenceMarkdown } from '../../src/review/compare/difference-markdown.ts'
import type { Entry } from '../../src/review/entry.ts'
import type { FileGroup } from '../../src/review/compare/file-changes.ts'
import { TARGETS } from '../../src/targets/index.ts'

type Side = readonly (readonly [string, Entry])[]

const markdown = (before: Side, after: Side, files: readonly FileGroup[] = [], label = 'old') =>
  differenceMarkdown(difference(TARGETS, new Map(before), new Map(after)), files, { before: label, after: 'new' })

const many = (count: number, of: (index: number) => Entry): Side =>
  Array.from({ length: count }, (_, index) => [`device-${String(index).padStart(5, '0')}/windows`, of(index)])

const T20: Entry = { idle: '20s', interval: '5s' }
const MOST = 65_000

/** Rows of tables, cell by cell; a bar after a backslash ends no cell. */
const rows = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))

describe('a difference in Markdown', () => {
  it('has a heading, a table and the consequences for each group', () => {
    expect(markdown([['a/windows', T20]], [['a/windows', { ...T20, idle: '30s' }]])).toBe(
      [
        '**`old` → `new`**: 1 kind of change in 1 pair of profile and target; 0 the same',
        '',
        '### a on windows',
        '',
        '| setting | before | after |',
        '| --- | --- | --- |',
        '| `KeepAliveTime` | 20000 ms (20 s, 0x4e20) | 30000 ms (30 s, 0x7530) |',
        '',
        '- A dead peer is noticed after 80 s instead of 70 s.',
        '- The settings take effect when the machine restarts.',
        '',
      ].join('\n'),
    )
  })

  it('has three cells in every row', () => {
    const text = markdown(
      [...many(3, () => T20), ['x/tcbsd', { idle: '1s', always: true }], ['gone/linux', T20]],
      [...many(3, () => ({})), ['x/tcbsd', { probes: 4, always: false }], ['fresh/linux', T20]],
    )
    expect(rows(text).length).toBeGreaterThan(10)
    expect(new Set(rows(text).map(({ length }) => length))).toEqual(new Set([3]))
  })

  it('names up to three profiles in the heading and folds more away', () => {
    expect(
      markdown(
        [],
        many(3, () => T20),
      ),
    ).not.toContain('<details>')
    const text = markdown(
      [],
      many(4, () => T20),
    )
    expect(text).toContain('### 4 profiles (device-00000, device-00001, device-00002 and 1 more) on windows, new')
    expect(text).toContain(
      '<details><summary>4 profiles</summary>\n\ndevice-00000, device-00001, device-00002, device-00003\n\n</details>',
    )
  })

  it('without a difference is one line', () => {
    expect(markdown([['a/linux', T20]], [['a/linux', T20]])).toBe(
      '**`old` → `new`**: no difference (1 pair of profile and target compared)\n',
    )
  })

  it('has changed files at the end', () => {
    const files = [
      { profiles: ['a'], files: [{ path: 'README.txt', how: ['text: 1 line out, 2 in', 'now executable'] }] },
    ]
    expect(markdown([], [], files)).toMatch(
      /### Files of a\n\n- `README.txt`: text: 1 line out, 2 in; now executable\n$/,
    )
  })
})

describe('the length', () => {
  it('stays below 65 000 characters with ten thousand groups, and the end says how many are left out', () => {
    const text = markdown(
      many(10_000, () => T20),
      many(10_000, (index) => ({ ...T20, idle: `${index + 30}s` })),
    )
    const shown = text.split('\n').filter((line) => line.startsWith('### ')).length
    expect(text.length).toBeLessThan(MOST)
    expect(text.length).toBeGreaterThan(MOST - 1_000)
    expect(text).toContain(
      `\n_${10_000 - shown} more changes are left out here; \`--format text\`, \`json\` and \`html\` have all of them._\n`,
    )
    expect(text.startsWith('**`old` → `new`**: 10000 kinds of change in 10000 pairs')).toBe(true)
  })

  it('stays below it with ten thousand names in one group, and counts the omitted names', () => {
    const text = markdown(
      [],
      many(10_000, () => T20),
    )
    expect(text.length).toBeLessThan(MOST)
    expect(text).toContain('device-00199 and 9800 more\n')
    expect(text).not.toContain('left out')
  })

  it('stays below it with the longest names and a file group for each', () => {
    const long = (index: number) => `${'n'.repeat(57)}-${String(index).padStart(5, '0')}`
    const files = Array.from({ length: 1_000 }, (_, index): FileGroup => ({
      profiles: [long(index)],
      files: Array.from({ length: 40 }, (_path, at) => ({ path: `windows/file-${at}`, how: ['new'] })),
    }))
    const text = markdown(
      many(300, () => T20),
      many(300, (index) => ({ idle: `${index}s` })),
      files,
    )
    expect(text.length).toBeLessThan(MOST)
    expect(text).toMatch(/_\d+ more changes are left out here/)
  })

  it('says that one change is left out if it is too large', () => {
    const files = [{ profiles: ['a'], files: [{ path: 'x'.repeat(MOST), how: ['new'] }] }]
    expect(markdown([], [], files)).toContain('_1 more change is left out here;')
  })
})

describe('text of a person is no markup', () => {
  it.each([
    ['HEAD:a|b', '`HEAD:a|b`'],
    ['a`b', '`` a`b ``'],
    ['a``b`', '``` a``b` ```'],
    ['<script>', '`<script>`'],
    ['a\nb\u202e', '`a\\u000ab\\u202e`'],
  ])('in a label: %j', (label, wanted) => {
    expect(markdown([], [], [], label).split('\n')[0]).toBe(
      `**${wanted} → \`new\`**: no difference (0 pairs of profile and target compared)`,
    )
  })

  it('in a name or a file, which may be anything in a foreign output', () => {
    const name = '<img src=x>|[a](b)`@all'
    const text = markdown(
      [],
      Array.from({ length: 4 }, (_, index) => [`${name}${index}/linux`, T20] as const),
      [{ profiles: [name], files: [{ path: 'a`|b', how: ['may now run <b>'] }] }],
    )
    expect(text).not.toMatch(/<img|\[a\]|@all/)
    expect(text).toContain('- `` a`|b ``: may now run &#60;b&#62;')
    expect(new Set(rows(text).map(({ length }) => length))).toEqual(new Set([3]))
  })
})
