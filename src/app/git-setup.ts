import { resolve } from 'node:path'
import { latin1Text } from '../core/bytes.ts'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { failure, success, type Result } from '../core/result.ts'
import { isInWorkTree } from '../io/git.ts'
import { readIfThere } from '../io/tree.ts'
import { lookAt } from '../io/zips.ts'
import { replaceFile } from '../io/atomic.ts'
import type { World } from '../io/world.ts'
import { TARGETS } from '../targets/index.ts'
import { gitattributes, withBlock, type Way } from '../kit/gitattributes.ts'
import { usage } from './usage.ts'

/** The lines of .gitattributes for the outputs in the folder `out`; a folder that git cannot name is wrong usage. */
export function attributeLines(out: string, way: Way): Result<readonly string[]> {
  const folder = out.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '')
  if (/^[^\s"#!*?[\]]+$/.test(folder) && folder.split('/').every((part) => !['', '.', '..'].includes(part)))
    return success(gitattributes(TARGETS, folder, way))
  return failure(
    usage(`--out ${JSON.stringify(out)} cannot stand in .gitattributes; name a folder below this one, without blanks`),
  )
}

/** Writes lines into .gitattributes in the working folder. Outside a repository git does not read it: that is a warning. */
export function writeAttributes({ cwd }: World, lines: readonly string[]): readonly Diagnostic[] {
  const path = resolve(cwd, '.gitattributes')
  const { file, other } = lookAt(path)
  if (other !== undefined) return [problem('git/attributes-in-the-way', { what: other })]
  // Byte by byte: the lines of others may be in any encoding.
  const text = latin1Text(readIfThere(path) ?? new Uint8Array())
  const wanted = withBlock(text, lines)
  if (wanted !== text) replaceFile(path, Buffer.from(wanted, 'latin1'), file === undefined ? 0o644 : file.mode & 0o777)
  return isInWorkTree(cwd) ? [] : [problem('git/no-repository', {})]
}
