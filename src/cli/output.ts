import { join, resolve } from 'node:path'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { inTheWay } from '../io/tree.ts'
import type { World } from '../io/world.ts'
import type { Checked } from '../source/check.ts'
import type { OutputOptions } from './options.ts'

/** Where a profile's tree goes, as messages and results name it: relative to where the person stands. */
export function treePath({ out }: OutputOptions, name: string): string {
  return join(out, name)
}

/** Where a profile's zip goes, named in the same way. */
export function zipPath({ out }: OutputOptions, name: string): string {
  return join(out, `${name}.zip`)
}

/** What stands where the output of a profile belongs and is of another kind; a link is not followed. */
export function obstacles(
  world: World,
  checked: readonly Checked[],
  wanted: 'file' | 'folder',
  pathOf: (name: string) => string,
): readonly Diagnostic[] {
  return checked.flatMap(({ profile }) => {
    const path = pathOf(profile.name)
    const what = inTheWay(resolve(world.cwd, path), wanted)
    return what === undefined ? [] : [problem('output/in-the-way', { path, what })]
  })
}

/** A path in JSON has slashes on every system. */
export function jsonPath(path: string): string {
  return path.replaceAll('\\', '/')
}
