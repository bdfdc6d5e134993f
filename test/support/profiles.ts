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

/** Every profile of test/profiles and every preset, as the command line names it from the top of the project. */
export const PROFILES = [...names('test/profiles').map((name) => `test/profiles/${name}.yaml`), ...PRESETS]

/** The names of those profiles. */
export const PROFILE_NAMES = [...names('test/profiles'), ...names('src/presets')].toSorted()

/** The folder of the goldens, from the top of the project. */
export const GOLDEN = 'test/golden'

/** The names of the profiles whose output is kept there file by file: everything that a profile can say, and the end of every range. */
export const GOLDEN_TREES = ['largest-values', 'packaging-line-4']

/** The profiles of those outputs. */
export const TREE_PROFILES = GOLDEN_TREES.map((name) => `test/profiles/${name}.yaml`)

/** All other profiles: of these the lock keeps the settings and a digest of the files. */
export const LOCKED_PROFILES = PROFILES.filter((profile) => !TREE_PROFILES.includes(profile))

/** That lock, from the top of the project. */
export const GOLDEN_LOCK = `${GOLDEN}/keepalive.lock.json`
