import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { codeFile, sealed } from '../../src/io/compiled.ts'
import { run } from '../support/oracle.ts'
import { ROOT } from '../support/profiles.ts'

const TEXT = `exports.answer = () => require('./other.cjs').value + require('node:path').sep`
const OTHER = 'exports.value = 42'

/** In a process of its own, since V8 remembers what it compiled in this one: loads `main.cjs` of the folder where it runs. */
const CHILD = `
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { codeFile, programLoader, sealed } from ${JSON.stringify(join(ROOT, 'src/io/compiled.ts'))}
const scripts = []
const load = programLoader(process.cwd(), createRequire(process.cwd() + '/'), (...one) => scripts.push(one))
const { answer } = load('main.cjs')
const taken = () => Object.fromEntries(scripts.map(([file, { cachedDataRejected }]) =>
  [basename(file), { undefined: 'not given', true: 'refused', false: 'taken' }[cachedDataRejected]]))
console.log(JSON.stringify({ answer: answer(), code: taken() }))
if (process.argv[1] === 'keep')
  for (const [file, script] of scripts)
    writeFileSync(codeFile(file), sealed(script.createCachedData(), readFileSync(file, 'latin1')))
`

function load(folder: string, ...args: readonly string[]): unknown {
  const options = ['--import', createRequire(import.meta.url).resolve('tsx'), '--input-type=module', '-e', CHILD]
  const { code, stdout, stderr } = run(process.execPath, [...options, ...args], { cwd: folder })
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

describe('the program, loaded with its cached code', () => {
  let folder: string
  let code: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-compiled-'))
    writeFileSync(join(folder, 'main.cjs'), TEXT)
    writeFileSync(join(folder, 'other.cjs'), OTHER)
    code = codeFile(join(folder, 'main.cjs'))
    load(folder, 'keep')
  })

  const changed = (change: (bytes: Buffer) => Uint8Array) => writeFileSync(code, change(readFileSync(code)))
  const flipped = (bytes: Buffer, at: number): Buffer => {
    bytes[at] = (bytes[at] ?? 0) ^ 1
    return bytes
  }

  it('takes it', () => {
    expect(load(folder)).toEqual({ answer: '42/', code: { 'main.cjs': 'taken', 'other.cjs': 'taken' } })
  })

  it.each<[string, () => void]>([
    ['is not there', () => rmSync(code)],
    ['is empty', () => changed(() => Buffer.alloc(0))],
    ['was cut short', () => changed((bytes) => bytes.subarray(0, 100))],
    ['has a wrong bit in its middle', () => changed((bytes) => flipped(bytes, bytes.length >> 1))],
    ['has a wrong bit in its sum', () => changed((bytes) => flipped(bytes, bytes.length - 1))],
    [
      'is of another text of the same length',
      () => writeFileSync(join(folder, 'main.cjs'), TEXT.replace(' + ', '  +')),
    ],
  ])('compiles the text where the compiled code %s', (_what, damage) => {
    damage()
    expect(load(folder)).toEqual({ answer: '42/', code: { 'main.cjs': 'not given', 'other.cjs': 'taken' } })
  })

  it('compiles the text if the cached code is of another V8', () => {
    // Its version stands in the second word.
    changed((bytes) => sealed(flipped(bytes.subarray(0, -4), 4), TEXT))
    expect(load(folder)).toEqual({ answer: '42/', code: { 'main.cjs': 'refused', 'other.cjs': 'taken' } })
  })
})

const keepsItself = 'enableCompileCache' in createRequire(import.meta.url)('node:module')

describe.skipIf(keepsItself)('what was built', () => {
  it.each(['program', 'profiles', 'reviews', 'templates'])(
    'has compiled code of %s.cjs that this Node takes',
    (name) => {
      const script = `
      const [{ readFileSync }, { Script }] = [require('node:fs'), require('node:vm')]
      const text = '(function (exports, require, module, __filename, __dirname) {' + readFileSync('${name}.cjs', 'latin1') + '\\n})'
      console.log(new Script(text, { cachedData: readFileSync('${name}.cjs.code').subarray(0, -4) }).cachedDataRejected)`
      expect(run(process.execPath, ['-e', script], { cwd: join(ROOT, 'dist') }).stdout).toBe('false\n')
      const [text, kept] = [
        readFileSync(join(ROOT, `dist/${name}.cjs`), 'latin1'),
        readFileSync(join(ROOT, `dist/${name}.cjs.code`)),
      ]
      expect(Buffer.from(sealed(kept.subarray(0, -4), text)).equals(kept)).toBe(true)
    },
  )
})
