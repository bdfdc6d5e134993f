import type { Definition } from '../definition.ts'
import { FLEET, MERGE } from '../definitions/fleets.ts'
import { COMPLETION, MIDDLEBOXES, POLICIES, PRESETS, SCHEMA, TARGETS } from '../definitions/reference.ts'
import { DIFF, GIT_SETUP, IMPORT, LOCK, TEXTCONV, VERIFY } from '../definitions/review.ts'
import { BUNDLE, EXPLAIN, GENERATE, INIT, VALIDATE } from '../definitions/start.ts'
import type { Line } from '../line.ts'
import type { OptionsOf } from '../options.ts'
import type { CommandWorld, Outcome, Run } from '../outcome.ts'
import { readOptions } from '../read-options.ts'
import type { ReportFormat } from '../report/index.ts'

/** A command with its options, ready to run. */
export interface Chosen {
  /** The options for its work. */
  readonly options: object
  /** The form of the answer. */
  readonly report: { readonly format: ReportFormat; readonly quiet: boolean; readonly noColor: boolean }
  readonly run: (world: CommandWorld) => Promise<Outcome>
}

/** A command: its definition, and the way to read a command line for it. */
export interface Command {
  readonly definition: Definition
  /** Reads the words and options after the command's name. Throws a `UsageError`. */
  readonly choose: (line: Line) => Chosen
}

/** Joins a definition and its work. The work gets the options of the definition, and is loaded only when it runs. */
function command<const One extends Definition>(definition: One, load: () => Promise<Run<OptionsOf<One>>>): Command {
  return {
    definition,
    choose: (line) => {
      const options = readOptions(definition, line)
      const { format, quiet, noColor } = options as ReportedOptions
      const inLines = format === 'json' && definition.inLines === true
      return {
        options,
        report: { format: inLines ? 'jsonl' : format, quiet, noColor },
        run: async (world) => (await load())(world, options),
      }
    },
  }
}

/** The options of every command that decide how it answers. */
interface ReportedOptions {
  readonly format: Exclude<ReportFormat, 'jsonl'>
  readonly quiet: boolean
  readonly noColor: boolean
}

/** Every command except `help`, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  command(INIT, async () => (await import('./init.ts')).init),
  command(VALIDATE, async () => (await import('./validate.ts')).validate),
  command(EXPLAIN, async () => (await import('./explain.ts')).explainProfiles),
  command(GENERATE, async () => (await import('./generate.ts')).generate),
  command(BUNDLE, async () => (await import('./bundle.ts')).bundleProfiles),
  command(DIFF, async () => (await import('./diff.ts')).diff),
  command(VERIFY, async () => (await import('./verify.ts')).verify),
  command(IMPORT, async () => (await import('./import.ts')).importFiles),
  command(LOCK, async () => (await import('./lock.ts')).writeLock),
  command(GIT_SETUP, async () => (await import('./git-setup.ts')).gitSetup),
  command(TEXTCONV, async () => (await import('./textconv.ts')).textconv),
  command(FLEET, async () => (await import('./fleet.ts')).makeFleet),
  command(MERGE, async () => (await import('./merge.ts')).mergeShards),
  command(TARGETS, async () => (await import('./lists.ts')).listTargets),
  command(PRESETS, async () => (await import('./lists.ts')).listPresets),
  command(POLICIES, async () => (await import('./lists.ts')).listPolicies),
  command(MIDDLEBOXES, async () => (await import('./lists.ts')).listMiddleboxes),
  command(SCHEMA, async () => (await import('./schema.ts')).printSchema),
  command(COMPLETION, async () => (await import('./completion.ts')).printCompletion),
]
