import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type Handlebars from 'handlebars'
import { sha256 } from '#checksums'
import { withLineEnds } from '../core/artifact.ts'
import type { RenderTemplate } from '../core/render.ts'
import { COMPILE_OPTIONS, templateSet } from '../core/templates.ts'

// The files that ship with the kit, read from its folders. Only a checkout runs this file: `src/dev/build.ts` puts a module in
// its place that holds the presets, and the templates already compiled.

const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url))
const PRESETS = fileURLToPath(new URL('../presets', import.meta.url))
const PACKAGE = fileURLToPath(new URL('../../package.json', import.meta.url))

/** Every template by its path below `templates/` without `.hbs`, with the line ends of its language. */
export function templateSources(): ReadonlyMap<string, string> {
  const files = readdirSync(TEMPLATES, { recursive: true, withFileTypes: true }).filter(({ name }) =>
    name.endsWith('.hbs'),
  )
  const paths = files.map(({ parentPath, name }) => relative(TEMPLATES, join(parentPath, name))).toSorted()
  return new Map(
    paths.map((path) => {
      const name = path.replaceAll(sep, '/').replace(/\.hbs$/, '')
      return [name, withLineEnds(name, readFileSync(join(TEMPLATES, path), 'utf8'))]
    }),
  )
}

export function loadTemplates(): RenderTemplate {
  const handlebars = (createRequire(import.meta.url)('handlebars') as typeof Handlebars).create()
  const compiled = [...templateSources()].map(
    ([name, source]) => [name, handlebars.compile(source, COMPILE_OPTIONS)] as const,
  )
  return templateSet(handlebars, Object.fromEntries(compiled))
}

/** Every preset's file by its name. */
export function loadPresets(): ReadonlyMap<string, string> {
  const files = readdirSync(PRESETS)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
  return new Map(files.map((file) => [file.replace(/\.yaml$/, ''), readFileSync(join(PRESETS, file), 'utf8')]))
}

/** A digest of everything that decides a bundle's bytes: the kit's code, templates, presets and dependencies. */
export function kitDigest(): string {
  const sources = fileURLToPath(new URL('..', import.meta.url))
  const files = [sources, TEMPLATES].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name)),
  )
  const all = [...files.toSorted(), PACKAGE].map((file) => sha256(readFileSync(file)))
  return sha256(Buffer.from(all.join('')))
}

/** The program of threads; a checkout has none, and so no threads. */
export function workerFile(): string | undefined {
  return undefined
}

export const VERSION: string = (JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }).version
