import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The root of the project, with a separator at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const names = (folder: string) =>
  readdirSync(`${ROOT}${folder}`)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace(/\.yaml$/, ''))
    .toSorted()

export const PRESETS = names('src/presets').map((name) => `preset:${name}`)

/** Every profile of test/profiles and every preset, as named on the command line in the root of the project. */
export const PROFILES = [...names('test/profiles').map((name) => `test/profiles/${name}.yaml`), ...PRESETS]

/** The names of those profiles. */
export const PROFILE_NAMES = [...names('test/profiles'), ...names('src/presets')].toSorted()

/** The folder of the goldens, relative to the root of the project. */
export const GOLDEN = 'test/golden'

/**
 * The names of profiles whose output is kept there as files: together they have all fields and the end of every range.
 */
export const GOLDEN_TREES = ['largest-values', 'packaging-line-4']

/** The profiles of those outputs. */
export const TREE_PROFILES = GOLDEN_TREES.map((name) => `test/profiles/${name}.yaml`)

/** All other profiles: the lock has their settings and a digest of their files. */
export const LOCKED_PROFILES = PROFILES.filter((profile) => !TREE_PROFILES.includes(profile))

/** The path of that lock, relative to the root of the project. */
export const GOLDEN_LOCK = `${GOLDEN}/keepalive.lock.json`
