import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { main } from '../cli/main.ts'
import { VERSION } from '../io/assets.ts'
import { resultTable, type Result } from './bench/output.ts'
import { helpersTable, optionsTable, registryModule, replaceBlock, settingsTable, targetsTable } from './documents.ts'

// Writes every generated file, or with --check says which are out of date and writes nothing.

const ROOT = new URL('../..', import.meta.url)
const CHECK = process.argv.includes('--check')
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')

async function helpText(): Promise<string> {
  let text = ''
  const world = {
    cwd: '.',
    env: {},
    readStdin: () => Promise.resolve(Buffer.alloc(0)),
    out: (more: string) => void (text += more),
    err: () => {},
    terminal: false,
  }
  await main(['--help'], VERSION, world)
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``
}

function targetFolders(): readonly string[] {
  return readdirSync(new URL('src/targets', ROOT), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
}

const config = await resolveConfig(new URL('package.json', ROOT))
const stale: string[] = []

/** Writes a file that is not what it should be; with `--check` only notes it. */
async function settle(filepath: string, text: string): Promise<void> {
  const formatted = await format(text, { ...config, filepath })
  if (read(filepath) === formatted) return
  stale.push(filepath)
  if (!CHECK) writeFileSync(new URL(filepath, ROOT), formatted)
}

// The list of targets comes first: the documents are made from what it lists.
await settle('src/targets/index.ts', registryModule(targetFolders()))
const { TARGETS } = await import('../targets/index.ts')
let readme = read('README.md')
readme = replaceBlock(readme, 'targets', targetsTable(TARGETS))
readme = replaceBlock(readme, 'options', optionsTable(TARGETS))
readme = replaceBlock(readme, 'settings', settingsTable(TARGETS))
readme = replaceBlock(readme, 'speed', resultTable(JSON.parse(read('src/dev/bench/result.json')) as Result))
await settle('README.md', replaceBlock(readme, 'help', await helpText()))
const guide = replaceBlock(read('templates/README.md'), 'helpers', helpersTable(read('src/core/quote.ts')))
await settle('templates/README.md', guide)

if (CHECK) {
  for (const path of stale) console.error(`${path} is out of date; run npm run generate`)
  process.exitCode = stale.length > 0 ? 1 : 0
}
