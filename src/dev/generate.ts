import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { format, getFileInfo, resolveConfig } from 'prettier'
import { COMMANDS } from '../cli/commands/index.ts'
import { MIDDLEBOXES } from '../core/middlebox.ts'
import { POLICIES } from '../core/policy.ts'
import { loadTemplates } from '../io/assets.ts'
import { resultTable, type Result } from './bench/output.ts'
import { answerTo, withAnswers } from './dialogues.ts'
import {
  commandsHelp,
  helpersTable,
  middleboxesTable,
  optionsTable,
  policiesTable,
  presetsTable,
  registryModule,
  replaceBlock,
  settingsTables,
  targetsTable,
  textBlock,
  type Preset,
} from './documents.ts'
import { timelinePicture } from './picture.ts'

// Writes every generated file; with --check it reports outdated files and writes nothing.

const ROOT = new URL('../..', import.meta.url)
const CHECK = process.argv.includes('--check')
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')
const helpOf = (command: string) => answerTo(`${command} --help`, '.')

const config = await resolveConfig(new URL('package.json', ROOT))
const stale: string[] = []

/** Writes a file that is outdated; with `--check` only records it. */
async function settle(filepath: string, text: string): Promise<void> {
  const { inferredParser } = await getFileInfo(filepath)
  const formatted = inferredParser === null ? text : await format(text, { ...config, filepath })
  if (existsSync(new URL(filepath, ROOT)) && read(filepath) === formatted) return
  stale.push(filepath)
  if (!CHECK) writeFileSync(new URL(filepath, ROOT), formatted)
}

// The list of targets comes first: the documents are made from it.
const folders = readdirSync(new URL('src/targets', ROOT), { withFileTypes: true }).filter((one) => one.isDirectory())
await settle('src/targets/index.ts', registryModule(folders.map(({ name }) => name).toSorted()))
const { TARGETS } = await import('../targets/index.ts')

await settle('docs/timeline.svg', timelinePicture(loadTemplates(), TARGETS))

const { presets } = JSON.parse(await answerTo('presets --format json', '.')) as { presets: readonly Preset[] }
const helps = await Promise.all(COMMANDS.map(async ({ definition: { name } }) => ({ name, text: await helpOf(name) })))
/** The generated blocks of documents, by path and name. */
const blocks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'docs/commands.md': { help: textBlock(await helpOf('')), commands: commandsHelp(helps) },
  'docs/policies.md': {
    presets: presetsTable(presets),
    policies: policiesTable(POLICIES.values()),
    middleboxes: middleboxesTable([...MIDDLEBOXES.values()]),
  },
  'docs/settings.md': {
    targets: targetsTable(TARGETS),
    options: optionsTable(TARGETS),
    settings: settingsTables(TARGETS),
  },
  'docs/speed.md': { speed: resultTable(JSON.parse(read('src/dev/bench/result.json')) as Result) },
  'templates/README.md': { helpers: helpersTable(read('src/core/quote.ts')) },
}
const pages = readdirSync(new URL('docs', ROOT)).filter((name) => name.endsWith('.md'))
for (const path of ['README.md', ...pages.map((name) => `docs/${name}`), 'templates/README.md']) {
  const own = Object.entries(blocks[path] ?? {})
  const filled = own.reduce((text, [name, content]) => replaceBlock(text, name, content), read(path))
  await settle(path, await withAnswers(filled))
}

if (CHECK) {
  for (const path of stale) console.error(`${path} is out of date; run npm run generate`)
  process.exitCode = stale.length > 0 ? 1 : 0
}
