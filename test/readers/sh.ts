import { run } from '../support/oracle.ts'

/** What shfmt (mvdan-sh) says of a part of a script: the names of its fields are those of its syntax tree. */
type Node = Readonly<Record<string, unknown>> & { readonly Type?: string }

/** A command as it stands in a script: its words, where a word that is not the same at every run is `undefined`. */
export type Command = readonly (string | undefined)[]

/** What a sh script consists of, as a parser that is not ours reads it. */
export interface Script {
  /** Every command that is called: functions of the script, builtins and programs. */
  readonly commands: readonly Command[]
  readonly functions: ReadonlySet<string>
  /** Every word, with a `$` for each part that the run decides; without those of here-documents, which are data. */
  readonly words: readonly string[]
}

/** Reads a POSIX sh script with shfmt; throws where that finds a fault. */
export function readSh(script: string): Script {
  const { code, stdout, stderr } = run('shfmt', ['--language-dialect', 'posix', '--to-json'], { input: script })
  if (code !== 0) throw new Error(`shfmt ended with ${code}: ${stderr}`)
  const nodes = [...nodesOf(JSON.parse(stdout) as Node)]
  const calls = nodes.filter((node) => node.Type === 'CallExpr' && Array.isArray(node['Args']))
  const declared = nodes.filter((node) => node.Type === 'FuncDecl')
  return {
    commands: calls.map((call) => (call['Args'] as Node[]).map(textOf)),
    functions: new Set(declared.map((node) => String((node['Name'] as Node)['Value']))),
    words: nodes.filter(({ Type, Parts }) => Type === undefined && Array.isArray(Parts)).map(patternOf),
  }
}

/** All nodes of a tree. */
function* nodesOf(node: Node): Generator<Node> {
  yield node
  for (const [name, child] of Object.entries(node)) {
    if (name === 'Hdoc') yield* substitutionsIn(child as Node)
    else for (const one of Array.isArray(child) ? child : [child]) if (isNode(one)) yield* nodesOf(one)
  }
}

/** A here-document is data, but what is substituted in it is code. */
function* substitutionsIn(word: Node): Generator<Node> {
  for (const part of (word['Parts'] ?? []) as Node[]) if (part.Type !== 'Lit') yield* nodesOf(part)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}

/** A word that is the same at every run. */
function textOf(word: Node): string | undefined {
  const parts = (word['Parts'] as Node[]).map((part) => {
    if (part.Type === 'Lit' || part.Type === 'SglQuoted') return literal(part)
    return part.Type === 'DblQuoted' ? textOf({ Parts: part['Parts'] ?? [] }) : undefined
  })
  return parts.includes(undefined) ? undefined : parts.join('')
}

function patternOf(word: Node): string {
  const parts = (word['Parts'] ?? []) as Node[]
  return parts
    .map((part) => {
      if (part.Type === 'Lit' || part.Type === 'SglQuoted') return literal(part)
      return part.Type === 'DblQuoted' ? patternOf(part) : '$'
    })
    .join('')
}

function literal({ Value }: Node): string {
  return typeof Value === 'string' ? Value : ''
}
