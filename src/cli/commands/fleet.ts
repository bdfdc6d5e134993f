import { runFleet } from '../../app/fleet/run.ts'
import type { FleetSummary } from '../../app/fleet/tally.ts'
import type { FleetOptions } from '../definitions/fleets.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'

/** Makes a zip for each device of a fleet, with a lock and an index. */
export async function makeFleet(world: CommandWorld, options: FleetOptions): Promise<Outcome> {
  const { problems, summary } = await runFleet(world, options, world.tell)
  const diagnostics = problems.map(({ first }) => first)
  if (summary === undefined) return { diagnostics, alike: problems }
  return {
    diagnostics,
    alike: problems,
    notes: () => `${summaryText(summary)}\n${options.dryRun ? 'dry run: nothing was written\n' : ''}`,
    json: () => ({ summary }),
  }
}

/** `10000 devices: 20 changed, 9980 same; 21 kinds of zip`. */
function summaryText({ bundles, ...counts }: FleetSummary): string {
  const total = counts.new + counts.changed + counts.same + counts.failed
  const parts = Object.entries(counts).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []))
  return `${total} ${total === 1 ? 'device' : 'devices'}: ${parts.length === 0 ? 'nothing to do' : parts.join(', ')}; ${bundles} ${bundles === 1 ? 'kind' : 'kinds'} of zip`
}
