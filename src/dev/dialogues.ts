import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { main } from '../cli/main.ts'
import { withLineEnds } from '../core/artifact.ts'
import { VERSION } from '../io/assets.ts'

// Documents show dialogues: console blocks with commands and their answers. The commands read the document's other
// titled blocks as files: ```yaml title="line4.yaml".

/** The line of an answer that replaces omitted lines. */
const AND_SO_ON = '…'

const TITLED = /^```\S+ title="([^"]+)"\n([^]*?)^```$/gm
const CONSOLE = /^```console\n([^]*?)^```$/gm

/** The files that a document shows, by name, with the line ends of their language. */
export function shownFiles(document: string): ReadonlyMap<string, string> {
  return new Map([...document.matchAll(TITLED)].map(([, name = '', text = '']) => [name, withLineEnds(name, text)]))
}

/** The command lines of a document's dialogues, in order. */
export function shownCommands(document: string): readonly string[] {
  return dialoguesOf(document).flatMap(({ exchanges }) => exchanges.map(({ command }) => command))
}

/**
 * The document with the actual answers of the kit; other programs are not called. The commands of one block run one
 * after the other in a folder with the document's files. Around a line `…`, the number of shown lines stays the same.
 */
export async function withAnswers(document: string): Promise<string> {
  const files = shownFiles(document)
  let answered = document
  for (const { block, exchanges } of dialoguesOf(document)) {
    const lines = await inFolderWith(files, async (folder) => {
      const typed: string[] = []
      for (const { command, answer } of exchanges) {
        const [, line] = /^keepalive-kit (.*)/.exec(command) ?? []
        const real = line === undefined ? answer : (await answerTo(line, folder)).trimEnd().split('\n')
        typed.push(`$ ${command}`, ...shortenedAs(answer, real))
      }
      return typed
    })
    answered = answered.replace(block, () => ['```console', ...lines, '```'].join('\n'))
  }
  return answered
}

/** The output of the kit on a terminal without colours, results and messages in the order in which they come. */
export async function answerTo(line: string, folder: string): Promise<string> {
  let text = ''
  const say = (more: string) => void (text += more)
  const words = [...line.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word)
  const readStdin = () => Promise.resolve(Buffer.alloc(0))
  await main(words, VERSION, { cwd: folder, env: {}, readStdin, out: say, err: say, terminal: false })
  return text
}

function dialoguesOf(document: string) {
  return [...document.matchAll(CONSOLE)].map(([block, text = '']) => ({
    block,
    exchanges: text
      .split(/^\$ /m)
      .slice(1)
      .map((exchange) => {
        const [command = '', ...answer] = exchange.trimEnd().split('\n')
        return { command, answer }
      }),
  }))
}

function shortenedAs(shown: readonly string[], real: readonly string[]): readonly string[] {
  const head = shown.indexOf(AND_SO_ON)
  if (head === -1) return real
  const tail = shown.length - head - 1
  return [...real.slice(0, head), AND_SO_ON, ...real.slice(real.length - tail)]
}

async function inFolderWith<T>(files: ReadonlyMap<string, string>, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'keepalive-kit-dialogue-')))
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
