import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Metafile } from 'esbuild'
import { byCodeUnit } from '../core/diagnostic.ts'

/** A package that is partly contained in a file of dist/. */
export interface Contained {
  readonly name: string
  readonly version: string
  /** The licence's name in its package.json. */
  readonly license: string
  /** The text of its licence. */
  readonly text: string
}

/** The packages that esbuild put into files, each once, sorted. Throws if one has no licence text. */
export function containedPackages(root: string, metafiles: readonly Metafile[]): readonly Contained[] {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).map((output) => output.inputs))
  const files = inputs.flatMap((all) =>
    Object.entries(all).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )
  const folders = new Set(
    files.filter((path) => path.includes('node_modules/')).map((path) => packageFolder(root, path)),
  )
  return [...folders]
    .map(containedIn)
    .toSorted((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.version, b.version))
}

/** The nearest folder around a file with a package.json that has a name; some subfolders have one without. */
function packageFolder(root: string, path: string): string {
  let folder = dirname(join(root, path))
  while (!existsSync(join(folder, 'package.json')) || nameIn(folder) === undefined) folder = dirname(folder)
  return folder
}

interface PackageJson {
  readonly name?: string
  readonly version: string
  readonly license: string
}

function packageJson(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson
}

function nameIn(folder: string): string | undefined {
  return packageJson(folder).name
}

function containedIn(folder: string): Contained {
  const { name = '', version, license } = packageJson(folder)
  const texts = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i.test(file))
  const text = texts.length > 0 ? texts.map((file) => textIn(folder, file)).join('\n\n') : fromReadme(folder)
  if (text === undefined) throw new Error(`${folder} has no text of its licence`)
  return { name, version, license, text }
}

function textIn(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()
}

/** Some packages have their licence only at the end of their README. */
function fromReadme(folder: string): string | undefined {
  const readme = readdirSync(folder).find((file) => /^readme\.md$/i.test(file))
  return readme === undefined ? undefined : /^#+ licen[cs]e$([^]*)/im.exec(textIn(folder, readme))?.[1]?.trim()
}

/** All licences in one text. */
export function licencesText(packages: readonly Contained[]): string {
  const parts = packages.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`)
  return ['The files beside this one contain parts of these packages, under these licences.\n', ...parts].join(
    `\n${'='.repeat(80)}\n\n`,
  )
}
