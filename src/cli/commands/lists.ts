import { aligned } from '../table.ts'
import { FIELDS, type Target } from '../../core/target.ts'
import { loadPresets } from '../../effects/assets.ts'
import type { World } from '../../effects/world.ts'
import { readProfile } from '../../source/profile.ts'
import { TARGETS } from '../../targets/index.ts'
import type { ExitCode } from '../exit.ts'
import { PRESET } from '../input.ts'
import type { CommonOptions } from '../options.ts'
import { reportJson } from '../report.ts'

/** The systems that the kit knows, with what it writes for each. */
export function listTargets(world: World, { format }: CommonOptions): ExitCode {
  const targets = [...TARGETS.values()]
  if (format === 'json')
    reportJson(world, { artifacts: [], bundles: [], diagnostics: [], targets: targets.map(targetRow) })
  else
    world.out(
      `${aligned(targets.map(({ id, aliases, systems }) => [[id, ...aliases].join(', '), systems])).join('\n')}\n`,
    )
  return 0
}

function targetRow({ id, aliases, systems, settings, options, outputs, activation }: Target): object {
  const fields = FIELDS.map((field) => ({ field, ...settings[field] }))
  return { id, aliases, systems, activation, settings: fields, options, artifacts: outputs.map(({ path }) => path) }
}

/** The profiles that ship with the kit. */
export function listPresets(world: World, { format }: CommonOptions): ExitCode {
  const presets = [...loadPresets()].map(([name, text]) => {
    const { read } = readProfile(TARGETS, Buffer.from(text), `${PRESET}${name}`)
    return { preset: `${PRESET}${name}`, title: read?.profile.title ?? '', targets: read?.profile.targets ?? [] }
  })
  if (format === 'json') reportJson(world, { artifacts: [], bundles: [], diagnostics: [], presets })
  else world.out(`${aligned(presets.map(({ preset, title }) => [preset, title])).join('\n')}\n`)
  return 0
}
