import { run as runProgram } from '../support/oracle.ts'

/** A node of the syntax tree that shfmt (mvdan-sh) gives; the names of its fields are shfmt's. */
type Node = Readonly<Record<string, unknown>> & { readonly Type?: string }

/** A command of a script: its words, with `undefined` for a word that differs from run to run. */
export type Command = readonly (string | undefined)[]

/** The content of a sh script, read by a parser that is not ours. */
export interface Script {
  /** Every command that a run can come to: functions of the script, builtins and programs. */
  readonly commands: readonly Command[]
  readonly functions: ReadonlySet<string>
  /** Every word of these, with a `$` for each part that the run decides, without here-documents, which are data. */
  readonly words: readonly string[]
}

/** Reads a POSIX sh script with shfmt; throws if shfmt finds an error. */
export function readSh(script: string): Script {
  const { code, stdout, stderr } = runProgram('shfmt', ['--language-dialect', 'posix', '--to-json'], { input: script })
  if (code !== 0) throw new Error(`shfmt ended with ${code}: ${stderr}`)
  const nodes = [...nodesOf(JSON.parse(stdout) as Node)]
  const declared = nodes.filter((node) => node.Type === 'FuncDecl')
  const bodies = declared.map(
    (node) => [String((node['Name'] as Node)['Value']), [...nodesOf(node['Body'] as Node)]] as const,
  )
  const inBodies = new Set(bodies.flatMap(([, body]) => body))
  // The last function of a name counts.
  const functions = new Map(bodies)
  const run = reached(
    nodes.filter((node) => !inBodies.has(node)),
    functions,
  )
  return {
    commands: callsIn(run),
    functions: new Set(functions.keys()),
    words: run.filter(({ Type, Parts }) => Type === undefined && Array.isArray(Parts)).map(patternOf),
  }
}

const callsIn = (nodes: readonly Node[]): readonly Command[] =>
  nodes
    .filter((node) => node.Type === 'CallExpr' && Array.isArray(node['Args']))
    .map((call) => (call['Args'] as Node[]).map(textOf))

/** These nodes, and those of the functions that they lead to, as a name or as the action of a trap. */
function reached(main: readonly Node[], functions: ReadonlyMap<string, readonly Node[]>): readonly Node[] {
  const all: Node[] = []
  const left = new Map(functions)
  for (let todo: readonly Node[] = main; todo.length > 0;) {
    all.push(...todo)
    const names = new Set(
      callsIn(todo).flatMap(([name, action]) => [name ?? '', name === 'trap' ? (action ?? '') : '']),
    )
    todo = [...names].flatMap((name) => left.get(name) ?? [])
    for (const name of names) left.delete(name)
  }
  return all
}

/** All nodes of a tree. */
function* nodesOf(node: Node): Generator<Node> {
  yield node
  for (const [name, child] of Object.entries(node)) {
    if (name === 'Hdoc') yield* substitutionsIn(child as Node)
    else for (const one of Array.isArray(child) ? child : [child]) if (isNode(one)) yield* nodesOf(one)
  }
}

/** A here-document is data, but its substitutions are code. */
function* substitutionsIn(word: Node): Generator<Node> {
  for (const part of (word['Parts'] ?? []) as Node[]) if (part.Type !== 'Lit') yield* nodesOf(part)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}

/** A word that is the same in every run. */
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
