/**
 * Reads a script of cmd.exe into the commands that it can run. No independent parser of cmd exists: this one knows
 * blocks, if, for, call, redirections, carets and quotation marks. It treats anything else as a command, so that a test
 * which compares commands with a list fails on it.
 */

/** A command with its words, and the files of its redirections. */
export interface Command {
  readonly words: readonly string[]
  readonly redirected: readonly string[]
  /** The called label of this part: the last one above that some `call` names; empty before the first. */
  readonly part: string
}

type Words = Omit<Command, 'part'>

export interface Script {
  readonly commands: readonly Command[]
  readonly labels: ReadonlySet<string>
}

type Token = { readonly kind: 'word' | 'operator' | 'redirection'; readonly text: string }

export function readCmd(text: string): Script {
  const lines = text.replaceAll(/\^\r?\n/g, '').split(/\r?\n/)
  const called = new Set([...text.matchAll(/\bcall :(\w+)/gi)].map(([, label]) => label?.toLowerCase()))
  const labels = new Set<string>()
  const blocks = { open: 0 }
  let part = ''
  const commands = lines.flatMap((line) => {
    const label = /^\s*:([A-Za-z]\w*)/.exec(line)?.[1]?.toLowerCase()
    if (label !== undefined) labels.add(label)
    if (label !== undefined && called.has(label)) part = label
    return commandsOf(tokens(line), blocks).map((command) => ({ ...command, part }))
  })
  return { commands, labels }
}

/** The values that the script gives to variables, with their part; a variable of a `for` has two percent signs. */
export function assignments({ commands }: Script): readonly { name: string; value: string; part: string }[] {
  return commands.flatMap(({ words, part }) => {
    if (words[0] === 'for') return words.slice(2).map((value) => ({ name: String(words[1]), value, part }))
    if (words[0]?.toLowerCase() !== 'set') return []
    const [, name, value = ''] = /^"?(\w+)=(.*?)"?$/.exec(words.slice(1).join(' ')) ?? []
    return name === undefined ? [] : [{ name, value, part }]
  })
}

/** A line as words, operators and targets of redirections; quotation marks stay, carets are removed. */
function tokens(line: string): readonly Token[] {
  if (/^\s*(?::|@?rem\b)/i.test(line)) return []
  const found: Token[] = []
  const next = /\s+|(\d?>>?|\d?<)\s*(&\d|(?:"[^"]*"|[^\s"&|<>()])+)|(&&|\|\||[&|()])|((?:"[^"]*"?|\^.|[^\s"&|<>()])+)/gy
  let match: RegExpExecArray | null
  while (next.lastIndex < line.length && (match = next.exec(line)) !== null) {
    const [, redirection, target, operator, word] = match
    if (redirection !== undefined) found.push({ kind: 'redirection', text: target as string })
    else if (operator !== undefined) found.push({ kind: 'operator', text: operator })
    else if (word !== undefined) found.push({ kind: 'word', text: word.replaceAll(/\^(.)/g, '$1') })
    if (word?.toLowerCase() === 'rem' && found.length === 1) return []
  }
  return found
}

/** The commands of a line; `blocks` counts the open parentheses before and after it. */
function commandsOf(line: readonly Token[], blocks: { open: number }): readonly Words[] {
  const commands: Words[] = []
  let words: string[] = []
  let redirected: string[] = []
  const end = () => {
    if (words.length > 0 || redirected.length > 0) commands.push({ words, redirected })
    words = []
    redirected = []
  }
  for (let at = 0; at < line.length; at++) {
    const { kind, text } = line[at] as Token
    if (kind === 'redirection') redirected.push(text)
    // Within a command ( is an ordinary character, and so is ) without an open block.
    else if (text === '(' && kind === 'operator' && words.length === 0) blocks.open++
    else if (text === ')' && kind === 'operator' && blocks.open > 0) {
      blocks.open--
      end()
    } else if (kind === 'operator' && !/[()]/.test(text)) end()
    else if (words.length > 0) words.push(text)
    else {
      const word = text.replace(/^@/, '').toLowerCase()
      if (word === 'if') at = afterCondition(line, at)
      else if (word === 'for') at = afterSet(line, at, commands)
      else if (word !== 'else' && word !== 'do') words.push(text.replace(/^@/, ''))
    }
  }
  end()
  return commands
}

/** The index of the last word of an `if`'s condition. */
function afterCondition(line: readonly Token[], start: number): number {
  let at = start + 1
  const word = () => line[at]?.text.toLowerCase() ?? ''
  while (['/i', 'not'].includes(word())) at++
  if (['errorlevel', 'exist', 'defined'].includes(word())) return at + 1
  return /.==/.test(word()) ? at : at + 2
}

/** The index of the `)` that ends the set of a `for`. A command in the set is a command of the script. */
function afterSet(line: readonly Token[], start: number, commands: Words[]): number {
  const close = line.findIndex(({ kind, text }, at) => at > start && kind === 'operator' && text === ')')
  const open = line.findIndex(({ kind, text }, at) => at > start && kind === 'operator' && text === '(')
  const inside = line.slice(open + 1, close).map(({ text }) => text)
  const variable = line.slice(start, open).find(({ text }) => text.startsWith('%%'))?.text ?? ''
  const command = /^['`]/.test(inside[0] ?? '')
  if (command) commands.push({ words: inside.map((word) => word.replaceAll(/^['`]|['`]$/g, '')), redirected: [] })
  else if (line[start + 1]?.text === variable) commands.push({ words: ['for', variable, ...inside], redirected: [] })
  return close === -1 ? line.length : close
}
