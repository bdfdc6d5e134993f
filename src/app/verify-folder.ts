import { join } from 'node:path'
import { BUNDLE_LIMITS } from '../core/bundle.ts'
import { problem } from '../core/diagnostic.ts'
import { readFolder } from '../io/outputs.ts'
import { unread, verifyTree, type Verified } from '../kit/verify.ts'
import type { Kit } from '../review/verify/tree.ts'

/** Reads and checks the tree below a folder; `path` is its name in messages. */
export function verifyFolder(kit: Kit, folder: string, path: string): Verified {
  const { files, odd, tooLarge } = readFolder(folder)
  if (tooLarge) {
    const data = { max: BUNDLE_LIMITS.bytes, files: BUNDLE_LIMITS.files }
    return unread(path, [problem('verify/too-large', data, { location: { file: path } })])
  }
  return verifyTree(kit, { files, odd, at: (below) => ({ file: join(path, below) }) }, path)
}
