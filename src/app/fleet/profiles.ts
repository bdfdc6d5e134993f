import { problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import { failure, success, type Result, type Success } from '../../core/result.ts'
import { nameProblem } from '../../core/file-name.ts'
import { failureOf } from '../../io/failure.ts'
import type { World } from '../../io/world.ts'
import { ownProfile, type Named } from '../../fleet/effective.ts'
import type { Fleet } from '../../fleet/fleet.ts'
import type { Input } from '../../source/check.ts'
import { readDocument, type Document } from '../../source/document.ts'
import { MOST_BASES } from '../../source/bases.ts'
import { hasProfileKey, overlay, stacked } from '../../source/extends.ts'
import { besides, withBases } from '../bases.ts'
import { readProfileFile } from '../profile-file.ts'

/** Finds the profile that a device refers to; a failure has the problems of the reference, or of the profile's file. */
export type Lookup = (reference: string | undefined, location: Location) => Result<Named>

interface Missing {
  readonly ok: false
  readonly why: string
  readonly problems: readonly Diagnostic[]
}

/**
 * Looks up the profiles of a fleet, each once: a name in the fleet's file, `preset:NAME`, or a file, relative to the fleet's;
 * `line` is `line.yaml` beside it.
 */
export function profileLookup({ cwd }: Pick<World, 'cwd'>, fleet: Pick<Fleet, 'file' | 'name' | 'profiles'>): Lookup {
  const known = new Map<string, Success<Named> | Missing>()

  const documentOf = (reference: string, chain: readonly string[]): Success<Document> | Missing => {
    if (chain.includes(reference)) return missing(`${[...chain, reference].join(' extends ')}: it extends itself`)
    const own = fleet.profiles.get(reference)
    if (own === undefined) return fileOf(reference)
    if (chain.length > MOST_BASES) return missing(`more than ${MOST_BASES} profiles extend each other in a row`)
    const base = baseOf(own)
    const below = base === undefined ? undefined : documentOf(base, [...chain, reference])
    if (below === undefined) return success(own)
    return below.ok ? success(overlay(own, below.value)) : below
  }

  const fileOf = (reference: string): Success<Document> | Missing => {
    const path = /[./\\:]/.test(reference) ? reference : `${reference}.yaml`
    const read = readable(besides(fleet.file, path))
    if (!read.ok) return missing(read.diagnostics.map(({ message }) => message).join('; '))
    const { source, file, bases = [], problems = [] } = read.value
    const own = readDocument(source, file)
    if (!hasProfileKey(source) && !hasNameOnly(own.document))
      return missing(`${file} has no key of a profile, such as idle`)
    const all = own.document === undefined ? undefined : stacked(own.document, bases)
    const wrong = [...problems, ...own.problems, ...(all?.problems ?? [])]
    return wrong.length > 0 || all?.document === undefined
      ? missing(`there are errors in ${file}`, wrong)
      : success(all.document)
  }

  /** One file that cannot be read, for lack of permission for instance, is a problem of the devices that name it. */
  const readable = (file: string): Result<Input> => {
    try {
      const found = readProfileFile(cwd, file)
      return found.ok ? success(withBases(cwd, found.value)) : found
    } catch (error) {
      const why = failureOf(error)
      if (why.code !== 'machine') throw error
      return failure(why)
    }
  }

  const namedOf = (reference: string): Success<Named> | Missing => {
    const document = documentOf(reference, [])
    if (!document.ok) return document
    const name = fleet.profiles.has(reference) ? reference : nameIn(document.value)
    const why = name === undefined ? 'has no name' : nameProblem(name)
    return why === undefined && name !== undefined
      ? success({ name, document: document.value })
      : missing(`its name ${why}`)
  }

  return (reference, location) => {
    if (reference === undefined) return success(ownProfile(fleet.name, location))
    const found = known.get(reference) ?? namedOf(reference)
    known.set(reference, found)
    if (found.ok) return found
    const none = problem('fleet/no-profile', { profile: reference, why: found.why }, { path: ['profile'], location })
    return failure(...found.problems, none)
  }
}

function missing(why: string, problems: readonly Diagnostic[] = []): Missing {
  return { ok: false, why, problems }
}

/** Whether a profile leaves every value to the devices. */
function hasNameOnly(document: Document | undefined): boolean {
  const keys = Object.keys((document?.value as Readonly<Record<string, unknown>> | null | undefined) ?? {})
  return keys.length > 0 && keys.every((key) => key === 'name' || key === 'title')
}

function baseOf({ value }: Document): string | undefined {
  const base = (value as Readonly<Record<string, unknown>> | null)?.['extends']
  return typeof base === 'string' && base !== '' ? base : undefined
}

function nameIn({ value }: Document): string | undefined {
  const name = (value as Readonly<Record<string, unknown>> | null)?.['name']
  return typeof name === 'string' ? name : undefined
}
