import { byLocation, isError, problem, type Diagnostic } from '../../core/diagnostic.ts'
import { nameOfFile, nameProblem } from '../../core/profile.ts'
import { profileOfScript } from '../../formats/own-script.ts'
import { importOutput } from '../../review/import/import-output.ts'
import { profileOf, type Imported } from '../../review/import/import.ts'
import { merged, type CaptureReading } from '../../review/import/reading.ts'
import { suspects } from '../../review/import/suspects.ts'
import { TARGETS } from '../../targets/index.ts'
import { isUnread } from '../../app/compare.ts'
import { UsageError } from '../exit.ts'
import { targetIds } from '../../app/load.ts'
import { readMaterial, type Material } from '../../app/material.ts'
import { STDIO, type CommonOptions, type Format } from '../options.ts'
import type { CommandWorld, Outcome } from '../outcome.ts'
import { findingsOf } from '../../app/sides.ts'

export interface ImportOptions extends Omit<CommonOptions, 'format'> {
  readonly files: readonly string[]
  readonly target: readonly string[]
  readonly name: string | undefined
  readonly strict: boolean
  readonly format: Format | 'sarif'
}

/** Prints a profile that generates what a machine or a vendor's file has, and says what is odd about it. */
export async function importFiles(world: CommandWorld, options: ImportOptions): Promise<Outcome> {
  checkName(options.name)
  const targets = targetIds(options.target)
  if (!targets.ok) return { diagnostics: targets.diagnostics }
  const materials = await Promise.all(options.files.map((file) => readMaterial(world, file)))
  const unread = materials.flatMap((one) => ('kind' in one ? [] : one.diagnostics))
  const read = materials.filter((one): one is Material => 'kind' in one)
  const { text, diagnostics: found } =
    unread.length > 0 ? { text: undefined, diagnostics: unread } : imported(read, targets.value, options.name)
  const diagnostics = options.strict ? found.map((one) => ({ ...one, severity: 'error' as const })) : found
  const profile = diagnostics.some(isError) ? undefined : text
  return {
    diagnostics,
    text: () => profile ?? '',
    json: () => ({ profiles: profile === undefined ? [] : [{ yaml: profile }] }),
    ...(unread.some(({ code }) => isUnread(code)) ? { exit: 2 } : {}),
  }
}

function checkName(name: string | undefined): void {
  const why = name === undefined ? undefined : nameProblem(name)
  if (why !== undefined) throw new UsageError(`the name ${JSON.stringify(name)} ${why}`)
}

function imported(materials: readonly Material[], named: readonly string[], nameGiven: string | undefined): Imported {
  const [only] = materials
  if (materials.length === 1 && only?.kind === 'outputs') {
    const [output] = only.outputs
    if (only.outputs.length !== 1 || output === undefined)
      return {
        text: undefined,
        diagnostics: [problem('import/many-outputs', { file: only.file, names: only.outputs.map(({ name }) => name) })],
      }
    return importOutput(TARGETS, output, only.file)
  }
  const foreign = materials.filter(({ kind }) => kind !== 'capture' && kind !== 'tree')
  if (foreign.length > 0)
    return {
      text: undefined,
      diagnostics: foreign.map(({ file }) => problem('import/unknown-kind', { file }, { location: { file } })),
    }
  const wanted = named.length > 0 ? { named } : { possible: [...TARGETS.keys()] }
  const findings = merged(
    materials.map((one) => findingsOf(one as Material & { kind: 'capture' | 'tree' }, wanted)),
    wanted,
  )
  const name = nameGiven ?? nameFrom(materials)
  const { text, diagnostics } = profileOf(TARGETS, name, undefined, findings)
  const all = [...findings.diagnostics, ...suspects(TARGETS, findings), ...diagnostics, ...leftOut(findings, materials)]
  return { text, diagnostics: all.toSorted(byLocation) }
}

/** What the first file is called, or what it says itself where it is a script of the kit; as far as a profile may be called so. */
function nameFrom([first]: readonly Material[]): string {
  const own = first?.kind === 'capture' ? profileOfScript(first.bytes) : undefined
  if (own !== undefined && nameProblem(own) === undefined) return own
  return (first === undefined || first.file === STDIO ? undefined : nameOfFile(first.file)) ?? 'imported'
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
          // Of several files it is not known any more which one it was.
          { severity: 'warning', location: materials.length > 1 ? undefined : { file } },
        ),
      ]
}
