import picocolors from 'picocolors'
import type { Shell } from '../shell.ts'
import type { ReportOptions } from './reporter.ts'

/**
 * Colours of messages. The first of these decides: `--no-color`; NO_COLOR, unless empty (https://no-color.org);
 * FORCE_COLOR, unless empty, where 0 means no colour, as in Node; then whether standard error is a terminal with
 * colours.
 */
export function colorsFor(
  { env, terminal }: Shell,
  { noColor }: ReportOptions,
): ReturnType<typeof picocolors.createColors> {
  const { NO_COLOR: none = '', FORCE_COLOR: forced = '', TERM: term } = env
  // Never without an argument: picocolors would look at standard output and at the environment of the process.
  if (noColor || none !== '') return picocolors.createColors(false)
  if (forced !== '') return picocolors.createColors(forced !== '0')
  return picocolors.createColors(terminal && term !== 'dumb')
}
