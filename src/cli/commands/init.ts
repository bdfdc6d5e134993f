import { lstatSync } from 'node:fs'
import { resolve } from 'node:path'
import { escapeInvisible } from '../../core/words.ts'
import { nameProblem } from '../../core/file-name.ts'
import type { World } from '../../io/world.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import { replaceFile } from '../../io/tree.ts'
import { programKit } from '../../app/kit.ts'
import { starterProfile } from '../../kit/starter.ts'
import { reportJson } from '../report/report.ts'
import type { InitOptions } from '../definitions/start.ts'
import { STDIO } from '../options.ts'

/** A starter profile named for its file, with every key explained. It never overwrites. */
export function init(world: World, { file, format, quiet }: InitOptions): ExitCode {
  const stem = file.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '')
  const name = nameProblem(stem) === undefined && stem !== 'profile' ? stem : 'packaging-line-4'
  const text = starterProfile(programKit(), name)
  if (file === STDIO) {
    world.out(text)
    return 0
  }
  const path = resolve(world.cwd, file)
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined)
    throw new UsageError(`${file} is there already; choose another name or remove it`)
  replaceFile(path, Buffer.from(text))
  const shown = escapeInvisible(file)
  if (format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics: [], profiles: [{ file, name }] })
  else world.out(`${shown}\n`)
  if (!quiet)
    world.err(`next: edit it, then run keepalive-kit validate ${shown.includes(' ') ? `"${shown}"` : shown}\n`)
  return 0
}
