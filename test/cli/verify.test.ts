import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256 } from '#checksums'
import { main } from '../../src/cli/main.ts'
import { VERSION } from '../../src/io/assets.ts'
import { storedZip } from '../../src/core/zip.ts'
import { Desk, LINE4 } from '../support/cli.ts'
import { describeWithOracle, itWhere, missingPrograms, run } from '../support/oracle.ts'
import { filesOf, outputOf } from '../support/outputs.ts'
import { GOLDEN, GOLDEN_TREES, ROOT } from '../support/profiles.ts'
import { zipOf } from '../support/zips.ts'

/** A desk with fresh output of line4 for Linux, as a folder and as a zip. */
async function desk(): Promise<Desk> {
  const here = new Desk({ 'line4.yaml': LINE4 })
  await here.type('generate line4.yaml -t linux')
  await here.type('bundle line4.yaml -t linux')
  return here
}
const GOOD = `as it should be (12 files, profile line4, made by keepalive-kit ${VERSION})\n`
const at = (here: Desk, path: string) => join(here.folder, path)

describe('verify', () => {
  it.each([
    ['a folder', 'verify out/line4', `out/line4: ${GOOD}`],
    ['a zip', 'verify out/line4.zip', `out/line4.zip: ${GOOD}`],
    ['a folder of outputs', 'verify out', `out/line4: ${GOOD}out/line4.zip: ${GOOD}`],
    ['the same twice', 'verify out/line4 out out/line4/', `out/line4: ${GOOD}out/line4.zip: ${GOOD}`],
    ['the same with --quiet', 'verify out/line4 -q', `out/line4: ${GOOD}`],
    ['the same with --strict', 'verify out --strict', `out/line4: ${GOOD}out/line4.zip: ${GOOD}`],
  ])('confirms untouched outputs: %s', async (_what, line, out) => {
    expect(await (await desk()).type(line)).toEqual({ code: 0, out, err: '' })
  })

  it('takes the current folder', async () => {
    const here = await desk()
    const there = new Desk()
    cpSync(at(here, 'out'), there.folder, { recursive: true })
    expect(await there.type('verify .')).toMatchObject({ code: 0, out: `line4: ${GOOD}line4.zip: ${GOOD}` })
  })

  it('reads a zip from standard input', async () => {
    const bytes = readFileSync(at(await desk(), 'out/line4.zip'))
    const typed = async (stdin: Uint8Array) => {
      const said: string[] = []
      const readStdin = (most: number) => Promise.resolve(stdin.subarray(0, most))
      const [out, err] = [(text: string) => void said.push(text), (text: string) => void said.push(text)]
      const code = await main(['verify', '-'], '0.0.0', { cwd: '/', env: {}, readStdin, out, err, terminal: false })
      return { code, said: said.join('') }
    }
    expect(await typed(bytes)).toEqual({ code: 0, said: `<stdin>: ${GOOD}` })
    expect(await typed(bytes.subarray(0, 100))).toMatchObject({
      code: 1,
      said: expect.stringContaining('[zip/truncated]') as string,
    })
  })

  it('reports the kind, place and extent of an error', async () => {
    const here = await desk()
    appendFileSync(at(here, 'out/line4/linux/install.sh'), 'x')
    rmSync(at(here, 'out/line4/README.txt'))
    const { code, out, err } = await here.type('verify out')
    expect({ code, out }).toEqual({
      code: 1,
      out: `out/line4: not as it should be (2 problems)\nout/line4.zip: ${GOOD}`,
    })
    expect(err).toMatch(
      /^out\/line4\/README\.txt: error: README\.txt is missing \[verify\/missing\]\nout\/line4\/linux\/install\.sh: error: linux\/install\.sh was changed: it has \d+ bytes instead of \d+ \[verify\/changed\]\n$/,
    )
  })

  it('answers in JSON', async () => {
    const here = await desk()
    appendFileSync(at(here, 'out/line4/profile.yaml'), '# x\n')
    writeFileSync(at(here, 'out/other.zip'), 'x')
    const { code, out, err } = await here.type('verify out --format json')
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(JSON.parse(out)).toEqual({
      artifacts: [],
      bundles: [],
      diagnostics: [
        {
          code: 'verify/changed',
          severity: 'error',
          message: `profile.yaml was changed: it has ${LINE4.length + 4} bytes instead of ${LINE4.length}`,
          file: 'out/line4/profile.yaml',
          path: [],
          data: {
            path: 'profile.yaml',
            how: `it has ${LINE4.length + 4} bytes instead of ${LINE4.length}`,
          },
        },
        {
          code: 'zip/not-a-zip',
          severity: 'error',
          message: 'this is not a zip',
          file: 'out/other.zip',
          path: [],
          data: { empty: false },
        },
      ],
      verified: [
        { path: 'out/line4', profile: 'line4', files: 12, ok: false },
        { path: 'out/line4.zip', profile: 'line4', files: 12, ok: true },
        { path: 'out/other.zip', profile: null, files: 0, ok: false },
      ],
    })
  })

  it('makes annotations for GitHub', async () => {
    const here = await desk()
    rmSync(at(here, 'out/line4/README.txt'))
    expect((await here.type('verify out/line4 --format github')).err).toBe(
      '::error file=out/line4/README.txt,title=verify/missing::README.txt is missing\n',
    )
  })

  it.each([
    ['a missing path', 'verify out/line5', 2, '[input/no-such-file]'],
    ['a path below a file', 'verify line4.yaml/x', 2, '[input/no-such-file]'],
    ['a missing path beside an existing one', 'verify out/line4 x', 2, '[input/no-such-file]'],
    ['no path', 'verify', 2, 'verify: missing PATH'],
    ['an unknown option', 'verify out --check', 2, 'verify has no option "--check"'],
    [
      'a profile',
      'verify line4.yaml',
      1,
      'this is a profile, not a zip; to compare it write keepalive-kit verify --profile line4.yaml MACHINE-FILE [zip/not-a-zip]',
    ],
    [
      'a preset',
      'verify preset:beckhoff',
      2,
      'write keepalive-kit verify --profile preset:beckhoff MACHINE-FILE [input/no-such-file]',
    ],
    [
      "a machine's file",
      'verify out/line4/linux/60-keepalive.conf',
      1,
      'keepalive-kit verify --profile PROFILE out/line4/linux/60-keepalive.conf [zip/not-a-zip]',
    ],
    ['text of anybody', 'verify out/line4/SHA256SUMS', 1, 'SHA256SUMS: error: this is not a zip [zip/not-a-zip]'],
    ['a folder of something else', 'verify empty', 1, '[verify/no-output]'],
  ])('has an exit code for %s', async (_what, line, code, err) => {
    const here = await desk()
    mkdirSync(at(here, 'empty'))
    expect(await here.type(line)).toMatchObject({ code, err: expect.stringContaining(err) as string })
  })

  itWhere(process.getuid?.() !== 0)('ends with 3 if it cannot read', async () => {
    const here = await desk()
    chmodSync(at(here, 'out/line4/README.txt'), 0)
    expect((await here.type('verify out/line4')).code).toBe(3)
  })

  it('changes nothing, and follows no link', async () => {
    const here = await desk()
    renameSync(at(here, 'out/line4/linux'), at(here, 'elsewhere'))
    symlinkSync('../../elsewhere', at(here, 'out/line4/linux'))
    const before = here.files()
    const { code, err } = await here.type('verify out/line4')
    expect(code).toBe(1)
    expect(err).toContain('[verify/not-a-file]')
    expect(err).toContain('linux/install.sh is missing')
    expect(here.files()).toEqual(before)
  })

  it('checks only outputs in a folder of outputs', async () => {
    const here = await desk()
    for (const path of ['out/web', 'out/.line5.keepalive-kit-new-1']) mkdirSync(at(here, path))
    writeFileSync(at(here, 'out/web/manifest.json'), '{"name": "my web app"}')
    writeFileSync(at(here, 'out/.line5.keepalive-kit-new-1/manifest.json'), '')
    writeFileSync(at(here, 'out/.line5.keepalive-kit-new-1/SHA256SUMS'), '')
    writeFileSync(at(here, 'out/notes.txt'), '')
    expect(await here.type('verify out')).toMatchObject({ code: 0, out: `out/line4: ${GOOD}out/line4.zip: ${GOOD}` })
  })

  it('recognizes an output without its manifest', async () => {
    const here = await desk()
    rmSync(at(here, 'out/line4/manifest.json'))
    for (const line of ['verify out', 'verify out/line4'])
      expect(await here.type(line)).toMatchObject({
        code: 1,
        err: expect.stringContaining('[verify/no-manifest]') as string,
      })
  })

  it('accepts any name of the folder', async () => {
    const here = await desk()
    renameSync(at(here, 'out/line4'), at(here, 'stick'))
    expect(await here.type('verify stick')).toMatchObject({ code: 0, out: `stick: ${GOOD}` })
  })

  it('does not read a folder larger than any output', async () => {
    const here = await desk()
    writeFileSync(at(here, 'out/line4/core'), Buffer.alloc(17 * 1024 * 1024))
    const { code, err } = await here.type('verify out/line4')
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('[verify/too-large]') as string })
  })

  it('does not read a folder with more files than any output', async () => {
    const here = await desk()
    for (let i = 0; i < 1_001; i += 1) writeFileSync(at(here, `out/line4/${i}`), '')
    expect((await here.type('verify out/line4')).err).toContain('[verify/too-large]')
  })

  itWhere(process.platform === 'linux')('reports a name that is not UTF-8', async () => {
    const here = await desk()
    writeFileSync(Buffer.concat([Buffer.from(at(here, 'out/line4/')), Buffer.from([0xff])]), '')
    expect(await here.type('verify out/line4')).toMatchObject({
      code: 1,
      err: expect.stringContaining('[verify/added]') as string,
    })
  })

  it('with --strict rejects output of another version', async () => {
    const here = new Desk()
    writeFileSync(at(here, 'a.zip'), storedZip(outputOf(LINE4, ['linux'], '9.9.9')))
    expect(await here.type('verify a.zip')).toMatchObject({
      code: 0,
      out: 'a.zip: its own checksums are right (12 files, profile line4, made by keepalive-kit 9.9.9)\n',
      err: expect.stringContaining('a.zip: warning: it was made by "keepalive-kit 9.9.9"') as string,
    })
    expect((await here.type('verify a.zip --strict')).code).toBe(1)
  })

  it('confirms the outputs of this repository', async () => {
    const here = new Desk()
    cpSync(ROOT + GOLDEN, at(here, 'golden'), { recursive: true })
    const { code, out } = await here.type('verify golden')
    expect({ code, lines: out.trim().split('\n').length }).toEqual({ code: 0, lines: GOLDEN_TREES.length })
  })
})

