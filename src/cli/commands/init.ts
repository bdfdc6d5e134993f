import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { nameProblem } from '../../core/profile.ts'
import type { World } from '../../effects/world.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import { loadTemplates } from '../../effects/assets.ts'
import { TARGETS } from '../../targets/index.ts'
import { reportJson } from '../report.ts'
import { STDIO, type CommonOptions } from '../options.ts'

/** A starter profile named for its file, with every key explained. It never overwrites. */
export function init(world: World, { file, format, quiet }: CommonOptions & { file: string }): ExitCode {
  const stem = file.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '')
  const name = nameProblem(stem) === undefined && stem !== 'profile' ? stem : 'packaging-line-4'
  const text = loadTemplates()('profile.yaml', { name, targets: [...TARGETS.keys()].map((id) => ({ id })) })
  if (file === STDIO) {
    world.out(text)
    return 0
  }
  try {
    writeFileSync(resolve(world.cwd, file), text, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new UsageError(`${file} is there already; choose another name or remove it`)
  }
  if (format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics: [] })
  else world.out(`${file}\n`)
  if (!quiet) world.err(`next: edit it, then run keepalive-kit validate ${file}\n`)
  return 0
}
