import { sha256 } from '#checksums'
import { bundleZips, type Zipped } from '../../app/bundle.ts'
import { escapeInvisible } from '../../core/words.ts'
import type { BundleOptions } from '../definitions/start.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'
import { jsonPath } from '../report/json.ts'

/** Writes the zip of each profile, or compares it with the one that exists. */
export async function bundleProfiles(world: CommandWorld, options: BundleOptions): Promise<Outcome> {
  const { zips, diagnostics } = await bundleZips(world, options, world.tell)
  const right = zips.filter(({ state }) => state === 'same')
  if (options.check)
    return {
      diagnostics,
      notes: () => right.map(({ path }) => `${escapeInvisible(path)}: as it should be\n`).join(''),
      json: () => ({ bundles: right.map(bundleRow) }),
    }
  return {
    diagnostics,
    text: () => zips.map((one) => resultLine(one, options.dryRun)).join(''),
    notes: () => `${zips.map(summary).join('')}${nextStep(zips, options.dryRun)}`,
    json: () => ({ bundles: zips.map(bundleRow) }),
  }
}

function resultLine({ path, state }: Zipped, dryRun: boolean): string {
  return `${dryRun ? `${state.padEnd(8)} ` : ''}${escapeInvisible(path)}\n`
}

function summary({ path, files, bytes, state }: Zipped): string {
  const unchanged = state === 'same' ? ', unchanged' : ''
  return `${escapeInvisible(path)}: ${files} files, ${bytes.length} bytes, sha256 ${sha256(bytes)}${unchanged}\n`
}

function nextStep([first]: readonly Zipped[], dryRun: boolean): string {
  if (dryRun) return 'dry run: nothing was written\n'
  return first === undefined ? '' : `next: unpack it on the machine and follow ${first.profile}/README.txt\n`
}

function bundleRow({ profile, path, bytes }: Zipped): object {
  return { profile, path: jsonPath(path), sha256: sha256(bytes), bytes: bytes.length }
}
