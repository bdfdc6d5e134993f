import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import Handlebars from 'handlebars'
import { profileJsonSchema } from '../core/schema.ts'
import { COMPILE_OPTIONS } from '../core/templates.ts'
import { loadPresets, templateSources, VERSION } from '../effects/assets.ts'
import { TARGETS } from '../targets/index.ts'

// Makes dist/: the program as one file that starts fast, and the library. Templates are compiled here, presets put in,
// so that what is shipped reads no file of its own.

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Puts a module with everything already in it in the place of `src/effects/assets.ts`. */
const assets: Plugin = {
  name: 'assets',
  setup(builder) {
    builder.onLoad({ filter: /effects[/\\]assets\.ts$/ }, () => ({
      contents: assetsModule(),
      loader: 'js',
      resolveDir: `${ROOT}src/effects`,
    }))
  },
}

function assetsModule(): string {
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
const presets = ${JSON.stringify([...loadPresets()])}
export const loadPresets = () => new Map(presets)
export const VERSION = ${JSON.stringify(VERSION)}
`
}

rmSync(`${ROOT}dist`, { recursive: true, force: true })
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  plugins: [assets] as Plugin[],
  logLevel: 'warning',
  legalComments: 'none',
} as const
await build({
  ...common,
  entryPoints: [`${ROOT}src/bin.ts`],
  outfile: `${ROOT}dist/bin.cjs`,
  format: 'cjs',
  minify: true,
  banner: { js: '#!/usr/bin/env node' },
})
await build({
  ...common,
  entryPoints: [`${ROOT}src/index.ts`],
  outfile: `${ROOT}dist/index.js`,
  format: 'esm',
  packages: 'external',
})
chmodSync(`${ROOT}dist/bin.cjs`, 0o755)
writeFileSync(`${ROOT}dist/profile.schema.json`, `${JSON.stringify(profileJsonSchema(TARGETS), null, 2)}\n`)
execFileSync(process.execPath, [`${ROOT}node_modules/typescript/bin/tsc`, '--project', `${ROOT}src`], {
  stdio: 'inherit',
})
