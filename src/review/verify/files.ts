import { sha256 } from '#checksums'
import { latin1Bytes, latin1Text } from '../../core/bytes.ts'
import { modeText, type Artifact } from '../../core/artifact.ts'
import { byCodeUnit, problem, type Diagnostic, type Location } from '../../core/diagnostic.ts'
import type { FoundFile } from '../../core/plan.ts'
import type { ListedFile } from '../manifest.ts'
import { sumsProblems } from './sums.ts'

/** An output as it was found. */
export interface OutputTree {
  /** The files by path below `NAME/`. */
  readonly files: ReadonlyMap<string, FoundFile>
  /** The paths of entries that are no plain files. */
  readonly odd: readonly string[]
  /** The location that messages give for a path. */
  readonly at: (path: string) => Location
}

/** An output, the files its manifest lists, and the files its profile makes; where both exist, the profile decides. */
export interface Comparison {
  readonly tree: OutputTree
  /** By path, without manifest.json and SHA256SUMS, which no manifest lists. */
  readonly listed: ReadonlyMap<string, ListedFile>
  /** By path; `undefined` if the output could not be made again. */
  readonly made: ReadonlyMap<string, Artifact> | undefined
}

/** The files that describe the others. */
const DESCRIPTIONS = ['manifest.json', 'SHA256SUMS']

/** Files that were added, removed, renamed or changed, by path. */
export function fileFindings(comparison: Comparison): readonly Diagnostic[] {
  const { tree, listed, made } = comparison
  const known = [...new Set([...listed.keys(), ...(made?.keys() ?? []), ...DESCRIPTIONS])].toSorted(byCodeUnit)
  const there = (path: string) => tree.files.has(path) || tree.odd.includes(path)
  const isWanted = (path: string) => DESCRIPTIONS.includes(path) || (made ?? listed).has(path)

  const missing = known.filter((path) => isWanted(path) && !there(path))
  const added = [...tree.files.keys()].filter((path) => !known.includes(path)).toSorted(byCodeUnit)
  const renamed = new Map<string, string>()
  for (const from of missing) {
    const to = added.find((path) => !renamed.has(path) && digestOf(tree, path) === wantedDigest(comparison, from))
    if (to !== undefined) renamed.set(to, from)
  }
  const gone = new Set(renamed.values())
  return [
    ...[...renamed].map(([to, from]) => problem('verify/renamed', { from, to }, { location: tree.at(to) })),
    ...missing
      .filter((path) => !gone.has(path))
      .map((path) => problem('verify/missing', { path }, { location: tree.at(path) })),
    ...added
      .filter((path) => !renamed.has(path))
      .map((path) => problem('verify/added', { path }, { location: tree.at(path) })),
    ...known.flatMap((path) => contentFinding(comparison, path)),
  ]
}

function digestOf({ files }: OutputTree, path: string): string | undefined {
  const found = files.get(path)
  return found && sha256(found.bytes)
}

/**
 * The digest that a file should have. For profile.yaml only the manifest has it: making the output again begins with
 * this file.
 */
function wantedDigest({ listed, made }: Comparison, path: string): string | undefined {
  const artifact = path === 'profile.yaml' ? undefined : made?.get(path)
  return artifact === undefined ? listed.get(path)?.sha256 : sha256(artifact.bytes)
}

/** The problem of an expected file's content, if there is one. */
function contentFinding(comparison: Comparison, path: string): readonly Diagnostic[] {
  const { tree, listed, made } = comparison
  const found = tree.files.get(path)
  if (found === undefined || path === 'SHA256SUMS') return []
  const where = { location: tree.at(path) }
  const digest = sha256(found.bytes)
  const wanted = wantedDigest(comparison, path)
  if (path === 'manifest.json') {
    // A changed profile.yaml makes another manifest; then the profile is the finding.
    const profileChanged = digestOf(tree, 'profile.yaml') !== listed.get('profile.yaml')?.sha256
    return wanted === undefined || digest === wanted || profileChanged
      ? []
      : [problem('verify/manifest-changed', {}, where)]
  }
  const isListed = digest === listed.get(path)?.sha256
  if (made !== undefined && !made.has(path)) return [problem('verify/not-its-profile', { path }, where)]
  if (digest === wanted) return []
  if (isListed) return [problem('verify/not-its-profile', { path }, where)]
  const size = (path === 'profile.yaml' ? undefined : made?.get(path)?.bytes.length) ?? listed.get(path)?.size ?? 0
  return [problem('verify/changed', { path, how: howChanged(found.bytes, size, wanted) }, where)]
}

/** Describes a change. Git and FTP in text mode change line ends; a person who reads that knows the remedy. */
function howChanged(bytes: Uint8Array, size: number, wanted: string | undefined): string {
  const lf = latin1Text(bytes).replaceAll('\r\n', '\n')
  const variants = [lf, lf.replaceAll('\n', '\r\n')].map((text) => sha256(latin1Bytes(text)))
  if (wanted !== undefined && variants.includes(wanted))
    return 'its line ends differ, as after git or FTP in text mode; transfer it unchanged, in git with -text'
  return bytes.length === size
    ? `its content differs, with the same ${size} bytes`
    : `it has ${bytes.length} bytes instead of ${size}`
}

/** The errors in SHA256SUMS. */
export function sumsFindings(comparison: Comparison): readonly Diagnostic[] {
  const { tree, listed, made } = comparison
  const bytes = tree.files.get('SHA256SUMS')?.bytes
  if (bytes === undefined) return []
  const paths = [...(made ?? listed).keys()].filter((path) => !DESCRIPTIONS.includes(path))
  const content = paths.map((path) => [path, wantedDigest(comparison, path) ?? ''] as const)
  // A manifest that was changed later is a finding of its own; the sum of either version is accepted.
  const manifests = [digestOf(tree, 'manifest.json'), wantedDigest(comparison, 'manifest.json')]
  const answers = manifests.flatMap((digest) =>
    digest === undefined ? [] : [sumsProblems(bytes, new Map([...content, ['manifest.json', digest]]))],
  )
  const how = answers.some((problems) => problems.length === 0) ? [] : (answers[0] ?? [])
  return how.length === 0 ? [] : [problem('verify/sums-differ', { how }, { location: tree.at('SHA256SUMS') })]
}

/**
 * Files that lost or gained the executable bit, or a bit that grants rights; all other bits depend on the umask. If all
 * files have one mode, the file system stores none, and a single warning says so.
 */
export function modeFindings({ tree, listed, made }: Comparison): readonly Diagnostic[] {
  const known = [...(made ?? listed)].flatMap(([path, { mode }]) => {
    const found = tree.files.get(path)?.mode
    const wanted = typeof mode === 'string' ? Number.parseInt(mode, 8) : mode
    return found === undefined ? [] : [{ path, found, wanted }]
  })
  const wrong = known.filter(({ found, wanted }) => ((found ^ wanted) & EXECUTABLE) !== 0 || (found & LENDING) !== 0)
  const [first] = wrong
  if (first === undefined) return []
  if (known.length > 1 && known.every(({ found }) => found === first.found)) {
    const location = tree.at('manifest.json')
    return [problem('verify/modes-lost', { mode: modeText(first.found) }, { location })]
  }
  return wrong.map(({ path, found, wanted }) => {
    const data = { path, mode: modeText(found), wanted: modeText(wanted) }
    return problem('verify/mode', data, { location: tree.at(path) })
  })
}
const EXECUTABLE = 0o100
/** setuid, setgid, sticky. */
const LENDING = 0o7000