describe('verify of a zip', () => {
  const bundle = outputOf(LINE4, ['linux'])
  const parts = [...filesOf(bundle)].map(([path, { bytes, mode = 0 }]) => ({
    name: `line4/${path}`,
    data: bytes,
    mode: 0o100000 | mode,
  }))
  const FLEET_FOLDER = `line4-${sha256(filesOf(bundle).get('profile.yaml')?.bytes ?? '').slice(0, 12)}`
  const verifyZip = async (bytes: Uint8Array) => new Desk({ 'a.zip': bytes }).type('verify a.zip')

  it.each<[string, Uint8Array, readonly string[], 0 | 1]>([
    ['one that was packed again', zipOf(parts.map((part) => ({ ...part, deflate: true }))), ['verify/repacked'], 0],
    ['one with a comment', zipOf(parts, { comment: Buffer.from('x') }), ['verify/repacked'], 0],
    ['one in another order', zipOf(parts.toReversed()), ['verify/repacked'], 0],
    ['one without modes', zipOf(parts.map((part) => ({ ...part, mode: 0 }))), ['verify/repacked'], 0],
    [
      'one with a single mode',
      zipOf(parts.map((part) => ({ ...part, mode: 0o100600 }))),
      ['verify/modes-lost', 'verify/repacked'],
      0,
    ],
    ['one with an additional file', zipOf([...parts, { name: 'line4/x' }]), ['verify/added'], 1],
    ['one with a file beside the folder', zipOf([...parts, { name: 'x' }]), ['verify/outside-folder'], 1],
    [
      'one with another folder',
      zipOf(parts.map((part) => ({ ...part, name: part.name.replace('line4', 'line5') }))),
      ['verify/folder-renamed'],
      1,
    ],
    [
      'one of a fleet, in the folder of its settings',
      zipOf(parts.map((part) => ({ ...part, name: part.name.replace('line4', FLEET_FOLDER) }))),
      ['verify/repacked'],
      0,
    ],
    [
      'one of a fleet, in the folder of other settings',
      zipOf(parts.map((part) => ({ ...part, name: part.name.replace('line4', 'line4-0123456789ab') }))),
      ['verify/folder-renamed'],
      1,
    ],
    [
      'one without a folder',
      zipOf(parts.map((part) => ({ ...part, name: part.name.replace('line4/', '') }))),
      ['verify/folder-renamed'],
      1,
    ],
    ['one of something else', zipOf([{ name: 'photos/1.jpg' }]), ['verify/no-manifest'], 1],
    ['an empty one', zipOf([]), ['verify/no-manifest'], 1],
    ['one with a path out of the folder', zipOf([...parts, { name: 'line4/../../x' }]), ['zip/entry-escapes'], 1],
  ])('says: %s', async (_what, bytes, wanted, code) => {
    const { code: given, err } = await verifyZip(bytes)
    expect([...err.matchAll(/\[(.*?)\]\n/g)].map(([, found]) => found)).toEqual(wanted)
    expect(given).toBe(code)
  })
})

