import { resolve } from 'node:path'
import { isInWorkTree } from '../../io/git.ts'
import { readTextIfThere } from '../../io/outputs.ts'
import { replaceFile } from '../../io/tree.ts'
import type { World } from '../../io/world.ts'
import { gitattributes, TRADES, withBlock } from '../../kit/gitattributes.ts'
import { TARGETS } from '../../targets/index.ts'
import { UsageError, type ExitCode } from '../exit.ts'
import type { GitSetupOptions } from '../definitions/review.ts'

/** Prints or writes the lines that make .reg files reviewable, and says what each way costs. */
export function gitSetup(world: World, { way, out, write, quiet }: GitSetupOptions): ExitCode {
  const folder = out.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '')
  if (!/^[^\s"#!*?[\]]+$/.test(folder) || folder.split('/').some((part) => ['', '.', '..'].includes(part)))
    throw new UsageError(
      `--out ${JSON.stringify(out)} cannot stand in .gitattributes; name a folder below this one, without blanks`,
    )
  const lines = gitattributes(TARGETS, folder, way)
  if (write) {
    const path = resolve(world.cwd, '.gitattributes')
    const text = readTextIfThere(path)
    const wanted = withBlock(text, lines)
    if (wanted !== text) replaceFile(path, Buffer.from(wanted))
    world.out('.gitattributes\n')
    if (!isInWorkTree(world.cwd))
      world.err(
        'warning: this folder is in no repository, and git reads .gitattributes in one only: run git init first\n',
      )
    else if (!quiet) world.err('next: git add --renormalize . and look at git status\n')
  } else world.out(`${lines.join('\n')}\n`)
  if (!quiet) for (const [name, trade] of Object.entries(TRADES)) world.err(`--way ${name}: ${trade}\n`)
  return 0
}
