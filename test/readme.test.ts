import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../src/cli/commands/index.ts'
import { answerTo, shownCommands, shownFiles, withAnswers } from '../src/dev/dialogues.ts'
import { TARGETS } from '../src/targets/index.ts'
import { Desk } from './support/cli.ts'

const ROOT = new URL('..', import.meta.url)
const textOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')
const docs = readdirSync(new URL('docs', ROOT)).filter((name) => name.endsWith('.md'))
/** The library's page is executed by a test of its own. */
const documents = ['README.md', ...docs.filter((name) => name !== 'library.md').map((name) => `docs/${name}`)]

/** A document without its fenced blocks. */
const proseOf = (path: string) => textOf(path).replace(/^( *)```[^]*?^\1```$/gm, '')
const headingsOf = (path: string) => [...proseOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading as string)
/** The anchor that GitHub gives a heading, as after `#` in an address. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
const linksOf = (path: string) =>
  [...proseOf(path).matchAll(/\]\(<?([^)>]+)>?\)/g)]
    .map(([, link]) => link as string)
    .filter((link) => !link.startsWith('https:'))

describe('README.md', () => {
  it('takes ten minutes to read: 12 to 20 KB', () => {
    const bytes = Buffer.byteLength(textOf('README.md'))
    expect(bytes).toBeGreaterThan(12_000)
    expect(bytes).toBeLessThan(20_000)
  })

  it('begins with the problem, and shows the picture before the first command', () => {
    const readme = textOf('README.md')
    expect(readme).toMatch(/^# keepalive-kit\n\nConnections die, and nobody is told\./)
    expect(readme.indexOf('](docs/timeline.svg)')).toBeGreaterThan(0)
    expect(readme.indexOf('](docs/timeline.svg)')).toBeLessThan(readme.indexOf('```sh'))
  })

  it('begins with two commands of package.json, one on each line', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: object }
    const typed = [...textOf('README.md').matchAll(/^```sh\n([^]*?)^```/gm)].map(([, lines]) => lines)
    expect(typed).toEqual(['npm start\n', 'npm test\n'])
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']))
  })

  it('explains the installation on each system', () => {
    const [, install = ''] = textOf('README.md').split('\n## Install\n')
    for (const { id } of TARGETS.values()) expect(install, id).toContain(`| \`${id}\``)
  })

  it('lists every command', () => {
    const [, commands = ''] = textOf('README.md').split('\n## Commands\n')
    for (const { name } of COMMANDS.map(({ definition }) => definition)) expect(commands).toContain(`\`${name}\``)
  })

  it('shows profiles that are valid without a warning, except those announced as wrong', async () => {
    const files = shownFiles(textOf('README.md'))
    const desk = new Desk(Object.fromEntries(files))
    const names = [...files.keys()].filter((name) => name.endsWith('.yaml'))
    const wrong = await Promise.all(
      names.map(async (name) => ((await desk.type(`validate ${name} --strict --quiet`)).code === 0 ? [] : [name])),
    )
    // One shows an error, one conflicting goals, and one has a goal that Windows CE cannot promise.
    expect(wrong.flat()).toEqual(['line5.yaml', 'goals.yaml', 'soon.yaml'])
    expect((await desk.type('validate goals.yaml')).code).toBe(0)
  })
})

describe.each(documents)('%s', (path) => {
  it('shows the actual answers of its commands', async () => {
    expect(await withAnswers(textOf(path))).toBe(textOf(path))
  })

  it('has only dialogues with the kit', () => {
    expect(shownCommands(textOf(path)).filter((command) => !command.startsWith('keepalive-kit '))).toEqual([])
  })

  it('names only commands and options of the kit', async () => {
    const inline = [...proseOf(path).matchAll(/`keepalive-kit ([^`]+)`/g)].map(([, command]) => command as string)
    for (const command of inline) {
      const [name = '', ...words] = command.split(' ')
      expect(
        COMMANDS.map(({ definition }) => definition.name),
        command,
      ).toContain(name)
      const options = (await answerTo(`${name} --help`, '.')).split(/[\s,]+/)
      expect(options, command).toEqual(expect.arrayContaining(words.filter((word) => word.startsWith('--'))))
    }
  })

  it('has no line over 300 characters outside code', () => {
    const lines = proseOf(path).split('\n')
    expect(lines.filter((line) => line.length > 300)).toEqual([])
  })

  it('has no repeated heading', () => {
    const headings = headingsOf(path)
    expect(headings.filter((heading, index) => headings.indexOf(heading) !== index)).toEqual([])
  })

  it('links only to existing files and headings', () => {
    const broken = linksOf(path).filter((link) => {
      const [file = '', anchor] = link.split('#')
      const address = new URL(file, new URL(path, ROOT))
      if (!existsSync(address)) return true
      const target = file === '' ? path : address.href.slice(ROOT.href.length)
      return anchor !== undefined && !headingsOf(target).map(anchorOf).includes(anchor)
    })
    expect(broken).toEqual([])
  })
})

describe('docs/README.md', () => {
  it('lists every page', () => {
    const listed = linksOf('docs/README.md')
    expect(docs.filter((name) => name !== 'README.md' && !listed.includes(name))).toEqual([])
  })
})

describe('an answer in a document', () => {
  const shown = (answer: string) => `\`\`\`console\n$ keepalive-kit presets\n${answer}\`\`\`\n`

  it('is corrected', async () => {
    expect(await withAnswers(shown('nothing\n'))).toMatch(
      /\n {2}preset:beckhoff .*\n {2}preset:google-cloud .*\n[^]*```/,
    )
  })

  it('keeps the number of lines around …', async () => {
    expect(await withAnswers(shown('first\n…\nlast but one\nlast\n'))).toMatch(
      /^```console\n.*\n {2}preset:beckhoff .*\n…\n {2}preset:spectrum-protect .*\n {2}preset:sql-server .*\n```\n$/,
    )
  })
})

describe('docs/timeline.svg', () => {
  const picture = textOf('docs/timeline.svg')

  it('has a description for readers who do not see it', () => {
    expect(picture).toMatch(/<title>.+<\/title>\n<desc>.*2 h 10 s.*70 s.*<\/desc>/)
  })

  it('needs no other file, and has colours for light and dark', () => {
    expect(picture).not.toMatch(/href|url\(|@import|<script/)
    expect(picture).toContain('@media (prefers-color-scheme: dark)')
  })
})
