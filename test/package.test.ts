import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithOracle, missingPrograms, run } from './support/oracle.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

describeWithOracle('the npm package', missingPrograms('npm', 'tar'), () => {
  let folder: string
  let packed: { readonly filename: string; readonly files: readonly { readonly path: string }[] }

  beforeAll(() => {
    // Below dist/, so that the packages that the library needs are found where they are.
    folder = mkdtempSync(join(ROOT, 'dist/packed-'))
    // Without `prepack`: other tests run the built program at this moment.
    const answer = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
      cwd: ROOT,
    }).stdout
    packed = (JSON.parse(answer) as [typeof packed])[0]
    run('tar', ['-xf', packed.filename], { cwd: folder })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('holds the program, the library with its types, the schema, and nothing of the workshop', () => {
    const ours = packed.files.map(({ path }) => path).filter((path) => !/^dist\/(?:types|packed-)/.test(path))
    // Where Node keeps compiled code itself, there is none in it.
    const paths = ours.filter((path) => !path.endsWith('.cjs.code'))
    expect(paths.toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'dist/archive.cjs',
      'dist/bin.cjs',
      'dist/fleet-worker.cjs',
      'dist/index.js',
      'dist/profile.schema.json',
      'dist/profiles.cjs',
      'dist/program.cjs',
      'dist/reports.cjs',
      'dist/reviews.cjs',
      'dist/templates.cjs',
      'package.json',
    ])
    expect(packed.files.map(({ path }) => path)).toContain('dist/types/index.d.ts')
  })

  it('runs by itself', () => {
    const bundle = run('node', ['package/dist/bin.cjs', 'bundle', 'preset:beckhoff', '--dry-run'], { cwd: folder })
    expect(bundle).toMatchObject({ code: 0, stdout: 'new      out/beckhoff.zip\n' })
  })

  it('is a library', () => {
    const url = pathToFileURL(join(folder, 'package/dist/index.js')).href
    const script = [
      `import { build, check, loadTemplates, TARGETS, VERSION } from '${url}'`,
      `const source = Buffer.from('name: a\\nidle: 20s\\ninterval: 5s\\n')`,
      `const { checked } = check(TARGETS, [{ file: 'a.yaml', source }], { targets: ['linux'], strict: true })`,
      'for (const { path } of build(loadTemplates(), checked[0], VERSION).artifacts) console.log(path)',
    ].join('\n')
    expect(run('node', ['--input-type=module', '-e', script])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^linux\/60-keepalive\.conf$/m),
    })
  })
})
