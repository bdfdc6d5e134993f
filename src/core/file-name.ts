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

const MOST = 63

/** Why a profile, and so its folder, cannot have a name; `undefined` if it can. */
export function nameProblem(name: string): string | undefined {
  if (isDevice(name)) return 'is a device on Windows, so no file can have it; choose another'
  if (PROFILE_NAME.test(name)) return undefined
  if (name === '') return 'is empty; write letters a-z, digits and -, such as packaging-line-4'
  if (name.length > MOST) return `has ${name.length} characters; at most ${MOST} are possible`
  if (/^[a-z0-9-]*$/.test(name)) return 'must begin with a letter'
  return 'may hold only small letters a-z, digits and -; other text belongs in title'
}

/** A name that no profile can have: why, as the end of a sentence, and a name like it that one can have. */
export interface BadName {
  readonly name: string
  readonly why: string
  readonly instead?: string
}

/** The reason why a profile cannot have a name, or `undefined`. */
export function badName(name: string): BadName | undefined {
  const why = nameProblem(name)
  if (why === undefined) return undefined
  const instead = name.length > MOST || /^[^a-z]*[0-9]/i.test(name) ? undefined : plainName(withoutAccents(name))
  return { name, why, ...(instead === undefined ? {} : { instead }) }
}

function withoutAccents(text: string): string {
  return text
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
}

/** A profile's name made from a file's, `plant-3` from `lists/Plant 3.csv`, or `undefined`. */
export function nameOfFile(file: string): string | undefined {
  return plainName(file.replace(/^.*[/\\]/, '').replace(/\..*$/, ''))
}

/** Text in the letters of a name, `line-4` of `Line 4`, or `undefined` where no name is left. */
function plainName(text: string): string | undefined {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MOST)
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
