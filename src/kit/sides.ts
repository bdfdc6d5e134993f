import { bundle } from '../core/bundle.ts'
import { problem, type Diagnostic } from '../core/diagnostic.ts'
import type { Statement } from '../core/capture.ts'
import { show } from '../core/words.ts'
import type { Registry } from '../core/target.ts'
import { readerOf } from '../formats/capture-file.ts'
import { freebsdTrees, linuxTrees } from '../formats/sysctl/tree.ts'
import { check, type Checked } from '../source/check.ts'
import { entryKey, entryOf, keyParts, type Entries, type Entry } from '../review/entry.ts'
import type { Outputs } from '../review/compare/file-changes.ts'
import { readLock } from '../review/lock.ts'
import { outputEntries, readingEntry } from '../review/import/outputs.ts'
import { interpret, type CaptureReading, type Wanted } from '../review/import/reading.ts'
import { suspects } from '../review/import/suspects.ts'
import type { KitContext } from '../core/context.ts'
import type { MachineMaterial, Material } from './material.ts'

/** One side of a comparison. */
export interface Side {
  readonly label: string
  readonly entries: Entries
  /** Its files or, for a profile, those that the kit makes of it; `undefined` for a lock or a capture. */
  readonly outputs: (() => Outputs) | undefined
  /** Whether its files were made earlier, so that they can differ while the settings do not. */
  readonly made: boolean
  /** Present for a capture: the targets that it says something about. */
  readonly only: readonly string[] | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** The name of a machine's settings in comparisons, since they have none of their own. */
const MACHINE = 'machine'

/** Makes a side of the material; `wanted` are the targets that a capture is read for. */
export function sideOf(kit: KitContext, material: Material, wanted: Wanted): Side {
  const label = material.file
  switch (material.kind) {
    case 'profile':
      return profileSide(kit, material, wanted.named ?? [])
    case 'lock': {
      const { entries = new Map<string, Entry>(), diagnostics } = readLock(material.text, label)
      return {
        ...nothing(label, [...diagnostics, ...unknownTargets(kit.registry, entries, label)]),
        entries,
        made: true,
      }
    }
    case 'outputs':
      return {
        ...nothing(label, []),
        entries: new Map(
          material.outputs.flatMap((output) => outputEntries(kit.registry, output, `${label}/${output.name}`)),
        ),
        outputs: () => new Map(material.outputs.map(({ name, files }) => [name, files])),
        made: true,
      }
    default:
      return captureSide(kit.registry, material, wanted)
  }
}

/** A lock with a system that only another version of the kit knows cannot be compared; that must not look like no difference. */
function unknownTargets(registry: Registry, entries: Entries, file: string): readonly Diagnostic[] {
  for (const key of entries.keys()) {
    if (registry.has(keyParts(key).target)) continue
    const why = `its entry ${show(key)} is for a system that this version of the kit does not know`
    return [problem('lock/unusable', { why }, { location: { file } })]
  }
  return []
}

function nothing(label: string, diagnostics: readonly Diagnostic[]): Side {
  return { label, entries: new Map(), outputs: undefined, made: false, only: undefined, diagnostics }
}

function profileSide(
  kit: KitContext,
  { file, input }: Material & { kind: 'profile' },
  targets: readonly string[],
): Side {
  const { checked, diagnostics } = check(kit.registry, [input], { targets, strict: false }, kit.schema())
  const [one] = checked
  // A profile without the named targets is a side with nothing set.
  if (one === undefined)
    return nothing(
      file,
      diagnostics.filter(({ code }) => code !== 'profile/no-such-target-selected'),
    )
  const entries = one.resolved.map(({ target, assignments }): [string, Entry] => [
    entryKey(one.profile.name, target.id),
    entryOf(assignments),
  ])
  return { ...nothing(file, diagnostics), entries: new Map(entries), outputs: () => renderedOutputs(kit, one) }
}

function renderedOutputs({ template, version }: KitContext, checked: Checked): Outputs {
  const { artifacts, profile } = bundle(template, { ...checked, version })
  return new Map([[profile.name, new Map(artifacts.map((artifact) => [artifact.path, artifact]))]])
}

function captureSide(registry: Registry, material: MachineMaterial, wanted: Wanted): Side {
  const label = material.file
  const findings = findingsOf(registry, material, wanted)
  const found = findings.readings.map((reading): [string, Entry] => [
    entryKey(MACHINE, reading.target.id),
    readingEntry(reading),
  ])
  // A named target is compared even if nothing is set for it: then its defaults hold.
  const { named = [], possible = [] } = wanted
  const missing = named.filter((id) => !findings.readings.some(({ target }) => target.id === id))
  const unset = missing.map((id): [string, Entry] => [entryKey(MACHINE, id), {}])
  const none = problem('diff/nothing-set', { side: label, targets: possible }, { location: { file: label } })
  return {
    ...nothing(label, [
      ...(material.kind === 'tree' ? material.unread : []),
      ...findings.diagnostics,
      ...suspects(registry, findings),
      ...(found.length + unset.length === 0 ? [none] : []),
    ]),
    entries: new Map([...found, ...unset]),
    only: [...found, ...unset].map(([key]) => key.slice(MACHINE.length + 1)),
  }
}

/** Reads a capture, or a copy of a machine's tree. */
export function findingsOf(registry: Registry, material: MachineMaterial, wanted: Wanted): CaptureReading {
  const statements =
    material.kind === 'tree' ? treeStatements(registry, material.files) : captureStatements(registry, material)
  return interpret(registry, statements, wanted)
}

function captureStatements(
  registry: Registry,
  { bytes, file }: Material & { kind: 'capture' },
): Iterable<Statement | Diagnostic> {
  return readerOf(bytes, file)?.(bytes, file, registry) ?? []
}

/** The settings that hold after a start of systemd or FreeBSD, and those that do not, in the order in which they are read. */
function treeStatements(
  registry: Registry,
  files: ReadonlyMap<string, Uint8Array>,
): readonly (Statement | Diagnostic)[] {
  const trees = [
    ...linuxTrees(files, registry).map(({ systemd, diagnostics }) => ({ effective: systemd.effective, diagnostics })),
    ...freebsdTrees(files, registry),
  ]
  return trees.flatMap(({ effective, diagnostics }) => [
    ...diagnostics,
    ...[...effective.values()].flatMap(({ overridden, statement }) => [
      ...overridden,
      ...(statement === undefined ? [] : [statement]),
    ]),
  ])
}
