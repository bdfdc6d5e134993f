import type { Diagnostic } from '../core/diagnostic.ts'
import type { ExitCode } from './exit.ts'
import { describe } from './failure.ts'
import { exitCodeOf, type CommandWorld, type Outcome, type Run } from './outcome.ts'
import { answerTab, parseCommandLine } from './parser.ts'
import type { ReportFormat } from './report/index.ts'
import type { ReportOptions } from './report/reporter.ts'
import type { Shell } from './shell.ts'

/** Options of every command. */
type CommonOptions = ReportOptions & { readonly format: Exclude<ReportFormat, 'jsonl'> }

/** Runs one command line to its exit code. It tells everything through `shell`; nothing here ends the process. */
export async function main(argv: readonly string[], version: string, shell: Shell): Promise<ExitCode> {
  try {
    if (argv[0] === '--get-yargs-completions') {
      await answerTab(argv, version)
      return 0
    }
    const { printed, command, options } = await parseCommandLine(argv, version)
    if (printed !== '') shell.out(`${printed}\n`)
    if (command === undefined) return 0
    const common = options as unknown as CommonOptions
    const format = common.format === 'json' && command.inLines ? 'jsonl' : common.format
    return await runAndTell(shell, await command.load(), options as never, { ...common, format })
  } catch (error) {
    return tellFailure(shell, describe(error), /(?:^|\0)--format[=\0]json(?:\0|$)/.test(argv.join('\0')))
  }
}

/** The one place that tells what a command found. */
async function runAndTell(
  shell: Shell,
  run: Run<never>,
  options: never,
  { format, ...how }: ReportOptions & { readonly format: ReportFormat },
): Promise<ExitCode> {
  const { REPORTERS } = await import('./report/index.ts')
  const reporter = REPORTERS[format](shell, how)
  const world: CommandWorld = { cwd: shell.cwd, readStdin: shell.readStdin, tell: reporter.hear }
  let outcome: Outcome
  try {
    outcome = await run(world, options)
  } finally {
    reporter.stop()
  }
  const refusal = outcome.diagnostics.find(({ code }) => code === 'usage')
  if (refusal !== undefined) return tellFailure(shell, refusal, format === 'json' || format === 'jsonl')
  reporter.tell(outcome)
  return exitCodeOf(outcome)
}

/** Tells why there is no outcome, never with a stack trace. */
async function tellFailure(shell: Shell, diagnostic: Diagnostic, isJson: boolean): Promise<ExitCode> {
  const outcome: Outcome = { diagnostics: [diagnostic] }
  if (!isJson) shell.err(`keepalive-kit: ${diagnostic.message}\n`)
  else (await import('./report/index.ts')).REPORTERS.json(shell, { quiet: true, noColor: true }).tell(outcome)
  return exitCodeOf(outcome)
}
