import type { World } from '../io/world.ts'
import type { ExitCode } from './exit.ts'
import { reportFailure } from './failure.ts'
import { answerTab, COMPLETE, parseCommandLine } from './parser.ts'

/** Runs one command line to its exit code. Results and messages go through `world`; nothing here ends the process. */
export async function main(argv: readonly string[], version: string, world: World): Promise<ExitCode> {
  try {
    if (argv[0]?.startsWith(COMPLETE) === true) {
      world.out(await answerTab(argv))
      return 0
    }
    const asked = parseCommandLine(argv, version, world.columns)
    if ('run' in asked) return await asked.run(world)
    world.out(asked.printed)
    return 0
  } catch (error) {
    return reportFailure(world, error, /(?:^|\0)--format[=\0]json(?:\0|$)/.test(argv.join('\0')) ? 'json' : 'text')
  }
}
