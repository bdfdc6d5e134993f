// Rules for names that every system accepts as file names. Devices of Windows concern every target, since zips for any
// system are unpacked there.

/** Windows refuses these as file names, with any extension, on every file system. */
export const DEVICES = '(con|prn|aux|nul|com[0-9]|lpt[0-9])$'
const DEVICE = new RegExp(`^${DEVICES}`)

/** Whether Windows takes a name for a device and not for a file, with any text after its first dot. */
export function isDevice(name: string): boolean {
  return DEVICE.test(name.replace(/\..*/, '').toLowerCase())
}

/** Names that a profile may have, except {@link DEVICES}. */
export const PROFILE_NAME = /^[a-z][a-z0-9-]{0,62}$/

/** Why a profile, and so its folder, cannot have a name; `undefined` if it can. */
export function nameProblem(name: string): string | undefined {
  if (isDevice(name)) return 'is a device on Windows; choose another'
  if (PROFILE_NAME.test(name)) return undefined
  if (name === '') return 'is empty; use letters a-z, digits and -, such as packaging-line-4'
  if (name.length > 63) return `has ${name.length} characters; at most 63`
  if (/^[^a-z]/.test(name)) return 'must begin with a small letter a-z'
  return 'may only hold a-z, 0-9 and -; put other text into title'
}

/** A profile's name made from a file's, `plant-3` from `lists/Plant 3.csv`, or `undefined`. */
export function nameOfFile(file: string): string | undefined {
  const name = file
    .replace(/^.*[/\\]/, '')
    .replace(/\..*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63)
    .replace(/-$/, '')
  return nameProblem(name) === undefined ? name : undefined
}

/**
 * Why a set of paths cannot be written on every system, or `undefined`: each part must be a plain name that Windows
 * takes, and no two may be one file where case does not count.
 */
export function pathProblem(paths: readonly string[]): string | undefined {
  const seen = new Set<string>()
  for (const path of paths) {
    const bad = path
      .split('/')
      .find((part) => !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(part) || part.endsWith('.') || isDevice(part))
    if (bad !== undefined) return `${JSON.stringify(path)} is not a file name on every system`
    if (seen.has(path.toLowerCase())) return `${JSON.stringify(path)} is there twice`
    seen.add(path.toLowerCase())
  }
  return undefined
}
