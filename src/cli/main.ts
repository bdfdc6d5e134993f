import type { World } from '../io/world.ts'
import type { ExitCode } from './exit.ts'
import { reportFailure } from './failure.ts'
import { answerTab, parseCommandLine } from './parser.ts'

/** Runs one command line to its exit code. Results and messages go through `world`; nothing here ends the process. */
export async function main(argv: readonly string[], version: string, world: World): Promise<ExitCode> {
  try {
    if (argv[0] === '--get-yargs-completions') {
      await answerTab(argv, version)
      return 0
    }
    const { printed, command, options } = await parseCommandLine(argv, version)
    if (printed !== '') world.out(`${printed}\n`)
    if (command === undefined) return 0
    const run = await command.load()
    return await run(world, options as never)
  } catch (error) {
    return reportFailure(world, error, /(?:^|\0)--format[=\0]json(?:\0|$)/.test(argv.join('\0')) ? 'json' : 'text')
  }
}
