import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild'
import Handlebars from 'handlebars'
import { profileJsonSchema } from '../core/schema.ts'
import { COMPILE_OPTIONS } from '../core/templates.ts'
import { kitDigest, loadPresets, templateSources, VERSION } from '../io/assets.ts'
import { TARGETS } from '../targets/index.ts'
import { containedPackages, licencesText } from './licences.ts'
import { writeTypes } from './types.ts'

// Makes dist/: the library, and the program in several files, of which each command reads few; V8's code is cached for
// a Node that does not cache it. Templates are compiled and presets embedded, so that the package reads no other file.

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Replaces `src/io/assets.ts` with a module that contains everything. */
const assets: Plugin = {
  name: 'assets',
  setup(builder) {
    builder.onLoad({ filter: /io[/\\]assets\.ts$/ }, () => ({
      contents: assetsModule(),
      loader: 'js',
      resolveDir: `${ROOT}src/io`,
    }))
  },
}

/**
 * Keeps rendering and zips in files of their own: Node reads a whole file before it runs any of it, and most commands
 * need neither.
 */
const apart: Plugin = {
  name: 'apart',
  setup(builder) {
    builder.onLoad({ filter: /io[/\\]assets\.ts$/ }, () => ({
      contents: `export const loadTemplates = () => require('./templates.cjs').loadTemplates()
export const workerFile = () => require('node:path').join(__dirname, 'fleet-worker.cjs')
${presetsAndVersion()}`,
      loader: 'js',
    }))
    builder.onLoad({ filter: /io[/\\]archive\.ts$/ }, () => ({
      contents: `export const archive = (...given) => require('./archive.cjs').archive(...given)\n`,
      loader: 'js',
    }))
    // The parser alone, without the parts of yargs for help and translations.
    builder.onLoad({ filter: /yargs[/\\]helpers[/\\]helpers\.mjs$/ }, ({ path }) => ({
      contents: `export { default as Parser } from 'yargs-parser'\n`,
      loader: 'js',
      resolveDir: dirname(path),
    }))
  },
}

/**
 * The modules that are loaded on demand, by file of the program; the most frequent commands have files of their own.
 */
const PARTS = {
  'profiles.cjs': ['validate', 'generate', 'bundle'].map((name) => `commands/${name}.ts`),
  'reviews.cjs': [
    'words.ts',
    ...'completion diff explain fleet git-setup import init lists lock merge schema textconv verify'
      .split(' ')
      .map((name) => `commands/${name}.ts`),
  ],
} as const

/** Keeps the commands in files of their own: `--help` needs the parser alone. */
const commandsApart: Plugin = {
  name: 'commands apart',
  setup(builder) {
    builder.onResolve({ filter: /^\.\/[a-z-]+\.ts$/ }, ({ path, importer, kind }) => {
      if (kind !== 'dynamic-import') return undefined
      const module = relative(`${ROOT}src/cli`, join(dirname(importer), path))
      const has = Object.entries(PARTS).find(([, modules]) => modules.includes(module))
      if (has === undefined) throw new Error(`no file of the program has ${module}`)
      return { path: has[0], namespace: 'apart' }
    })
    // Not `import()`, which reads the file twice: the exports of a CommonJS module are found by reading it first.
    builder.onLoad({ filter: /.*/, namespace: 'apart' }, ({ path }) => ({
      contents: `module.exports = require('./${path}')`,
    }))
  },
}

function assetsModule(): string {
  return `${templatesModule()}${presetsAndVersion()}`
}

function templatesModule(): string {
  const specs = [...templateSources()].map(
    ([name, source]) => `${JSON.stringify(name)}: ${Handlebars.precompile(source, COMPILE_OPTIONS) as string}`,
  )
  return `
import runtime from 'handlebars/runtime.js'
import { templateSet } from '../core/templates.ts'
const specs = () => ({ ${specs.join(',\n')} })
export function loadTemplates() {
  const handlebars = runtime.create()
  return templateSet(handlebars, Object.fromEntries(Object.entries(specs()).map(([name, spec]) => [name, handlebars.template(spec)])))
}
`
}

function presetsAndVersion(): string {
  return `
const presets = ${JSON.stringify([...loadPresets()])}
export const loadPresets = () => new Map(presets)
export const VERSION = ${JSON.stringify(VERSION)}
export const kitDigest = () => ${JSON.stringify(kitDigest())}
`
}

/** Lets this Node compile the program once, for all later runs. */
function keepCompiled(): void {
  const folder = mkdtempSync(join(tmpdir(), 'keepalive-kit-build-'))
  try {
    execFileSync(process.execPath, ['--import', import.meta.resolve('tsx'), `${ROOT}src/dev/compile.ts`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const parts: Metafile[] = []

/** Makes a file of dist/, and records its contents. */
async function bundle(options: BuildOptions): Promise<void> {
  const { metafile } = await build({
    bundle: true,
    metafile: true,
    minify: true,
    logLevel: 'warning',
    legalComments: 'none',
    absWorkingDir: ROOT,
    ...options,
  })
  if (metafile !== undefined) parts.push(metafile)
}

rmSync(`${ROOT}dist`, { recursive: true, force: true })
const program = { platform: 'node', target: 'node20.19', format: 'cjs' } as const
await bundle({
  ...program,
  entryPoints: [`${ROOT}src/bin.ts`],
  outfile: `${ROOT}dist/bin.cjs`,
  external: ['./program.cjs'],
  banner: { js: '#!/usr/bin/env node' },
})
await bundle({
  ...program,
  plugins: [apart, commandsApart],
  entryPoints: [`${ROOT}src/program.ts`],
  outfile: `${ROOT}dist/program.cjs`,
  external: ['./templates.cjs', './archive.cjs', ...Object.keys(PARTS).map((file) => `./${file}`)],
})
for (const [file, modules] of Object.entries(PARTS))
  await bundle({
    ...program,
    plugins: [apart],
    stdin: {
      contents: modules.map((module) => `export * from './${module}'\n`).join(''),
      resolveDir: `${ROOT}src/cli`,
      loader: 'ts',
    },
    outfile: `${ROOT}dist/${file}`,
    external: ['./templates.cjs', './archive.cjs'],
  })
await bundle({
  ...program,
  plugins: [apart],
  entryPoints: [`${ROOT}src/app/fleet/worker.ts`],
  outfile: `${ROOT}dist/fleet-worker.cjs`,
  external: ['./templates.cjs', './archive.cjs'],
})
await bundle({ ...program, entryPoints: [`${ROOT}src/io/archive.ts`], outfile: `${ROOT}dist/archive.cjs` })
await bundle({
  ...program,
  stdin: { contents: templatesModule(), resolveDir: `${ROOT}src/io`, loader: 'js' },
  outfile: `${ROOT}dist/templates.cjs`,
})
// The library is one file for Node and browsers alike, and needs no package.
await bundle({
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['browser'],
  target: 'es2023',
  format: 'esm',
  plugins: [assets],
  entryPoints: [`${ROOT}src/index.ts`],
  outfile: `${ROOT}dist/index.js`,
})
chmodSync(`${ROOT}dist/bin.cjs`, 0o755)
if (!('enableCompileCache' in nodeModule)) keepCompiled()
writeFileSync(`${ROOT}dist/profile.schema.json`, `${JSON.stringify(profileJsonSchema(TARGETS), null, 2)}\n`)
writeFileSync(`${ROOT}dist/LICENSES.txt`, licencesText(containedPackages(ROOT, parts)))
writeTypes(ROOT, `${ROOT}dist/types`)
