import { readdirSync, readFileSync } from 'node:fs'
import { join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { itWhere } from './support/oracle.ts'
import { readerOfStore } from '../src/formats/capture-file.ts'
import * as library from '../src/index.ts'
import { TARGETS } from '../src/targets/index.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SRC = join(ROOT, 'src')

const modules = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(SRC, path), 'utf8')
    const code = text.replace(/\/\*[^]*?\*\/|(?<![:'"])\/\/.*/g, '')
    const imports = [...code.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, from]) => from as string)
    return { path: path.replaceAll('\\', '/'), code, lines: text.split('\n').length, imports }
  })

/** The part of `src` that a module belongs to: its folder, or the name of a file at the top. */
const partOf = (path: string) => path.split('/')[0] as string

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  checksums: [],
  core: ['core', 'data'],
  source: ['core', 'source'],
  targets: ['core', 'targets'],
  formats: ['core', 'formats'],
  review: ['core', 'formats', 'review', 'source'],
  fleet: ['core', 'formats', 'source', 'fleet'],
  kit: ['core', 'formats', 'review', 'source', 'kit'],
  library: ['core', 'formats', 'review', 'source', 'kit', 'library'],
  io: ['core', 'io'],
  app: ['core', 'source', 'targets', 'formats', 'review', 'fleet', 'kit', 'io', 'app'],
  cli: ['core', 'source', 'targets', 'formats', 'review', 'fleet', 'kit', 'io', 'app', 'cli'],
  'bin.ts': ['io', 'program.ts'],
  'program.ts': ['cli', 'io'],
  'index.ts': ['core', 'io', 'library', 'targets'],
  dev: ['core', 'io', 'targets', 'formats', 'review', 'app', 'cli', 'program.ts', 'dev'],
}

/** Packages that do not need Node; `#checksums` is one module with two implementations, the faster one for Node. */
const PURE_PACKAGES = new Set([
  '#checksums',
  '@noble/hashes/sha2.js',
  '@noble/hashes/utils.js',
  'zod',
  'js-yaml',
  'diff',
  'fastest-levenshtein',
  'pako',
  'papaparse',
])
const IMPURE =
  /\b(?:Buffer|process|Date|performance|setTimeout|setInterval|fetch|console|Intl|localeCompare|toLocale\w+)\b|Math\.random|new Date/
/** A variable of a module; or a map, set, list or object of one that is empty and not read-only: it can only be there to grow. */
const STATE =
  /^(?:export )?(?:(?:let|var) |const \w+(?:: (?!readonly|Readonly)[^=]+)? = (?:new (?:Weak)?(?:Map|Set)(?:<.*>)?\((?:\[\])?\)|\[\]|\{\})\s*$)/m
const PURE_PARTS = new Set(['core', 'source', 'targets', 'formats', 'review', 'fleet', 'kit', 'library'])
const isPure = (path: string) => PURE_PARTS.has(partOf(path)) || path === 'checksums/portable.ts'

/** The module of `src` that an import leads to, if it leads to one. */
const moduleAt = (path: string, from: string) =>
  from.startsWith('.') ? relative(SRC, normalize(join(SRC, path, '..', from))).replaceAll('\\', '/') : undefined

describe.each(modules)('src/$path', ({ path, code, lines, imports }) => {
  it('imports only modules that its part may import', () => {
    const parts = imports.flatMap((from) => moduleAt(path, from) ?? []).map(partOf)
    expect(parts.filter((part) => !MAY_IMPORT[partOf(path)]?.includes(part))).toEqual([])
  })

  itWhere(isPure(path))('is pure: no module of Node, file, clock, environment, locale or randomness', () => {
    expect(imports.filter((from) => !from.startsWith('.') && !PURE_PACKAGES.has(from))).toEqual([])
    expect(IMPURE.exec(code)?.[0]).toBeUndefined()
  })

  itWhere(PURE_PARTS.has(partOf(path)))('keeps nothing from one call to the next: a cache is an argument', () => {
    expect(STATE.exec(code)?.[0]).toBeUndefined()
  })

  it('can be read in one sitting', () => {
    expect(lines).toBeLessThanOrEqual(300)
  })
})

/**
 * The files of the core that name systems: the messages about files in a format of one system, and the names that a
 * file can have on every system, Windows among them.
 */
const NAMES_SYSTEMS = ['core/file-name.ts', 'core/messages/reg.ts', 'core/messages/sysctl.ts']

