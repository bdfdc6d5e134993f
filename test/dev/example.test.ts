import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { shownFiles } from '../../src/dev/dialogues.ts'
import { describeWithOracle, missingPrograms, run, type Ran } from '../support/oracle.ts'
import { ROOT } from '../support/profiles.ts'

const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } }

const missing =
  missingPrograms('git') ?? (existsSync(join(ROOT, '.git')) ? undefined : 'this is no clone of the project')
describeWithOracle('the example of the README in a fresh clone', missing, () => {
  let clone: string
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: clone, encoding: 'utf8' })
  const kit = (line: string): Ran =>
    run(process.execPath, [join(ROOT, 'dist/bin.cjs'), ...line.split(' ')], { cwd: clone })

  beforeAll(() => {
    clone = mkdtempSync(join(tmpdir(), 'keepalive-kit-clone-'))
    const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
    const paths = execFileSync('git', listed, { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean)
    for (const path of paths.filter((one) => existsSync(join(ROOT, one)))) {
      mkdirSync(dirname(join(clone, path)), { recursive: true })
      cpSync(join(ROOT, path), join(clone, path))
    }
    git('init', '--quiet')
    git('add', '--all')
    git('-c', 'user.name=x', '-c', 'user.email=x@example.org', 'commit', '--quiet', '--message=x')
    for (const [name, text] of shownFiles(README)) writeFileSync(join(clone, name), text)
  })

  it.each([
    [scripts.start.replace(/^.*bin\.cjs /, ''), 'out/beckhoff.zip'],
    ['init', 'profile.yaml'],
    ['validate profile.yaml', undefined],
    ['generate profile.yaml', 'out/packaging-line-4/README.txt'],
    ['generate preset:beckhoff', 'out/beckhoff/README.txt'],
    ['bundle line4.yaml', 'out/packaging-line-4.zip'],
    ['fleet plant.csv', 'out/plc-1.zip'],
    ['verify out', undefined],
  ])('`keepalive-kit %s` leaves `git status` clean', (line, made) => {
    expect(kit(line)).toMatchObject({ code: 0 })
    expect(made === undefined || existsSync(join(clone, made))).toBe(true)
    expect(git('status', '--porcelain')).toBe('')
  })

  it('reports in a second run that the zip of `npm start` is unchanged, with the next step', () => {
    expect(kit(scripts.start.replace(/^.*bin\.cjs /, ''))).toEqual({
      code: 0,
      stdout: 'out/beckhoff.zip\n',
      stderr: expect.stringMatching(/, unchanged\nnext: unpack it on the machine and follow /) as string,
    })
  })

  it('does not change the goldens', () => {
    expect(kit('generate test/profiles/packaging-line-4.yaml --out test/golden --check')).toMatchObject({ code: 0 })
  })
})