describeWithOracle(
  'files unpacked and packed again by other programs',
  missingPrograms('unzip', 'zip', '7z', 'bsdtar'),
  () => {
    it.each([
      ['unzip', ['-q', 'out/line4.zip', '-d', 'stick']],
      ['7z', ['x', 'out/line4.zip', '-ostick']],
      ['bsdtar', ['-xf', 'out/line4.zip', '-C', 'stick']],
    ])('(%s) pass', async (program, args) => {
      const here = await desk()
      mkdirSync(at(here, 'stick'))
      expect(run(program, args, { cwd: here.folder }).code).toBe(0)
      expect(existsSync(at(here, 'stick/line4'))).toBe(true)
      expect(await here.type('verify stick')).toEqual({ code: 0, out: `stick/line4: ${GOOD}`, err: '' })
    })

    it.each([
      ['zip', ['-q', '-r', '../again.zip', 'line4']],
      ['7z', ['a', '-tzip', '../again.zip', 'line4']],
      ['bsdtar', ['-a', '-cf', '../again.zip', 'line4']],
    ])('(%s) are the same, with a warning', async (program, args) => {
      const here = await desk()
      expect(run(program, args, { cwd: at(here, 'out') }).code).toBe(0)
      const { code, out, err } = await here.type('verify again.zip')
      expect({ code, out }).toEqual({ code: 0, out: `again.zip: ${GOOD}` })
      expect(err).toContain('[verify/repacked]')
    })
  },
)
