import { resolve } from 'node:path'
import { nameProblem } from '../core/file-name.ts'
import { failure, success, type Result } from '../core/result.ts'
import { stampAt } from '../io/outputs.ts'
import { replaceFile } from '../io/atomic.ts'
import type { World } from '../io/world.ts'
import { starterProfile } from '../kit/starter.ts'
import { programKit } from './kit.ts'
import { usage } from './usage.ts'

/** A first profile, with every key explained. */
export interface Starter {
  readonly name: string
  readonly text: string
}

/** The starter profile of a file, named for it. */
export function starterFor(file: string): Starter {
  const stem = file.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '')
  const name = nameProblem(stem) === undefined && stem !== 'profile' ? stem : 'packaging-line-4'
  return { name, text: starterProfile(programKit(), name) }
}

/** Writes the starter profile to a new file; a file that exists is wrong usage. */
export function writeStarter(world: World, file: string): Result<Starter> {
  const path = resolve(world.cwd, file)
  if (stampAt(path) !== undefined) return failure(usage(`${file} is there already; choose another name or remove it`))
  const starter = starterFor(file)
  replaceFile(path, Buffer.from(starter.text))
  return success(starter)
}
