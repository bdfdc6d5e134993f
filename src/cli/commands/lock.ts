import { join, resolve } from 'node:path'
import { escapeInvisible } from '../../core/words.ts'
import { kindAt, readTextIfThere } from '../../io/outputs.ts'
import { replaceFile } from '../../io/tree.ts'
import type { World } from '../../io/world.ts'
import { lockText } from '../../review/lock.ts'
import { colorsFor } from '../report/color.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import { load } from '../../app/load.ts'
import { programKit } from '../../app/kit.ts'
import { lockedEntries } from '../../kit/locked-entries.ts'
import type { LockOptions } from '../definitions/review.ts'
import { reportDiagnostics, reportJson } from '../report/report.ts'

/** Writes the lock of profiles; one that is right already is not touched. */
export async function writeLock(world: World, options: LockOptions): Promise<ExitCode> {
  const { checked, diagnostics, exitCode } = await load(world, options)
  if (exitCode === 0) {
    const text = lockText(lockedEntries(programKit(), checked))
    const path = resolve(world.cwd, options.lock)
    if (kindAt(path) === 'folder') {
      const instead = JSON.stringify(join(options.lock, 'keepalive.lock.json'))
      throw new UsageError(`--lock ${JSON.stringify(options.lock)} is a folder; name a file in it, such as ${instead}`)
    }
    const same = readTextIfThere(path) === text
    if (!same) replaceFile(path, Buffer.from(text))
    if (options.format !== 'json') world.out(`${escapeInvisible(options.lock)}\n`)
    if (!options.quiet && options.format !== 'json')
      world.err(
        `${checked.length} ${checked.length === 1 ? 'profile' : 'profiles'}${same ? ', unchanged' : ''}; next: commit it, and check with keepalive-kit verify --lock\n`,
      )
  }
  if (options.format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics })
  reportDiagnostics(world, diagnostics, options.format, colorsFor(world, options))
  return exitCode
}
