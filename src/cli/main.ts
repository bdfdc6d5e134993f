import type { Diagnostic } from '../core/diagnostic.ts'
import type { ExitCode } from './exit.ts'
import { describe } from './failure.ts'
import { exitCodeOf, type CommandWorld, type Outcome } from './outcome.ts'
import type { Chosen } from './commands/index.ts'
import { answerTab, COMPLETE, parseCommandLine } from './parser.ts'
import { REPORTERS } from './report/index.ts'
import type { Shell } from './shell.ts'

/** Runs one command line and returns its exit code. All output goes through `shell`; nothing here ends the process. */
export async function main(argv: readonly string[], version: string, shell: Shell): Promise<ExitCode> {
  try {
    if (argv[0]?.startsWith(COMPLETE) === true) {
      shell.out(await answerTab(argv))
      return 0
    }
    const asked = parseCommandLine(argv, version, shell.columns)
    if ('run' in asked) return await runAndTell(shell, asked)
    shell.out(asked.printed)
    return 0
  } catch (error) {
    return tellFailure(shell, describe(error), /(?:^|\0)--format[=\0]json(?:\0|$)/.test(argv.join('\0')))
  }
}

/** Runs a command and reports its outcome; nothing else reports. */
async function runAndTell(shell: Shell, { run, report: { format, ...how } }: Chosen): Promise<ExitCode> {
  const reporter = REPORTERS[format](shell, how)
  const world: CommandWorld = { cwd: shell.cwd, readStdin: shell.readStdin, tell: reporter.hear }
  let outcome: Outcome
  try {
    outcome = await run(world)
  } finally {
    reporter.stop()
  }
  const refusal = outcome.diagnostics.find(({ code }) => code === 'usage')
  if (refusal !== undefined) return tellFailure(shell, refusal, format === 'json' || format === 'jsonl')
  reporter.tell(outcome)
  return exitCodeOf(outcome)
}

/** Reports why there is no outcome, never with a stack trace. */
function tellFailure(shell: Shell, diagnostic: Diagnostic, isJson: boolean): ExitCode {
  const outcome: Outcome = { diagnostics: [diagnostic] }
  if (!isJson) shell.err(`keepalive-kit: ${diagnostic.message}\n`)
  else REPORTERS.json(shell, { quiet: true, noColor: true }).tell(outcome)
  return exitCodeOf(outcome)
}
