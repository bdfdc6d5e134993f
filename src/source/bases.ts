import { problem, type Diagnostic } from '../core/diagnostic.ts'
import type { Result } from '../core/result.ts'
import type { Input } from './check.ts'
import { extendsOf, hasProfileKey, type Base, type Extends } from './extends.ts'

/** How the files that profiles extend are named and read. */
export interface BaseFiles {
  /** The name, in messages, of the file that `file` extends as `base`. */
  readonly nameOf: (file: string, base: string) => string
  /** An identity that all names of one file share. */
  readonly identityOf: (file: string) => string
  readonly read: (file: string) => Result<Base>
}

/** The most profiles that one extends, each by the next: nobody can follow more. */
export const MOST_BASES = 100

/** A profile's file with its bases, from the nearest on; a missing base or a circle becomes one of its `problems`. */
export function withBases(input: Base, files: BaseFiles): Input {
  const bases: Base[] = []
  const seen = new Map([[files.identityOf(input.file), input.file]])
  let from: Base = input
  for (let next = extendsOf(from.source, from.file); next !== undefined; next = extendsOf(from.source, from.file)) {
    const file = files.nameOf(from.file, next.base)
    const found = files.read(file)
    if (!found.ok) return { ...input, problems: found.diagnostics.map((why) => missing(next, why)) }
    if (!hasProfileKey(found.value.source)) return { ...input, problems: [notAProfile(next, file)] }
    const identity = files.identityOf(file)
    if (bases.length === MOST_BASES)
      return {
        ...input,
        problems: [problem('extends/too-many', { most: MOST_BASES }, { path: ['extends'], location: next.location })],
      }
    if (seen.has(identity)) return { ...input, problems: [cycle(next, [...seen.values(), file])] }
    seen.set(identity, file)
    bases.push(found.value)
    from = found.value
  }
  return bases.length === 0 ? input : { ...input, bases }
}

function missing({ location }: Extends, why: Diagnostic): Diagnostic {
  const instead = why.code === 'input/no-such-file' ? why.data.instead : undefined
  const data = { why: why.message, ...(instead === undefined ? {} : { instead }) }
  return problem('extends/missing', data, { path: ['extends'], location })
}

function notAProfile({ location }: Extends, file: string): Diagnostic {
  return problem('extends/not-a-profile', { file }, { path: ['extends'], location })
}

function cycle({ location }: Extends, files: readonly string[]): Diagnostic {
  const last = files.at(-1)
  return problem(
    'extends/cycle',
    { files: files.slice(files.findIndex((one) => one === last)) },
    { path: ['extends'], location },
  )
}
