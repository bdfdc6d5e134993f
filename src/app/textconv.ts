import { resolve } from 'node:path'
import { problem } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { show } from '../core/words.ts'
import { textOf } from '../formats/text.ts'
import { kindAt, readUpTo } from '../io/outputs.ts'
import { STDIO, type World } from '../io/world.ts'
import { usage } from './usage.ts'

const MOST_BYTES = 64 * 1024 * 1024

/** A file as text with LF, whatever its encoding; a path without a file is wrong usage. */
export async function fileText(world: World, file: string): Promise<Result<string>> {
  if (file === STDIO) return success(textOf(await world.readStdin(MOST_BYTES)))
  const path = resolve(world.cwd, file)
  const kind = kindAt(path)
  if (kind === undefined) return failure(usage(problem('input/no-such-file', { file }).message))
  if (kind === 'folder') return failure(usage(`${show(file)} is a folder; name a file`))
  return success(textOf(readUpTo(path, MOST_BYTES)))
}
