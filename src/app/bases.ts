import { dirname, join, resolve } from 'node:path'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import type { Input } from '../source/check.ts'
import { extendsOf, type Base, type Extends } from '../source/extends.ts'
import { PRESET, readProfileFile } from './profile-file.ts'
import { STDIO } from '../io/world.ts'

/** A profile's file with all that it extends, one after the other. */
export function withBases(cwd: string, input: Base): Input {
  const bases: Base[] = []
  const seen = new Map([[identity(cwd, input.file), input.file]])
  let from: Base = input
  for (let next = extendsOf(from.source, from.file); next !== undefined; next = extendsOf(from.source, from.file)) {
    const file = besides(from.file, next.base)
    const found = readProfileFile(cwd, file)
    if (!('source' in found)) return { ...input, problems: [missing(next, found)] }
    if (seen.has(identity(cwd, file))) return { ...input, problems: [cycle(next, [...seen.values(), file])] }
    seen.set(identity(cwd, file), file)
    bases.push(found)
    from = found
  }
  return bases.length === 0 ? input : { ...input, bases }
}

/** A path in a file is seen from that file; what comes from standard input is as if it lay where the person stands. */
export function besides(file: string, base: string): string {
  if (base.startsWith(PRESET) || file === STDIO || file.startsWith(PRESET)) return base
  return join(dirname(file), base)
}

function identity(cwd: string, file: string): string {
  return file.startsWith(PRESET) || file === STDIO ? file : resolve(cwd, file)
}

function missing({ location }: Extends, { message }: Diagnostic): Diagnostic {
  return problem('extends/missing', { why: message }, { path: ['extends'], location })
}

function cycle({ location }: Extends, files: readonly string[]): Diagnostic {
  const last = files.at(-1)
  return problem(
    'extends/cycle',
    { files: files.slice(files.findIndex((one) => one === last)) },
    { path: ['extends'], location },
  )
}
