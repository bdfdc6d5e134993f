import { problem, type Diagnostic } from '../core/diagnostic.ts'
import { resolve } from '../core/resolve.ts'
import type { Registry, Target } from '../core/target.ts'
import { readProfile } from '../source/profile.ts'
import { entryOf } from './entry.ts'
import { profileOf, type Imported } from './import.ts'
import { outputFindings, type Output } from './outputs.ts'
import { merged, type Findings } from './reading.ts'
import { suspects } from './suspects.ts'

/**
 * The profile of an output of the kit: the one that lies in it, word for word, where its files say the same; else one made
 * from the files, since these are what the machines get.
 */
export function importOutput(registry: Registry, output: Output, path: string): Imported {
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
  if (same) return { text: Buffer.from(source).toString('utf8'), diagnostics: reported(registry, [...found.values()]) }
  const { text, diagnostics } = profileOf(registry, output.name, read?.profile.title, findings)
  const differs = problem(
    'import/profile-differs',
    {},
    { severity: 'warning', location: { file: `${path}/profile.yaml` } },
  )
  return { text, diagnostics: [...reported(registry, [...found.values()]), differs, ...diagnostics] }
}

/** Each target's file is on its own: two of them do not override each other. */
function reported(registry: Registry, all: readonly Findings[]): readonly Diagnostic[] {
  return all.flatMap((findings) => [...findings.diagnostics, ...suspects(registry, findings)])
}
