import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, expect, it } from 'vitest'
import { describeWithOracle, missingPrograms, run } from './support/oracle.ts'
import { installPacked, packagesIn, type Installed } from './support/packed.ts'
import { ROOT } from './support/profiles.ts'

describeWithOracle('the npm package', missingPrograms('npm'), () => {
  let installed: Installed
  beforeAll(() => {
    installed = installPacked()
  })
  const inPackage = (path: string) => join(installed.folder, 'node_modules/keepalive-kit', path)

  it('has the program, the library with its types, the schema and the licences, and no development files', () => {
    const ours = installed.files.filter((path) => !path.startsWith('dist/types/'))
    // A Node that caches compiled code itself needs none in the package.
    const paths = ours.filter((path) => !path.endsWith('.cjs.code'))
    expect(paths.toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'dist/LICENSES.txt',
      'dist/archive.cjs',
      'dist/bin.cjs',
      'dist/fleet-worker.cjs',
      'dist/index.js',
      'dist/profile.schema.json',
      'dist/profiles.cjs',
      'dist/program.cjs',
      'dist/reviews.cjs',
      'dist/templates.cjs',
      'package.json',
    ])
    expect(installed.files).toContain('dist/types/index.d.ts')
  })

  it('is the only package that an install brings', () => {
    expect(packagesIn(installed.folder)).toEqual(['keepalive-kit'])
    expect(existsSync(inPackage('node_modules'))).toBe(false)
  })

  it('runs by itself', () => {
    const program = join(installed.folder, 'node_modules/.bin/keepalive-kit')
    const bundle = run(program, ['bundle', 'preset:beckhoff', '--dry-run'], { cwd: installed.folder })
    expect(bundle).toMatchObject({ code: 0, stdout: 'new      out/beckhoff.zip\n' })
    const compressed = run(program, ['bundle', 'preset:beckhoff', '--compress', '--quiet'], { cwd: installed.folder })
    expect(compressed).toEqual({ code: 0, stdout: 'out/beckhoff.zip\n', stderr: '' })
  })

  it('has the schema at the path in package.json', () => {
    const script = `import schema from 'keepalive-kit/profile.schema.json' with { type: 'json' }; console.log(schema.title)`
    const { code, stdout } = run('node', ['--no-warnings', '--input-type=module', '-e', script], {
      cwd: installed.folder,
    })
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'keepalive-kit profile\n' })
  })

  it('needs no folder that package.json names for development', () => {
    const { imports } = JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as { imports: object }
    const code = installed.files.filter((path) => /\.c?js$|\.d\.ts$/.test(path))
    for (const path of code)
      for (const name of Object.keys(imports)) expect(readFileSync(inPackage(path), 'utf8'), path).not.toContain(name)
  })

  it('has a library without any module of Node', async () => {
    const library = readFileSync(inPackage('dist/index.js'), 'utf8')
    expect(
      /['"`]node:|\brequire\s*\(|\bBuffer\b|(?<![.\w])process(?:\.[A-Za-z]|\[)|__dirname/.exec(library)?.[0],
    ).toBeUndefined()
    // The library is complete: esbuild finds nothing to add.
    const { metafile } = await build({
      entryPoints: [inPackage('dist/index.js')],
      bundle: true,
      platform: 'neutral',
      write: false,
      metafile: true,
    })
    expect(Object.values(metafile.inputs).map(({ imports }) => imports)).toEqual([[]])
  })

  it('has types that lead to each other only', () => {
    const types = installed.files.filter((path) => path.endsWith('.d.ts'))
    for (const path of types) {
      const text = readFileSync(inPackage(path), 'utf8').replace(/\/\*[^]*?\*\//g, '')
      for (const [, from = ''] of text.matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)) {
        expect(from, path).toMatch(/^\.{1,2}\/.*\.js$/)
        expect(existsSync(inPackage(join(path, '..', from.replace(/\.js$/, '.d.ts')))), `${path}: ${from}`).toBe(true)
      }
    }
  })

  it('has the licence of every package that a file of it contains', async () => {
    const { metafile } = await build({
      entryPoints: ['src/program.ts', 'src/app/fleet/worker.ts', 'src/io/archive.ts', 'src/index.ts'],
      stdin: { contents: `import 'handlebars/runtime.js'; import 'yargs-parser'`, resolveDir: ROOT },
      absWorkingDir: ROOT,
      bundle: true,
      platform: 'node',
      format: 'esm',
      // The build takes only the runtime and the parser of these.
      external: ['handlebars', 'yargs/helpers'],
      outdir: 'unwritten',
      write: false,
      metafile: true,
      logLevel: 'silent',
    })
    const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs))
    const contained = inputs.flatMap(([path, { bytesInOutput }]) => {
      const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? []
      return folder === undefined || bytesInOutput === 0 ? [] : [folder]
    })
    const licences = readFileSync(inPackage('dist/LICENSES.txt'), 'utf8')
    const [, ...texts] = licences.split(/^={80}$/m)
    const named = texts.map((text) => text.trim().split('\n')[0])
    const wanted = [...new Set(contained)].map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as {
        name: string
        version: string
        license: string
      }
      return `${name} ${version} (${license})`
    })
    expect(wanted.length).toBeGreaterThan(40)
    expect(wanted.filter((line) => !named.includes(line))).toEqual([])
    for (const text of texts) expect(text, text.trim().split('\n')[0]).toMatch(/copyright|blue oak/i)
  })

  it('names no package that would be installed', () => {
    const json = JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as object
    const brings = ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies']
    expect(Object.keys(json).filter((key) => brings.includes(key))).toEqual([])
  })
})
