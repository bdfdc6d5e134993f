import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { transform } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { describeWithOracle, itWhere, missingPrograms, run, type Ran } from '../support/oracle.ts'
import { ROOT } from '../support/profiles.ts'

const SCRIPT = 'src/dev/installed.cjs'
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

type Packages = Readonly<Record<string, { readonly version?: string; readonly [key: string]: unknown }>>
const INSTALLED: Packages = {
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/a/node_modules/@b/c': { version: '2.0.0', integrity: 'sha512-c', os: ['!another-os'] },
}
const OTHER = { version: '3.0.0', integrity: 'sha512-other', optional: true, os: ['another-os'] }
const LOCK: Packages = { '': { name: 'project' }, ...INSTALLED, 'node_modules/other': OTHER }

/** A project with the script, the packages of its lock, npm's note about them, and the packages themselves. */
function project(change: (folder: string) => void = () => {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-installed-'))
  put(folder, 'package.json', { engines: { node: '>=20.19' } })
  put(folder, 'package-lock.json', { packages: LOCK })
  put(folder, 'node_modules/.package-lock.json', { packages: INSTALLED })
  for (const [path, { version }] of Object.entries(INSTALLED)) put(folder, `${path}/package.json`, { version })
  mkdirSync(dirname(join(folder, SCRIPT)), { recursive: true })
  cpSync(join(ROOT, SCRIPT), join(folder, SCRIPT))
  change(folder)
  return folder
}

function put(folder: string, path: string, content: object | string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content))
}

/** An npm that only reports its arguments, on both streams. */
function fakeNpm(exit: number): string {
  const file = join(mkdtempSync(join(tmpdir(), 'keepalive-kit-npm-')), 'npm-cli.js')
  const said = `process.argv.slice(2).join(' ')`
  writeFileSync(
    file,
    `console.log('npm ' + ${said} + ' in ' + process.cwd()); console.error('npm done'); process.exitCode = ${exit}`,
  )
  return file
}

/** Runs the script as npm does. */
function check(
  folder: string,
  { npm = fakeNpm(0), node = [] }: { readonly npm?: string; readonly node?: readonly string[] } = {},
): Ran {
  return run(process.execPath, [...node, join(folder, SCRIPT)], { cwd: tmpdir(), env: { npm_execpath: npm } })
}

const CI = 'npm ci --include=dev --include=optional --no-audit --no-fund --loglevel=error'
const note = (packages: Packages) => (folder: string) => put(folder, 'node_modules/.package-lock.json', { packages })
const lock = (packages: Packages) => (folder: string) => put(folder, 'package-lock.json', { packages })
const remove = (path: string) => (folder: string) => rmSync(join(folder, path), { recursive: true })
const nested = 'node_modules/a/node_modules/@b/c'

describe('before any script of package.json', () => {
  it.each<[what: string, change: (folder: string) => void]>([
    ['all packages of the lock are installed', () => {}],
    ['an additional package is installed', note({ ...INSTALLED, 'node_modules/more': { version: '9.9.9' } })],
    ['an optional package for this system is left out', lock({ ...LOCK, 'node_modules/o': { optional: true } })],
  ])('npm is not started if %s', (_what, change) => {
    expect(check(project(change))).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it.each<[what: string, change: (folder: string) => void, sentence: string]>([
    ['in a fresh clone', remove('node_modules'), 'node_modules is missing'],
    ['after an interrupted install', remove('node_modules/.package-lock.json'), 'the last install did not finish'],
    [
      'after an install that was interrupted while it wrote its note',
      (folder) => put(folder, 'node_modules/.package-lock.json', '{"packages": {'),
      'the last install did not finish',
    ],
    [
      'if node_modules is a file',
      (folder) => (remove('node_modules')(folder), put(folder, 'node_modules', '')),
      'the last install did not finish',
    ],
    [
      'with another lock: another version',
      lock({ ...LOCK, 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }),
      'a 1.0.0 is installed instead of 1.0.1',
    ],
    [
      'with another lock: another file of that version',
      lock({ ...LOCK, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }),
      'a is installed from another file',
    ],
    [
      'with another lock: an additional package',
      lock({ ...LOCK, 'node_modules/m': { version: '1.0.0' } }),
      'm is not installed',
    ],
    ['if a package was deleted', remove(nested), '@b/c is damaged'],
    ['if a package is damaged', (folder) => put(folder, `${nested}/package.json`, ''), '@b/c is damaged'],
    [
      'if a package cannot be read',
      (folder) => (remove(`${nested}/package.json`)(folder), put(folder, `${nested}/package.json/x`, '')),
      '@b/c is damaged',
    ],
    [
      'if somebody installed another version of a package',
      (folder) => put(folder, `${nested}/package.json`, { version: '2.0.1' }),
      '@b/c 2.0.1 is installed instead of 2.0.0',
    ],
    [
      'in a folder that was installed on another system',
      (folder) => {
        note({ ...INSTALLED, 'node_modules/other': OTHER })(folder)
        put(folder, 'node_modules/other/package.json', { version: '3.0.0' })
      },
      'other is installed, and is made for another system',
    ],
    ['without a lock', remove('package-lock.json'), 'package-lock.json cannot be read'],
  ])('npm ci runs %s', (_where, change, sentence) => {
    const folder = project(change)
    const stderr = `${sentence}: running npm ci\n${CI} in ${folder}\nnpm done\n`
    expect(check(folder)).toEqual({ code: 0, stdout: '', stderr })
  })

  itWhere(process.platform !== 'win32' && process.getuid?.() !== 0)('npm ci runs if a folder cannot be read', () => {
    const folder = project()
    chmodSync(join(folder, 'node_modules'), 0)
    expect(check(folder).stderr).toContain('the last install did not finish: running npm ci\n')
    chmodSync(join(folder, 'node_modules'), 0o700)
  })

  it('the messages and the exit code of a failing npm are passed on', () => {
    expect(check(project(remove('node_modules')), { npm: fakeNpm(7) })).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('npm done\n') as string,
    })
  })

  it.each([undefined, 'pnpm.cjs'])('npm on PATH is used if the script was not started by npm but by %s', (other) => {
    const folder = project(remove('node_modules'))
    const npm = fakeNpm(0)
    const bin = dirname(npm)
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\nexec "${process.execPath}" "${npm}" "$@"\n`, { mode: 0o755 })
    writeFileSync(join(bin, 'npm.cmd'), `@"${process.execPath}" "${npm}" %*\r\n`)
    const { code, stderr } = run(process.execPath, [join(folder, SCRIPT)], {
      env: {
        PATH: `${bin}${delimiter}${process.env['PATH']}`,
        ...(other === undefined ? {} : { npm_execpath: other }),
      },
    })
    expect(code).toBe(0)
    expect(stderr).toContain(`${CI} in ${folder}\n`)
  })

  it.each([
    ['18.20.8', 1],
    ['20.18.3', 1],
    ['20.19.0', 0],
    ['22.0.0', 0],
  ])('Node %s ends with %d', (version, code) => {
    const folder = project()
    put(folder, 'older.cjs', `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`)
    const said = `keepalive-kit needs Node 20.19 or later, and this is Node ${version}. Install a newer one from https://nodejs.org and run the command again.\n`
    expect(check(folder, { node: ['--require', join(folder, 'older.cjs')] })).toEqual({
      code,
      stdout: '',
      stderr: code === 0 ? '' : said,
    })
  })

  it('the script has only syntax that a Node of 2018 knows', async () => {
    const source = readFileSync(join(ROOT, SCRIPT), 'utf8')
    const [now, then] = await Promise.all(['esnext', 'node10'].map((target) => transform(source, { target })))
    expect(then?.code).toBe(now?.code)
  })
})

