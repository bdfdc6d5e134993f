import { escapeInvisible } from '../../core/words.ts'
import type { Checked } from '../../source/check.ts'
import { colorsFor } from '../report/color.ts'
import { load } from '../../app/load.ts'
import type { ProfileOptions } from '../options.ts'
import { reportDiagnostics, reportJson } from '../report/report.ts'
import type { World } from '../../io/world.ts'
import type { ExitCode } from '../exit.ts'

/** Checks profiles and says which are right. */
export async function validate(world: World, options: ProfileOptions): Promise<ExitCode> {
  const { checked, diagnostics, exitCode } = await load(world, options)
  if (options.format === 'json')
    reportJson(world, { artifacts: [], bundles: [], diagnostics, profiles: checked.map(profileRow) })
  else
    for (const { file, profile } of checked)
      world.out(`${escapeInvisible(file)}: ${profile.name} is valid for ${profile.targets.join(', ')}\n`)
  reportDiagnostics(world, diagnostics, options.format, colorsFor(world, options))
  return exitCode
}

function profileRow({ file, profile }: Checked): object {
  return { file, name: profile.name, targets: profile.targets }
}
