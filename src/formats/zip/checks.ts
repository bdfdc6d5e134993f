import { extraFields } from './extra.ts'

/** The bytes of a zip that one file takes: its own header and its data. */
export interface Region {
  readonly name: string
  readonly start: number
  readonly end: number
  /** Whether a data descriptor of 12 to 24 bytes, with sizes and checksum, follows the data. */
  readonly descriptor: boolean
}

/** The reason why a name cannot be a path below the folder into which the zip is unpacked. */
export interface NameProblem {
  readonly escapes: boolean
  readonly why: string
}

/** The problem of a name in a zip; Windows reads backslashes and drive letters, so these count on every system. */
export function nameProblem(name: string, folder: boolean): NameProblem | undefined {
  const escapes = (why: string) => ({ escapes: true, why })
  if (name.includes('\\')) return escapes('it has a backslash, which Windows takes for the end of a folder')
  if (name.startsWith('/')) return escapes('it begins with /')
  if (/^[A-Za-z]:/.test(name)) return escapes('it begins with a drive letter')
  const parts = (folder && name.endsWith('/') ? name.slice(0, -1) : name).split('/')
  // Windows drops dots and blanks at the end of a name.
  if (parts.some((part) => part.startsWith('..') && part.replace(/[. ]+$/, '') === ''))
    return escapes('.. leads out of its folder')
  if (parts.some((part) => part === '' || part === '.')) return { escapes: false, why: 'a part of it is empty' }
  return /[\0-\x1f\x7f:]/.test(name) ? { escapes: false, why: 'it has a colon or an invisible character' } : undefined
}

/** Pairs of names that are one file where case does not count: the later name, and the first. */
export function duplicates(names: readonly string[]): readonly (readonly [string, string])[] {
  const seen = new Map<string, string>()
  return names.flatMap((name) => {
    const key = name.replace(/\/$/, '').toLowerCase()
    const first = seen.get(key)
    if (first === undefined) seen.set(key, name)
    return first === undefined ? [] : [[name, first] as const]
  })
}

/** The name in a Unicode Path field (Info-ZIP, 0x7075), which some programs unpack instead of the plain one. */
export function unicodeName(extra: Uint8Array): Uint8Array | undefined {
  const field = extraFields(extra)?.find(({ id, data }) => id === 0x7075 && data.length >= 5)
  return field?.data.subarray(5)
}

/** The names of files whose bytes begin before the end of the previous file. */
export function overlaps(regions: readonly Region[]): readonly string[] {
  const sorted = regions.toSorted((a, b) => a.start - b.start)
  return sorted.filter(({ start }, i) => start < (sorted[i - 1]?.end ?? 0)).map(({ name }) => name)
}

/** The parts of a zip that belong neither to a file, nor to the list of files, nor to the record at the end. */
export function hiddenBytes(
  regions: readonly Region[],
  { listStart, listEnd, end }: { readonly listStart: number; readonly listEnd: number; readonly end: number },
): readonly { readonly offset: number; readonly bytes: number }[] {
  const list: Region = { name: '', start: listStart, end: listEnd, descriptor: false }
  const tail: Region = { name: '', start: end, end, descriptor: false }
  const sorted = [...regions, list].toSorted((a, b) => a.start - b.start)
  let before: Region = { name: '', start: 0, end: 0, descriptor: false }
  return [...sorted, tail].flatMap((region) => {
    const offset = before.end
    const bytes = region.start - offset
    const allowed = before.descriptor ? DESCRIPTORS : region === tail ? ZIP64_END : NOTHING
    before = region
    return bytes > 0 && !allowed.includes(bytes) ? [{ offset, bytes }] : []
  })
}
const NOTHING: readonly number[] = []
/** The lengths in bytes with and without a signature, with sizes of 4 and of 8 bytes. */
const DESCRIPTORS: readonly number[] = [12, 16, 20, 24]
/** The length in bytes of the record of a zip64 and of its locator. */
const ZIP64_END: readonly number[] = [56 + 20]
