import { buildSync } from 'esbuild'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../support/oracle.ts'
import { newFolder } from '../support/shells.ts'

/** The folder into which `test/oracles/install.sh` installs the readers of the engines. */
export const ENGINES = fileURLToPath(new URL('../oracles/ci', import.meta.url))

/** Why a package of an engine cannot be used here, or `undefined` if it can. */
export function missingEngine(name: string): string | undefined {
  return existsSync(join(ENGINES, 'node_modules', name))
    ? undefined
    : `${name} not installed (test/oracles/install.sh does)`
}

/** A file of `templates/ci`, as a user copies it. */
export const template = (path: string): string =>
  readFileSync(new URL(`../../templates/ci/${path}`, import.meta.url), 'utf8')

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** The package that the files must install: this version. */
export const KIT = `keepalive-kit@${version}`

/** Replaces `from` by `to`; throws if the text does not contain `from`. */
export function changed(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`nothing says ${from}`)
  return text.replaceAll(from, to)
}

/**
 * The errors that a foreign reader finds in each text. `reader` is the code of an ES module with a function
 * `errors(text)`; it may import the packages of the engines, and runs in a process of its own.
 */
export function verdicts(reader: string, texts: readonly string[]): readonly (readonly string[])[] {
  const outfile = join(newFolder(), 'reader.mjs')
  buildSync({
    stdin: {
      contents: `${reader}
        import { readFileSync } from 'node:fs'
        const told = []
        for (const text of JSON.parse(readFileSync(0, 'utf8'))) told.push(await errors(text))
        console.log(JSON.stringify(told))`,
      resolveDir: ENGINES,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)` },
  })
  const { code, stdout, stderr } = run('node', [outfile], { input: JSON.stringify(texts) })
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as string[][]
}

/** The errors that GitHub's own parser finds in each workflow. Needs the package `@actions/workflow-parser`. */
export const githubVerdicts = (workflows: readonly string[]): readonly (readonly string[])[] =>
  verdicts(
    `
    import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
    async function errors(content) {
      const { context, value } = parseWorkflow({ name: 'workflow.yml', content }, new NoOperationTraceWriter())
      if (value !== undefined) await convertWorkflowTemplate(context, value)
      return context.errors.getErrors().map(({ message }) => message)
    }`,
    workflows,
  )

/**
 * Runs sh code with programs that only record their calls; returns the name and the arguments of each call. `words` are
 * the arguments of the code.
 */
export function calls(
  code: string,
  env: Readonly<Record<string, string>>,
  words: readonly string[] = [],
): readonly (readonly string[])[] {
  const folder = newFolder()
  standIns(folder, '')
  const ran = run('sh', ['-e', '-c', code, 'sh', ...words], {
    env: { ...env, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, RECORD: join(folder, 'record') },
  })
  if (ran.code !== 0) throw new Error(ran.stderr)
  return recorded(folder)
}

/** Puts stand-ins for `keepalive-kit` and `npm` into FOLDER/bin. Both record their calls; the first then runs `kit`. */
export function standIns(folder: string, kit: string): void {
  mkdirSync(join(folder, 'bin'))
  for (const [name, code] of [
    ['keepalive-kit', kit],
    ['npm', ''],
  ] as const)
    writeFileSync(
      join(folder, 'bin', name),
      // One write per call keeps simultaneous calls apart.
      `#!/bin/sh\nline=${name}\nfor argument in "$@"; do line="$line\t$argument"; done\nprintf '%s\\n' "$line" >>"$RECORD"\n${code}\n`,
      { mode: 0o755 },
    )
}

/** The calls that the stand-ins in a folder recorded. */
export const recorded = (folder: string): readonly (readonly string[])[] =>
  readFileSync(join(folder, 'record'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
