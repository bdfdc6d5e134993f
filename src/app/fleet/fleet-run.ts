import type { Fleet } from '../../fleet/fleet.ts'
import type { Shard } from '../../fleet/shard.ts'
import type { World } from '../../io/world.ts'
import type { Listener } from '../events.ts'
import type { Lookup } from './profiles.ts'
import type { Records } from './records.ts'
import type { Choice, FleetRequest } from './request.ts'
import type { Names } from './source.ts'
import type { Tally } from './tally.ts'
import type { FleetWork } from './work.ts'

/** A run over a fleet that has begun: nothing is in its way, and earlier runs are read. */
export interface FleetRun {
  readonly world: World
  readonly request: FleetRequest
  readonly choice: Choice
  /** Whether it changes files. */
  readonly writes: boolean
  readonly fleet: Fleet
  readonly names: Names
  readonly lookup: Lookup
  /** The work on a device in this thread. */
  readonly local: FleetWork
  /** The shards that left a part before this run; the whole replaces the parts. */
  readonly parts: readonly Shard[]
  readonly records: Records
  readonly tally: Tally
  readonly tell: Listener
}