describe('state of a module', () => {
  it.each([
    'let latest: string | undefined',
    'export let count = 0',
    'const digests = new WeakMap<Uint8Array, string>()',
    'const latest: Map<string, Artifact> = new Map()',
    'export const seen = new Set<string>([])',
    'const found: string[] = []',
    'const known: Record<string, string> = {}',
  ])('is found: %s', (code) => {
    expect(code).toMatch(STATE)
  })

  it.each([
    "const NAMES: ReadonlySet<string> = new Set(['a'])",
    'const ALL: ReadonlyMap<string, Row> = new Map(ROWS.map((row) => [row.name, row]))',
    'const NONE: ReadonlySet<string> = new Set()',
    'const NOTHING: readonly number[] = []',
    '  const seen = new Set<string>()',
    '  let found = 0',
  ])('is not: %s', (code) => {
    expect(code).not.toMatch(STATE)
  })
})

describe('the shape of the project', () => {
  it('names no system in the core: targets describe the systems', () => {
    const naming = modules
      .filter(({ path, code }) => partOf(path) === 'core' && /windows|linux|freebsd|tc\/?bsd|beckhoff/i.test(code))
      .map(({ path }) => path)
    expect(naming.toSorted()).toEqual(NAMES_SYSTEMS)
  })

  it('has a reader for the store of every target', () => {
    for (const { store } of TARGETS.values()) expect(readerOfStore(store.kind)).toBeTypeOf('function')
  })

  it('has the same folders for targets, templates and tests', () => {
    const folders = (path: string) =>
      readdirSync(join(ROOT, path), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
    const tests = readdirSync(join(ROOT, 'test/targets')).map((file) => file.replace(/\.test\.ts$/, ''))
    const targets = folders('src/targets')
    const others = ['parts', 'bundle', 'ci', 'completion', 'page']
    expect(folders('templates').filter((name) => !others.includes(name))).toEqual(targets)
    expect(targets.filter((id) => !tests.includes(id))).toEqual([])
  })

  it('keeps data as rows: src/data has no code that runs', () => {
    expect(readdirSync(join(SRC, 'data')).filter((file) => !file.endsWith('.json'))).toEqual([])
  })

  it('touches files in effects and commands only, and starts no process but git for GITREV:PATH', () => {
    const users = (module: RegExp) =>
      modules
        .filter(({ imports }) => imports.some((from) => module.test(from)))
        .map(({ path }) => path)
        .toSorted()
    expect(
      users(/^node:(?:child_process|net|http|https|dgram|tls|dns|cluster|os)/).filter((path) => partOf(path) !== 'dev'),
    ).toEqual(['io/code-folder.ts', 'io/git.ts', 'io/spool.ts', 'io/work-pool.ts'])
    expect(users(/^node:fs/).filter((path) => partOf(path) !== 'dev')).toEqual([
      'io/assets.ts',
      'io/atomic.ts',
      'io/code-folder.ts',
      'io/compiled.ts',
      'io/etc-tree.ts',
      'io/git.ts',
      'io/long-text.ts',
      'io/outputs.ts',
      'io/run-lock.ts',
      'io/spool.ts',
      'io/tree-links.ts',
      'io/tree.ts',
      'io/zips.ts',
    ])
  })

  it('has no circle of imports', () => {
    const done = new Set<string>()
    const circles: string[] = []
    const follow = (path: string, way: readonly string[]) => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' > '))
      if (done.has(path) || way.includes(path)) return
      const { imports = [] } = modules.find((one) => one.path === path) ?? {}
      for (const from of imports.flatMap((one) => moduleAt(path, one) ?? [])) follow(from, [...way, path])
      done.add(path)
    }
    for (const { path } of modules) follow(path, [])
    expect(circles).toEqual([])
  })

  it('has a library without Node: the imports of src/index.ts are pure, except the assets that the build embeds', () => {
    const reached = new Set<string>()
    const follow = (path: string) => {
      if (reached.has(path)) return
      reached.add(path)
      const { imports = [] } = modules.find((one) => one.path === path) ?? {}
      for (const from of imports.flatMap((one) => moduleAt(path, one) ?? [])) follow(from)
    }
    // src/dev/build.ts replaces this module.
    reached.add('io/assets.ts')
    follow('index.ts')
    expect(new Set([...reached].map(partOf))).toEqual(
      new Set(['core', 'data', 'formats', 'index.ts', 'io', 'kit', 'library', 'review', 'source', 'targets']),
    )
    const impure = [...reached].filter((path) => path !== 'index.ts' && !PURE_PARTS.has(partOf(path)))
    expect(impure.filter((path) => !path.startsWith('data/'))).toEqual(['io/assets.ts'])
  })

  it('offers a library with these names', () => {
    expect(Object.keys(library)).toEqual(['VERSION', 'createKit'])
  })
})
