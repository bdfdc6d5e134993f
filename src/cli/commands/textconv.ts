import { resolve } from 'node:path'
import { readUpTo } from '../../effects/outputs.ts'
import type { World } from '../../effects/world.ts'
import { decode } from '../../formats/text.ts'
import type { ExitCode } from '../exit.ts'
import { STDIO } from '../options.ts'

const MOST_BYTES = 64 * 1024 * 1024

/** Prints a file as text in UTF-8 with LF, whatever its encoding: what git compares where it is told to. */
export async function textconv(world: World, { file }: { readonly file: string }): Promise<ExitCode> {
  const bytes = file === STDIO ? await world.readStdin(MOST_BYTES) : readUpTo(resolve(world.cwd, file), MOST_BYTES)
  world.out(decode(bytes).text.replaceAll('\r\n', '\n'))
  return 0
}
