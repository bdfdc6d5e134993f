import type { Shell } from '../shell.ts'

/**
 * A text in which the runner of GitHub Actions finds no command. It obeys lines of both streams that begin with `::` behind
 * any blanks, or have `##[` anywhere (https://github.com/actions/runner, src/Runner.Common/ActionCommand.cs), and a file of
 * a stranger may have such a name or line.
 */
export function withoutCommands(text: string): string {
  return text.replace(/^([^\S\n]*)(?=::)/gm, '$1| ').replaceAll('##[', '## [')
}

/** The same where the runner reads the text; elsewhere the text as it is. */
export function plainFor({ env }: Shell): (text: string) => string {
  return env['GITHUB_ACTIONS'] === 'true' ? withoutCommands : (text) => text
}