describe('the scripts of package.json', () => {
  it.each(Object.entries(scripts))('%s begins with that script, or with one that begins with it', (_name, line) => {
    expect(line).toMatch(/^(?:node src\/dev\/installed\.cjs|npm run --silent build|npm run check:static)(?: && |$)/)
  })

  it.each(Object.entries(scripts))('%s has only syntax that sh and cmd share', (_name, line) => {
    expect(line).toMatch(/^(?:(?:^| && )(?:node|npm|tsx|tsc|vitest|prettier|oxlint)(?: [\w:./-]+)*)+$/)
  })
})

describeWithOracle('npm itself', missingPrograms('npm'), () => {
  /**
   * A project with a package of its own, which npm can install without network, and a script that needs that package.
   */
  function projectOfNpm(): string {
    const folder = project(remove('node_modules'))
    put(folder, 'a/package.json', { name: 'a', version: '1.0.0', main: 'a.js' })
    put(folder, 'a/a.js', `console.log('a is here')`)
    expect(npm(folder, 'pack', './a').code).toBe(0)
    put(folder, 'package.json', {
      name: 'project',
      version: '1.0.0',
      engines: { node: '>=20.19' },
      scripts: { start: `node ${SCRIPT} && node -r a -p 0` },
      devDependencies: { a: 'file:a-1.0.0.tgz' },
    })
    rmSync(join(folder, 'package-lock.json'))
    expect(npm(folder, 'install', '--package-lock-only').code).toBe(0)
    return folder
  }
  const npm = (folder: string, ...args: readonly string[]): Ran =>
    run('npm', args, { cwd: folder, env: { npm_config_offline: 'true', npm_config_cache: join(folder, 'cache') } })

  it.each(['development', 'production'])('starts in a fresh clone, with NODE_ENV=%s', (environment) => {
    const folder = projectOfNpm()
    const start = () =>
      run('npm', ['start', '--silent'], {
        cwd: folder,
        env: { npm_config_offline: 'true', npm_config_cache: join(folder, 'cache'), NODE_ENV: environment },
      })
    const first = start()
    expect(first).toMatchObject({ code: 0, stdout: 'a is here\n0\n' })
    expect(first.stderr).toMatch(/^node_modules is missing: running npm ci\n/)
    expect(start()).toEqual({ code: 0, stdout: 'a is here\n0\n', stderr: '' })
  })

  it('reports its error if there is no network', () => {
    const folder = project()
    const packages = { '': {}, 'node_modules/a': { version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` } }
    put(folder, 'package.json', {
      engines: { node: '>=20.19' },
      dependencies: { a: '1.0.0' },
      scripts: { start: `node ${SCRIPT}` },
    })
    put(folder, 'package-lock.json', {
      lockfileVersion: 3,
      requires: true,
      packages: { ...packages, '': { dependencies: { a: '1.0.0' } } },
    })
    const { code, stdout, stderr } = npm(folder, 'start', '--silent')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/ENOTCACHED/)
    expect(existsSync(join(folder, 'node_modules/a/package.json'))).toBe(false)
  })
})
