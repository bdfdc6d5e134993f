import { githubReporter } from './github.ts'
import { jsonReporter } from './json.ts'
import { jsonLinesReporter } from './jsonl.ts'
import type { NewReporter } from './reporter.ts'
import { sarifReporter } from './sarif.ts'
import { textReporter } from './text.ts'

/** A reporter for each format; beside a document, messages are for people. */
export const REPORTERS = {
  text: textReporter,
  json: jsonReporter,
  jsonl: jsonLinesReporter,
  github: githubReporter,
  sarif: sarifReporter,
  markdown: textReporter,
  html: textReporter,
  unified: textReporter,
} as const satisfies Readonly<Record<string, NewReporter>>

/** A format of answers. */
export type ReportFormat = keyof typeof REPORTERS
