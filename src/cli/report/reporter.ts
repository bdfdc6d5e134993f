import type { Listener } from '../../app/events.ts'
import type { Outcome } from '../outcome.ts'
import type { Shell } from '../shell.ts'

/** Reports one run in one format. */
export interface Reporter {
  /** Reports at once what does not wait for the outcome. */
  readonly hear: Listener
  readonly tell: (outcome: Outcome) => void
  /** Removes temporary output, such as progress, from the screen, even if the run failed. */
  readonly stop: () => void
}

/** The options of every command that decide how it reports. */
export interface ReportOptions {
  /** Whether to print results and problems only. */
  readonly quiet: boolean
  readonly noColor: boolean
}

/** Makes the reporter of a format for one run. */
export type NewReporter = (shell: Shell, options: ReportOptions) => Reporter
