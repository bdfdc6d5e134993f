import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { main } from '../cli/main.ts'
import { VERSION } from '../effects/assets.ts'
import { TARGETS } from '../targets/index.ts'
import { helpersTable, registryModule, replaceBlock, settingsTable, targetsTable } from './documents.ts'

// Writes every generated file, or with --check says which are out of date and writes nothing.

const ROOT = new URL('../..', import.meta.url)
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

async function wanted(): Promise<ReadonlyMap<string, string>> {
  let readme = read('README.md')
  readme = replaceBlock(readme, 'targets', targetsTable(TARGETS))
  readme = replaceBlock(readme, 'settings', settingsTable(TARGETS))
  readme = replaceBlock(readme, 'help', await helpText())
  const guide = replaceBlock(read('templates/README.md'), 'helpers', helpersTable(read('src/core/quote.ts')))
  const files = {
    'README.md': readme,
    'templates/README.md': guide,
    'src/targets/index.ts': registryModule(targetFolders()),
  }
  const config = await resolveConfig(new URL('package.json', ROOT))
  const formatted = Object.entries(files).map(
    async ([filepath, text]) => [filepath, await format(text, { ...config, filepath })] as const,
  )
  return new Map(await Promise.all(formatted))
}

const files = await wanted()
const stale = [...files].filter(([path, text]) => read(path) !== text).map(([path]) => path)
if (process.argv.includes('--check')) {
  for (const path of stale) console.error(`${path} is out of date; run npm run generate`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else for (const path of stale) writeFileSync(new URL(path, ROOT), files.get(path) as string)
