import { problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import { nameProblem } from '../../core/profile.ts'
import type { World } from '../../io/world.ts'
import { ownProfile, type Named } from '../../fleet/effective.ts'
import type { Fleet } from '../../fleet/fleet.ts'
import { readDocument, type Document } from '../../source/document.ts'
import { overlay, stacked } from '../../source/extends.ts'
import { besides, withBases } from '../bases.ts'
import { readProfileFile } from '../profile-file.ts'

/** The profile that a device refers to; or why it cannot be had, and what is wrong in its file. */
export type Lookup = (reference: string | undefined, location: Location) => Named | readonly Diagnostic[]

interface Missing {
  readonly why: string
  readonly problems: readonly Diagnostic[]
}

/**
 * Looks up the profiles of a fleet, each once: a name in the fleet's file, `preset:NAME`, or a file, seen from the fleet's;
 * `line` is `line.yaml` beside it.
 */
export function profileLookup({ cwd }: Pick<World, 'cwd'>, fleet: Pick<Fleet, 'file' | 'name' | 'profiles'>): Lookup {
  const known = new Map<string, Named | Missing>()

  const documentOf = (reference: string, chain: readonly string[]): Document | Missing => {
    if (chain.includes(reference)) return missing(`${[...chain, reference].join(' extends ')}: it extends itself`)
    const own = fleet.profiles.get(reference)
    if (own === undefined) return fileOf(reference)
    const base = baseOf(own)
    const below = base === undefined ? undefined : documentOf(base, [...chain, reference])
    return below === undefined ? own : 'why' in below ? below : overlay(own, below)
  }

  const fileOf = (reference: string): Document | Missing => {
    const path = /[./\\:]/.test(reference) ? reference : `${reference}.yaml`
    const found = readProfileFile(cwd, besides(fleet.file, path))
    if (!found.ok) return missing(found.diagnostics.map(({ message }) => message).join('; '))
    const { source, file, bases = [], problems = [] } = withBases(cwd, found.value)
    const own = readDocument(source, file)
    const all = own.document === undefined ? undefined : stacked(own.document, bases)
    const wrong = [...problems, ...own.problems, ...(all?.problems ?? [])]
    return wrong.length > 0 || all?.document === undefined
      ? missing(`there are errors in ${file}`, wrong)
      : all.document
  }

  const namedOf = (reference: string): Named | Missing => {
    const document = documentOf(reference, [])
    if ('why' in document) return document
    const name = fleet.profiles.has(reference) ? reference : nameIn(document)
    const why = name === undefined ? 'has no name' : nameProblem(name)
    return why === undefined && name !== undefined ? { name, document } : missing(`its name ${why}`)
  }

  return (reference, location) => {
    if (reference === undefined) return ownProfile(fleet.name, location)
    const found = known.get(reference) ?? namedOf(reference)
    known.set(reference, found)
    if (!('why' in found)) return found
    return [
      ...found.problems,
      problem('fleet/no-profile', { profile: reference, why: found.why }, { path: ['profile'], location }),
    ]
  }
}

function missing(why: string, problems: readonly Diagnostic[] = []): Missing {
  return { why, problems }
}

function baseOf({ value }: Document): string | undefined {
  const base = (value as Readonly<Record<string, unknown>> | null)?.['extends']
  return typeof base === 'string' && base !== '' ? base : undefined
}

function nameIn({ value }: Document): string | undefined {
  const name = (value as Readonly<Record<string, unknown>> | null)?.['name']
  return typeof name === 'string' ? name : undefined
}
