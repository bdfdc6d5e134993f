import { utf8Text } from '../../core/bytes.ts'
import { problem, type Diagnostic } from '../../core/diagnostic.ts'
import { resolve } from '../../core/resolve.ts'
import type { OptionValues, Registry, Target } from '../../core/target.ts'
import { readProfile } from '../../source/profile.ts'
import { entryOf } from '../entry.ts'
import { profileOf, type Imported } from './import.ts'
import { outputFindings, type KitOutput } from './outputs.ts'
import { merged, type CaptureReading, type TargetReading } from './reading.ts'
import { suspects } from './suspects.ts'

/**
 * The profile of an output of the kit: its own profile.yaml, word for word, if the files agree with it; otherwise a
 * profile made from the files, since the machines get these.
 */
export function importOutput(registry: Registry, output: KitOutput, path: string): Imported {
  const found = outputFindings(registry, output, path)
  const findings = merged([...found.values()], { named: [...found.keys()].map(({ id }) => id) })
  const source = output.files.get('profile.yaml')?.bytes ?? new Uint8Array()
  const { read } = readProfile(registry, source, `${path}/profile.yaml`)
  const says = (target: Target): string => JSON.stringify(entryOf(found.get(target)?.readings[0]?.settings ?? []))
  const same =
    read !== undefined &&
    [...found.keys()].every(
      (target) => JSON.stringify(entryOf(resolve(read.profile, target).assignments)) === says(target),
    )
  if (same) return { text: utf8Text(source), diagnostics: reported(registry, [...found.values()]) }
  const readings = findings.readings.map((reading) =>
    withOptions(reading, read?.profile.options.get(reading.target.id)),
  )
  const { text, diagnostics } = profileOf(registry, output.name, read?.profile.title, { ...findings, readings })
  const differs = problem('import/profile-differs', {}, { location: { file: `${path}/profile.yaml` } })
  return { text, diagnostics: [...reported(registry, [...found.values()]), differs, ...diagnostics] }
}

/** Only the profile says how the files of a target are used: a data file for a running machine has no options. */
function withOptions(reading: TargetReading, options: OptionValues | undefined): TargetReading {
  return { ...reading, options: { ...options, ...reading.options } }
}

/** Reads each target's file on its own, so that two of them do not override each other. */
function reported(registry: Registry, all: readonly CaptureReading[]): readonly Diagnostic[] {
  return all.flatMap((findings) => [...findings.diagnostics, ...suspects(registry, findings)])
}
