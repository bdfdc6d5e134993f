import type { Listener } from '../../app/events.ts'
import type { Outcome } from '../outcome.ts'
import type { Shell } from '../shell.ts'

/** Tells one run in one format. */
export interface Reporter {
  /** Tells at once what does not wait for the outcome. */
  readonly hear: Listener
  readonly tell: (outcome: Outcome) => void
  /** Ends what is on the screen only while the run goes on, also where the run failed. */
  readonly stop: () => void
}

/** Options of every command that decide how it is told. */
export interface ReportOptions {
  /** Results and problems only. */
  readonly quiet: boolean
  readonly noColor: boolean
}

export type NewReporter = (shell: Shell, options: ReportOptions) => Reporter
