import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { isError } from '../../src/core/diagnostic.ts'
import { schemaWhenNeeded } from '../../src/core/profile-schema.ts'
import { VERSION } from '../../src/io/assets.ts'
import { unzip } from '../../src/formats/zip/unzip.ts'
import { storedZip } from '../../src/core/zip.ts'
import { verifyZip } from '../../src/kit/verify.ts'
import { checkTree } from '../../src/review/verify/tree.ts'
import { TARGETS } from '../../src/targets/index.ts'
import { templates } from '../support/build.ts'
import { LINE4 } from '../support/cli.ts'
import { filesOf, outputOf } from '../support/outputs.ts'
import { zipOf } from '../support/zips.ts'
import { timesOf } from '../support/depth.ts'

const RUNS = timesOf(1_500, 300)
const kit = { registry: TARGETS, schema: schemaWhenNeeded(TARGETS), template: templates, version: VERSION }
const bundle = outputOf(LINE4, ['linux'])
const files = filesOf(bundle)
let whole: Buffer
/** The same files deflated, with sizes after the data, as other programs pack them. */
const deflated = zipOf(
  [...files].map(([path, { bytes, mode = 0 }]) => ({
    name: `line4/${path}`,
    data: bytes,
    mode: 0o100000 | mode,
    deflate: true,
    descriptor: true,
  })),
)
beforeAll(async () => {
  whole = Buffer.from(storedZip(bundle))
})

/** One kind of damage to bytes, at a place between 0 and 1 of their length. */
const damage = fc.oneof(
  fc.record({
    kind: fc.constant('flip' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bits: fc.integer({ min: 1, max: 255 }),
  }),
  fc.record({
    kind: fc.constant('cut' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 600 }),
  }),
  fc.record({
    kind: fc.constant('repeat' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 600 }),
  }),
)
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never

/**
 * `from` marks the interesting part: a zip's structure is in a few bytes between the contents, which random places
 * seldom hit.
 */
function applied(bytes: Buffer, damages: readonly Damage[], from = 0): Buffer {
  let now = Buffer.from(bytes)
  for (const one of damages) {
    const at = from + Math.floor(one.at * Math.max(now.length - from - 1, 0))
    if (one.kind === 'flip') now[at] = (now[at] ?? 0) ^ one.bits
    else if (one.kind === 'cut') now = Buffer.concat([now.subarray(0, at), now.subarray(at + one.length)])
    else now = Buffer.concat([now.subarray(0, at + one.length), now.subarray(at)])
  }
  return now
}

/** The files that an unpacking program would write. */
async function contents(bytes: Uint8Array): Promise<object> {
  const { entries } = unzip(bytes, 'a.zip')
  return Object.fromEntries(entries.map(({ path, bytes: content }) => [path, Buffer.from(content).toString('base64')]))
}

/**
 * Bytes of a zip without meaning, where a change is a warning (`verify/repacked`) and no error: dates, versions, the
 * packer's system, internal and DOS attributes, comments, extra fields, the copy of sizes after the data, the order of
 * files, and bits of the mode other than the executable one.
 */
async function expectTold(bytes: Buffer): Promise<'error' | 'warning'> {
  const { diagnostics } = verifyZip(kit, bytes, 'a.zip')
  if (diagnostics.some(isError)) return 'error'
  expect(diagnostics.map(({ code }) => code)).toContain('verify/repacked')
  expect(await contents(bytes)).toEqual(await contents(whole))
  return 'warning'
}

describe('a bundle whose bytes are flipped, cut and repeated', () => {
  it.each([
    ['as written by the kit', () => whole, 0],
    ['in its list of files', () => whole, 'list'],
    ['packed by another program', () => deflated, 0],
    ['in the list of files of another program', () => deflated, 'list'],
  ] as const)('%s, is never taken for untouched', async (_what, of, from) => {
    const bytes = of()
    const start = from === 'list' ? bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) : 0
    const told = { error: 0, warning: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        const damaged = applied(bytes, damages, start)
        fc.pre(Buffer.compare(damaged, bytes) !== 0)
        told[await expectTold(damaged)] += 1
      }),
      { numRuns: RUNS },
    )
    expect(told.error).toBeGreaterThan(RUNS / 3)
  })

  it('byte by byte in the headers of its first file and of its list, is never taken for untouched', async () => {
    const list = whole.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
    const places = [...Array(60).keys(), ...Array.from({ length: whole.length - list }, (_, i) => list + i)]
    const harmless: number[] = []
    for (const at of places) {
      const damaged = Buffer.from(whole)
      damaged[at] = (damaged[at] ?? 0) ^ 0x01
      if ((await expectTold(damaged)) === 'warning') harmless.push(at)
    }
    expect(harmless.length).toBeLessThan(places.length / 2)
  })
})

describe('an output folder whose files are flipped, cut and repeated', () => {
  it('is never taken for untouched: every byte has a meaning', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files.keys()),
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        (path, damages) => {
          const found = files.get(path)
          const bytes = applied(Buffer.from(found?.bytes ?? []), damages)
          fc.pre(Buffer.compare(bytes, found?.bytes ?? Buffer.alloc(0)) !== 0)
          const tree = {
            files: new Map([...files, [path, { ...found, bytes }]]),
            odd: [],
            at: (file: string) => ({ file }),
          }
          expect(checkTree(kit, tree).diagnostics.filter(isError)).not.toEqual([])
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('is never taken for untouched with other file names', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files.keys()), fc.string({ minLength: 1 }), (path, name) => {
        fc.pre(!files.has(name))
        const moved = new Map([...files].map(([at, found]) => [at === path ? name : at, found]))
        const { diagnostics } = checkTree(kit, { files: moved, odd: [], at: (file) => ({ file }) })
        expect(diagnostics.filter(isError)).not.toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
