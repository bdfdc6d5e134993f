import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The top of the project, with a separator at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const names = (folder: string) =>
  readdirSync(`${ROOT}${folder}`)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace(/\.yaml$/, ''))
    .toSorted()

export const PRESETS = names('src/presets').map((name) => `preset:${name}`)

/** Every profile that has a golden in out/, as the command line names it from the top of the project. */
export const GOLDEN_PROFILES = [...names('test/profiles').map((name) => `test/profiles/${name}.yaml`), ...PRESETS]

/** The names of those profiles. */
export const GOLDEN_NAMES = [...names('test/profiles'), ...names('src/presets')].toSorted()
