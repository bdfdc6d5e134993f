import { resolve } from 'node:path'
import { problem } from '../../core/diagnostic.ts'
import { show } from '../../core/words.ts'
import { kindAt, readUpTo } from '../../io/outputs.ts'
import type { World } from '../../io/world.ts'
import { textOf } from '../../formats/text.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import type { TextconvOptions } from '../definitions/review.ts'
import { STDIO } from '../options.ts'

const MOST_BYTES = 64 * 1024 * 1024

/** Prints a file as text in UTF-8 with LF, whatever its encoding: what git compares where it is told to. */
export async function textconv(world: World, { file }: TextconvOptions): Promise<ExitCode> {
  const path = resolve(world.cwd, file)
  const there = file === STDIO ? 'file' : kindAt(path)
  if (there === undefined) throw new UsageError(problem('input/no-such-file', { file }).message)
  if (there === 'folder') throw new UsageError(`${show(file)} is a folder; name a file`)
  const bytes = file === STDIO ? await world.readStdin(MOST_BYTES) : readUpTo(path, MOST_BYTES)
  world.out(textOf(bytes))
  return 0
}
