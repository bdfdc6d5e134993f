import picocolors from 'picocolors'
import type { Shell } from '../shell.ts'
import type { ReportOptions } from './reporter.ts'

/**
 * Colours of messages. The first of these decides: `--no-color`, NO_COLOR unless it is empty (https://no-color.org),
 * FORCE_COLOR unless it is empty, where 0 is none, as in Node; then whether standard error is a terminal that has colours.
 */
export function colorsFor(
  { env, terminal }: Shell,
  { noColor }: ReportOptions,
): ReturnType<typeof picocolors.createColors> {
  const { NO_COLOR: none = '', FORCE_COLOR: forced = '', TERM: term } = env
  // Never without an argument: picocolors then looks at standard output, and at the environment of the process.
  if (noColor || none !== '') return picocolors.createColors(false)
  if (forced !== '') return picocolors.createColors(forced !== '0')
  return picocolors.createColors(terminal && term !== 'dumb')
}
