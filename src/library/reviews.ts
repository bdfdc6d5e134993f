import { utf8Bytes } from '../core/bytes.ts'
import type { KitContext } from '../core/context.ts'
import { graded, isError, problem, type Diagnostic } from '../core/diagnostic.ts'
import { badName } from '../core/file-name.ts'
import { allOf, failure, success, type Result } from '../core/result.ts'
import { compareMaterials, type Comparison } from '../kit/compare.ts'
import { importMaterials } from '../kit/import.ts'
import { materialOf, type Material } from '../kit/material.ts'
import { patchOf } from '../kit/patch.ts'
import { targetIds } from '../core/target-words.ts'
import { differenceData } from '../review/compare/difference-data.ts'
import { readProfile } from '../source/profile.ts'
import { asData } from './diagnostics.ts'
import { bytesOf, folderOf, givenSide, isObject } from './given.ts'
import type { DiffOptions, ImportOptions, KitFile, SideInput } from './inputs.ts'
import type { Kit } from './kit.ts'
import type { ImportedProfile, KitDiagnostic } from './results.ts'

const NAMES = { before: '<before>', after: '<after>', files: '<files>' } as const

/** The members that compare and import. */
export function reviewMembers(kit: KitContext): Pick<Kit, 'import' | 'diff' | 'patch'> {
  return {
    import: (files, options = {}) => {
      const { text, diagnostics } = imported(kit, files, options)
      const found = graded(diagnostics, options.strict === true)
      const profiles = text === undefined || found.some(isError) ? [] : [importedProfile(kit, text)]
      return { profiles, diagnostics: asData(found) }
    },
    diff: (before, after, options = {}) => {
      const { found, form } = compared(kit, before, after, options)
      if (!found.ok) return { difference: undefined, diagnostics: form(found.diagnostics) }
      const { difference, files, before: a, after: b } = found.value
      const labels = { before: a.label, after: b.label }
      return { difference: { ...labels, ...differenceData(difference), files }, diagnostics: form(found.diagnostics) }
    },
    patch: (before, after, options = {}) => {
      const { found, targets, form } = compared(kit, before, after, options)
      if (!found.ok) return { patch: undefined, diagnostics: form(found.diagnostics) }
      const patch = patchOf(found.value, targets)
      return patch.ok
        ? { patch: patch.value, diagnostics: form(found.diagnostics) }
        : { patch: undefined, diagnostics: form([...found.diagnostics, ...patch.diagnostics]) }
    },
  }
}

interface Compared {
  readonly found: Result<Comparison>
  /** Ids. */
  readonly targets: readonly string[]
  readonly form: (diagnostics: readonly Diagnostic[]) => readonly KitDiagnostic[]
}

function compared(kit: KitContext, before: SideInput, after: SideInput, options: DiffOptions): Compared {
  const targets = targetIds(kit.registry, options.targets ?? [])
  const sides = [
    [before, options.before, NAMES.before],
    [after, options.after, NAMES.after],
  ] as const
  const [a, b] = sides.map(([side, name, otherwise]) => givenSide(kit, side, { name, otherwise }, options.resolve))
  const objects = new Set(sides.flatMap(([side, name, otherwise]) => (isObject(side) ? [name ?? otherwise] : [])))
  return {
    found:
      targets.ok && a?.ok && b?.ok
        ? compareMaterials(kit, a.value, b.value, targets.value)
        : failure(...[targets, a, b].flatMap((one) => (one === undefined || one.ok ? [] : one.diagnostics))),
    targets: targets.ok ? targets.value : [],
    form: (diagnostics) => asData(diagnostics, objects),
  }
}

function imported(kit: KitContext, files: KitFile | readonly KitFile[], { targets = [], name }: ImportOptions) {
  const wrong = name === undefined ? undefined : badName(name)
  if (wrong !== undefined) return { text: undefined, diagnostics: [problem('profile/bad-name', wrong)] }
  const ids = targetIds(kit.registry, targets)
  const materials = importMaterialsOf(files)
  return ids.ok && materials.ok
    ? importMaterials(kit, materials.value, { targets: ids.value, name })
    : { text: undefined, diagnostics: [...ids.diagnostics, ...materials.diagnostics] }
}

/** Several files are one output or one machine's tree; otherwise each file counts by itself. */
function importMaterialsOf(files: KitFile | readonly KitFile[]): Result<readonly Material[]> {
  const all = 'path' in files ? [files] : files
  const whole = all.length > 1 ? folderOf(NAMES.files, all) : undefined
  if (whole?.ok === true && (whole.value.kind === 'outputs' || isTree(whole.value))) return success([whole.value])
  return allOf(all.map(({ path, bytes }) => materialOf(path, bytesOf(bytes))))
}

/** Files without folders were taken out of a machine's tree, one after the other. */
function isTree(material: Material): boolean {
  return material.kind === 'tree' && [...material.files.keys()].some((path) => path.includes('/'))
}

function importedProfile({ registry, schema }: KitContext, yaml: string): ImportedProfile {
  const { read } = readProfile(registry, utf8Bytes(yaml), NAMES.files, [], schema())
  const { name = '', targets = [] } = read?.profile ?? {}
  return { yaml, name, target: targets[0] ?? '', targets }
}
