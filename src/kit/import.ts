import type { KitContext } from '../core/context.ts'
import { byLocation, problem, type Diagnostic } from '../core/diagnostic.ts'
import { nameOfFile, nameProblem } from '../core/file-name.ts'
import { profileOfScript } from '../formats/own-script.ts'
import { importOutput } from '../review/import/import-output.ts'
import { profileOf, type Imported } from '../review/import/import.ts'
import { merged, type CaptureReading } from '../review/import/reading.ts'
import { suspects } from '../review/import/suspects.ts'
import { isOfMachine, type MachineMaterial, type Material } from './material.ts'
import { findingsOf } from './sides.ts'

/** The choices of whoever imports. */
export interface ImportWishes {
  /** Ids; empty for all that fit. */
  readonly targets: readonly string[]
  /** The profile's name; left out, it comes from the first file. */
  readonly name: string | undefined
}

/** Makes the profile of one output of the kit, or of captures and trees of one machine, one after the other. */
export function importMaterials(
  { registry }: KitContext,
  materials: readonly Material[],
  { targets, name }: ImportWishes,
): Imported {
  const [only] = materials
  if (materials.length === 1 && only?.kind === 'outputs') {
    const [output] = only.outputs
    if (only.outputs.length !== 1 || output === undefined)
      return refused(problem('import/many-outputs', { file: only.file, names: only.outputs.map((one) => one.name) }))
    return importOutput(registry, output, only.file)
  }
  const ofMachine = materials.filter(isOfMachine)
  if (ofMachine.length < materials.length)
    return refused(
      ...materials
        .filter((one) => !isOfMachine(one))
        .map(({ file }) => problem('import/unknown-kind', { file }, { location: { file } })),
    )
  const wanted = targets.length > 0 ? { named: targets } : { possible: [...registry.keys()] }
  const findings = merged(
    ofMachine.map((one) => findingsOf(registry, one, wanted)),
    wanted,
  )
  const { text, diagnostics } = profileOf(registry, name ?? nameFrom(ofMachine), undefined, findings)
  const all = [
    ...ofMachine.flatMap(unreadParts),
    ...findings.diagnostics,
    ...suspects(registry, findings),
    ...diagnostics,
    ...leftOut(findings, materials),
  ]
  return { text, diagnostics: all.toSorted(byLocation) }
}

function refused(...diagnostics: readonly Diagnostic[]): Imported {
  return { text: undefined, diagnostics }
}

/** The profile's name that a script of the kit has in it, or else the name of the first file, if a profile may have it. */
function nameFrom([first]: readonly Material[]): string {
  const own = first?.kind === 'capture' ? profileOfScript(first.bytes) : undefined
  if (own !== undefined && nameProblem(own) === undefined) return own
  return (first === undefined || isNoFile(first.file) ? undefined : nameOfFile(first.file)) ?? 'imported'
}

/** Whether the name is for messages only, such as `<stdin>`. */
function isNoFile(file: string): boolean {
  return /^<.*>$/.test(file)
}

/** The profile is made of what was read, and a person reads the warnings before using it. */
function unreadParts(material: MachineMaterial): readonly Diagnostic[] {
  return material.kind === 'tree' ? material.unread.map((one): Diagnostic => ({ ...one, severity: 'warning' })) : []
}

function leftOut({ readings, others }: CaptureReading, materials: readonly Material[]): readonly Diagnostic[] {
  const file = materials[0]?.file ?? ''
  if (readings.every(({ settings, removed }) => settings.length + removed.length === 0))
    return [problem('import/nothing-found', { file }, { location: { file } })]
  const elsewhere = readings.flatMap(({ target, elsewhere: places }) =>
    places.length === 0
      ? []
      : [
          problem(
            'import/elsewhere',
            { target: target.id, places: [...new Set(places.map(({ key }) => key))] },
            { severity: 'warning' },
          ),
        ],
  )
  return others.length === 0
    ? elsewhere
    : [
        ...elsewhere,
        problem(
          'import/not-said',
          { names: others },
          // With several files, the one that it was in is not known any more.
          { severity: 'warning', location: materials.length > 1 ? undefined : { file } },
        ),
      ]
}
