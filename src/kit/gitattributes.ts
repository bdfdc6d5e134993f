import type { Registry } from '../core/target.ts'

/** The ways in which git can show .reg files in UTF-16. */
export type Way = 'encoding' | 'textconv'

/** The costs of each way, in a line. */
export const TRADES: Readonly<Record<Way, string>> = {
  encoding:
    'git keeps these files as UTF-8 and gives them back byte for byte (git 2.21 and later): diffs are readable everywhere, but programs that read the repository without git see UTF-8',
  textconv:
    'git keeps the bytes as they are: safe everywhere, but diffs are readable only where somebody ran: git config diff.keepalive-reg.textconv "keepalive-kit textconv"',
}

/** Lines for .gitattributes about the outputs in a folder. Targets tell which files are UTF-16. */
export function gitattributes(registry: Registry, out: string, way: Way): readonly string[] {
  const wide = [...registry.values()].flatMap(({ id, outputs }) =>
    outputs.filter(({ language }) => language === 'reg').map(({ path }) => `${out}/**/${id}/${path}`),
  )
  const how = { encoding: 'text working-tree-encoding=UTF-16LE-BOM eol=crlf', textconv: '-text diff=keepalive-reg' }[
    way
  ]
  return [`${out}/** -text`, ...wide.map((pattern) => `${pattern} ${how}`)]
}

const [BEGIN, END] = ['# BEGIN keepalive-kit git-setup', '# END keepalive-kit git-setup']

/** The text of .gitattributes with the lines in a block of their own at its end, where they win; an older block is replaced. */
export function withBlock(text: string, lines: readonly string[]): string {
  const all = text.split('\n')
  const begin = all.findIndex((line) => line.trimEnd() === BEGIN)
  const end = all.findIndex((line, at) => at > begin && line.trimEnd() === END)
  // A beginning without an end is no block: the lines after it may be the user's own.
  const kept = begin === -1 || end === -1 ? all : [...all.slice(0, begin), ...all.slice(end + 1)]
  const before = kept.join('\n').replace(/\n+$/, '')
  return `${before === '' ? '' : `${before}\n`}${[BEGIN, ...lines, END].join('\n')}\n`
}
