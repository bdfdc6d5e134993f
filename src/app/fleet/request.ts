import { allOf, failure, success, type Result } from '../../core/result.ts'
import { parseSelect, type Select } from '../../fleet/select.ts'
import { MOST_SHARDS, parseShard, type Shard } from '../../fleet/shard.ts'
import { TARGETS } from '../../targets/index.ts'
import { usage } from '../usage.ts'

/** A run over a fleet, as it is requested. */
export interface FleetRequest {
  /** The file of the fleet, or standard input. */
  readonly fleet: string
  /** The folder of all zips. */
  readonly out: string
  /** Only devices that all of these choose: `tag:WORD`, `site:TEXT`, `target:ID` or a name with `*` in it. */
  readonly select: readonly string[]
  /** Only one part of the devices, as `2/7`. */
  readonly shard: string | undefined
  /** Deletes the zips of devices that are gone, even of more than a tenth of the fleet. */
  readonly remove: boolean
  /** A folder, such as a stick, in which the bundles are unpacked too. */
  readonly stick: string | undefined
  /** Warnings count as errors. */
  readonly strict: boolean
  /** Deflates the files in zips. */
  readonly compress: boolean
  /** Each device gets a file of its own; otherwise devices with equal zips share one by links. */
  readonly copies: boolean
  /** Compares with the files that exist, and writes nothing. */
  readonly check: boolean
  /** Plans, and writes nothing. */
  readonly dryRun: boolean
}

/** The choice of devices in a run. */
export interface Choice {
  readonly shard: Shard | undefined
  readonly selects: readonly Select[]
}

/** The choice that a request makes; a word that no choice has is wrong usage. */
export function choiceOf(request: Pick<FleetRequest, 'shard' | 'select'>): Result<Choice> {
  const shard = request.shard === undefined ? undefined : parseShard(request.shard)
  if (request.shard !== undefined && shard === undefined)
    return failure(
      usage(
        `--shard ${JSON.stringify(request.shard)} is no shard; write for example 2/7 for the second of seven, at most ${MOST_SHARDS}`,
      ),
    )
  const selects = allOf(request.select.map((text) => parseSelect(TARGETS, text)))
  if (!selects.ok) return failure(...selects.diagnostics.map(({ message }) => usage(message)))
  return success({ shard, selects: selects.value })
}
