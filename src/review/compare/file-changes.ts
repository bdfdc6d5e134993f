import { createTwoFilesPatch, diffLines } from 'diff'
import { sameBytes } from '../../core/bytes.ts'
import { byCodeUnit } from '../../core/diagnostic.ts'
import type { Permissions, Touched } from '../../core/target.ts'
import { textOf } from '../../formats/text.ts'

/** A file of an output, by its path below the profile's folder. */
export interface OutputFile {
  readonly bytes: Uint8Array
  /** Unix permission bits; left out if not known. */
  readonly mode?: number | undefined
  /** The permissions of a script, as the manifest lists them. */
  readonly permissions?: Permissions
}

/** The files of several outputs, by profile, then by path. */
export type Outputs = ReadonlyMap<string, ReadonlyMap<string, OutputFile>>

/** The same file changes in one output, or in thousands. */
export interface FileGroup {
  /** The names of the profiles, sorted. */
  readonly profiles: readonly string[]
  readonly files: readonly { readonly path: string; readonly how: readonly string[] }[]
}

/** The files of some targets on both sides; without names, all files, including those about the whole output. */
export function targetFiles(before: Outputs, after: Outputs, targets: readonly string[]): readonly [Outputs, Outputs] {
  if (targets.length === 0) return [before, after]
  const own = (outputs: Outputs): Outputs =>
    new Map(
      [...outputs].map(([profile, files]) => [
        profile,
        new Map([...files].filter(([path]) => targets.includes(path.slice(0, path.indexOf('/'))))),
      ]),
    )
  return [own(before), own(after)]
}

/** These files follow from the others. */
const DERIVED: ReadonlySet<string> = new Set(['manifest.json', 'SHA256SUMS'])

/** The changes to files of outputs that both sides have: first permissions of scripts, then text. */
export function fileChanges(before: Outputs, after: Outputs): readonly FileGroup[] {
  const groups = new Map<string, { profiles: string[]; files: FileGroup['files'] }>()
  for (const profile of [...after.keys()].filter((name) => before.has(name)).toSorted(byCodeUnit)) {
    const files = changedFiles(before.get(profile) ?? new Map(), after.get(profile) ?? new Map())
    if (files.length === 0) continue
    const key = JSON.stringify(files)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { profiles: [profile], files })
    else group.profiles.push(profile)
  }
  return [...groups.values()]
}

function changedFiles(
  before: ReadonlyMap<string, OutputFile>,
  after: ReadonlyMap<string, OutputFile>,
): FileGroup['files'] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted(byCodeUnit)
  return paths.flatMap((path) => {
    const how = DERIVED.has(path) ? [] : changesOf(before.get(path), after.get(path))
    return how.length === 0 ? [] : [{ path, how }]
  })
}

function changesOf(was: OutputFile | undefined, is: OutputFile | undefined): readonly string[] {
  if (was === undefined) return ['new']
  if (is === undefined) return ['removed']
  const mode = modeChange(was.mode, is.mode)
  if (sameBytes(was.bytes, is.bytes)) return mode
  return [...permissionChanges(was.permissions, is.permissions), textChange(was, is), ...mode]
}

function modeChange(was: number | undefined, is: number | undefined): readonly string[] {
  if (was === undefined || is === undefined || (was & 0o100) === (is & 0o100)) return []
  return [(is & 0o100) === 0 ? 'no longer executable' : 'now executable']
}

/** The permissions that a script gained, and those that it lost. */
function permissionChanges(was: Permissions | undefined, is: Permissions | undefined): readonly string[] {
  if (was === undefined || is === undefined) return []
  const lists = (of: Permissions): readonly (readonly [string, readonly string[]])[] => [
    ['run', of.commands],
    ['read', touched(of.reads)],
    ['change', touched(of.writes)],
  ]
  const [old, now] = [new Map(lists(was)), lists(is)]
  return now.flatMap(([verb, names]) => {
    const others = old.get(verb) ?? []
    const [more, less] = [names.filter((one) => !others.includes(one)), others.filter((one) => !names.includes(one))]
    return [
      ...(more.length === 0 ? [] : [`may now ${verb} ${more.join(', ')}`]),
      ...(less.length === 0 ? [] : [`may no longer ${verb} ${less.join(', ')}`]),
    ]
  })
}

function touched({ files, keys, values }: Touched): readonly string[] {
  return [...files, ...keys, ...values]
}

function textChange(was: OutputFile, is: OutputFile): string {
  const parts = diffLines(textOf(was.bytes), textOf(is.bytes))
  const count = (wanted: 'added' | 'removed') =>
    parts.filter((part) => part[wanted]).reduce((sum, part) => sum + part.count, 0)
  const [added, removed] = [count('added'), count('removed')]
  return added + removed === 0
    ? 'the encoding or the line ends changed'
    : `text: ${removed} ${removed === 1 ? 'line' : 'lines'} out, ${added} in`
}

/** All changed files as one patch over their text; UTF-16 is decoded, and differing line ends are ignored. */
export function unifiedPatch(before: Outputs, after: Outputs): string {
  const profiles = [...new Set([...before.keys(), ...after.keys()])].toSorted(byCodeUnit)
  return profiles.map((profile) => patchOf(profile, before.get(profile), after.get(profile))).join('')
}

function patchOf(
  profile: string,
  before: ReadonlyMap<string, OutputFile> = new Map(),
  after: ReadonlyMap<string, OutputFile> = new Map(),
): string {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted(byCodeUnit)
  return paths
    .flatMap((path) => {
      const [was, is] = [before.get(path), after.get(path)]
      const [old, now] = [was === undefined ? '' : textOf(was.bytes), is === undefined ? '' : textOf(is.bytes)]
      if (old === now) return []
      const name = `${profile}/${path}`
      const [from, to] = [was === undefined ? '/dev/null' : `a/${name}`, is === undefined ? '/dev/null' : `b/${name}`]
      return [createTwoFilesPatch(from, to, old, now, undefined, undefined, { context: 3 })]
    })
    .join('')
}
